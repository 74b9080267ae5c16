"""Faults on purpose: events that EventBridge loses, and lookups that CloudTrail throttles."""

import threading


class Faults:
    """What the next calls meet with. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events = self._lookups = 0

    def lose_events(self, count: int = 1) -> None:
        """Let EventBridge lose the next events; CloudTrail has them all the same."""
        with self._lock:
            self._events = count

    def throttle_lookups(self, count: int = 1) -> None:
        """Let CloudTrail refuse the next calls of LookupEvents."""
        with self._lock:
            self._lookups = count

    def loses_event(self) -> bool:
        """Return whether this event is lost."""
        with self._lock:
            lost, self._events = self._events > 0, max(self._events - 1, 0)
        return lost

    def throttles_lookup(self) -> bool:
        """Return whether this lookup is refused."""
        with self._lock:
            refused, self._lookups = self._lookups > 0, max(self._lookups - 1, 0)
        return refused
