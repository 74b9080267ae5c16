"""Redis: what is remembered and what is due. Keys, scripts, and one typed method per script."""
