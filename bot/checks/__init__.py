"""Checks: what ``sgwatch doctor`` looks at, a file for each subject."""
