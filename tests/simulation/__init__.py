"""The heart, simulated: real loops and a real Redis, interleaved and killed by a seed."""
