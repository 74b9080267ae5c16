"""Undoing: one file for each kind of change, all of which write into one draft of a plan."""
