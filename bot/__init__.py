"""sgwatch: AWS security group changes, investigated and decided in Slack."""
