"""The pulse: when somebody last read the event queue, whichever process that was."""

from datetime import datetime

from bot.store.link import Link
from bot.store.moment import from_ms, to_ms


class Pulse:
    """Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def beat(self, now: datetime) -> None:
        """Note that the queue was read, and what was in it is stored."""
        self._link.call("SET", self._link.keys.pulse, to_ms(now))

    def last(self) -> datetime | None:
        """Return when it was last read; None for never."""
        at = self._link.call("GET", self._link.keys.pulse)
        return from_ms(int(at)) if at else None
