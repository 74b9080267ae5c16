"""Listeners: one file per action. Each acknowledges, reads a command, and has it decided."""
