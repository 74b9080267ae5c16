"""Block Kit: what Slack accepts, the ids that it adds, and the values that inputs hold."""
