"""Readers of states: what a plan's calls look at before and after, one reader for each kind."""
