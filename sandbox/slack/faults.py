"""Faults that tests order: the next calls of a method fail in a chosen way."""

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """Slack fails before it does anything."""

    status: int = 500


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack says 429."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack answers with an error word."""

    error: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Slack does what was asked, but the answer never arrives: the connection breaks."""

    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Slow:
    """Slack takes its time."""

    seconds: float


Fault = Broken | Limited | Refused | Lost | Slow


class Faults:
    """What was ordered and has not happened yet."""

    def __init__(self) -> None:
        self._ordered: dict[str, deque[Fault]] = defaultdict(deque)

    def order(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self._ordered[method].extend([fault] * times)

    def next(self, method: str) -> Fault | None:
        """Return how this call is to fail, if it is."""
        waiting = self._ordered.get(method)
        return waiting.popleft() if waiting else None

    def waits(self, method: str) -> bool:
        """Whether something ordered has not happened yet."""
        return bool(self._ordered.get(method))
