"""Containment: plans that undo changes, whether they came true, and whose calls are ours."""
