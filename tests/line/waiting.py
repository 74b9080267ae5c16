"""Waiting for what the stand-ins or Redis will say."""

import time
from collections.abc import Callable

PATIENCE = 25.0


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Return once it is so; fail if it is not in time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {seconds:.0f} s"
        time.sleep(0.05)
