"""How long Slack waits for what, and the clock that the workspace lives by."""

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Timing:
    """Slack's own times in seconds. Tests shorten those that they wait for."""

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    farewell: float = 1.0
    """From a ``disconnect`` envelope to the end of the connection."""
    ping: float = 1.0
    """Slack pings often; the built-in client looks up from its socket only when something comes."""


class HandClock:
    """A clock for tests: real time, plus what was added by hand."""

    def __init__(self) -> None:
        self._added = 0.0

    def __call__(self) -> float:
        """Return the time now."""
        return time.time() + self._added

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._added += seconds


class Stamps:
    """Message timestamps: unique and increasing, whatever the clock does."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._last = clock, 0

    def next(self) -> str:
        """Return a new timestamp such as 1700000000.000123."""
        self._last = max(int(self._clock() * 1_000_000), self._last + 1)
        seconds, micros = divmod(self._last, 1_000_000)
        return f"{seconds}.{micros:06d}"
