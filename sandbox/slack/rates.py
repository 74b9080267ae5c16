"""Slack's rate limits, as buckets that fill with time."""

import math
from dataclasses import dataclass

from sandbox.slack.methods.table import Method
from sandbox.slack.refused import RefusedError

BURST = 4
"""Slack lets short bursts in a channel pass. It states no number."""


@dataclass(slots=True)
class Bucket:
    """Holds up to ``size`` calls and gains ``rate`` of them a second."""

    size: float
    rate: float
    held: float
    filled: float

    def take(self, now: float) -> float:
        """Take one call and return 0, or return how many seconds to wait for one."""
        self.held = min(self.size, self.held + (now - self.filled) * self.rate)
        self.filled = now
        if self.held >= 1:
            self.held -= 1
            return 0.0
        return (1 - self.held) / self.rate


class Limits:
    """A bucket for each method and for each channel. Tests may switch ``enabled``."""

    def __init__(self, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def check(self, name: str, method: Method, channel: str, now: float) -> None:
        """Refuse a call that comes too soon."""
        if not self.enabled:
            return
        wait = 0.0
        if method.per_minute:
            wait = self._bucket(name, "", method.per_minute, method.per_minute / 60, now).take(now)
        if not wait and method.per_channel and channel:
            wait = self._bucket(name, channel, BURST, 1.0, now).take(now)
        if wait:
            raise ratelimited(math.ceil(wait))

    def _bucket(self, name: str, channel: str, size: float, rate: float, now: float) -> Bucket:
        return self._buckets.setdefault((name, channel), Bucket(size, rate, size, now))


def ratelimited(seconds: int) -> RefusedError:
    """Return Slack's refusal of a call that came too soon."""
    return RefusedError("ratelimited", status=429, headers={"Retry-After": str(seconds)})
