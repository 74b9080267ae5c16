"""Notices: what the operators are told of what keeps failing."""

from dataclasses import dataclass
from datetime import datetime

GLASS = "glass"
"""The kind of an admin having gone ahead without a second person."""

PAST = frozenset({"dead", "missed", "deleted", GLASS})
"""Kinds of what has happened, so that nothing is tried again and nothing can be over."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that failed ``times`` times since ``since``, last at ``last``.

    It is told from ``due`` on, ``ts`` is the message that told it, ``posting`` when one was begun.
    """

    key: str
    what: str
    since: datetime
    last: datetime
    due: datetime
    times: int
    ts: str = ""
    posting: datetime | None = None

    @property
    def glass(self) -> bool:
        """Return whether it is that the glass was broken."""
        return self.key.partition(":")[0] == GLASS

    @property
    def past(self) -> bool:
        """Return whether it has happened, rather than fails still."""
        return self.key.partition(":")[0] in PAST
