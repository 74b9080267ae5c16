"""Escalation: the levels that an unacknowledged alert climbs."""
