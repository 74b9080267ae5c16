"""The ``sgwatch`` command."""
