"""Baselines: how groups are read and kept, and what that is good for."""
