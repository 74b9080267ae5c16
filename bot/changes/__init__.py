"""Changes: what a record did to security groups, what that exposes, and how bad it is."""
