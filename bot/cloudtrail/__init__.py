"""Records: what CloudTrail wrote, in which envelope it came, who called, and with what."""
