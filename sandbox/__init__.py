"""The sandbox: the local AWS, Redis and Slack that demo and tests run on. Never deployed."""
