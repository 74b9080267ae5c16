"""Views: what Slack shows. Pure: an alert in, blocks out."""
