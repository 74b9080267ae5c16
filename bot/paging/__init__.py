"""Paging: telling people outside Slack, and knowing who is on call."""
