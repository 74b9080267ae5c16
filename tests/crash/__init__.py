"""The whole line on real parts, killed, cut off, flooded and told things twice."""
