"""Exemptions: their scopes, how they match changes, and how they are written and read."""
