"""Slack: views (pure), listeners, the presenter, and the directory of people."""
