"""Alerts: the timeline, the four pure functions over it, and the words for people and rights."""
