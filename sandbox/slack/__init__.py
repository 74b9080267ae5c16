"""The Slack stand-in: Web API, Socket Mode, and a workspace to look at in the browser."""
