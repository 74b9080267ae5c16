"""Notices: what the operators are told of what keeps failing."""

from dataclasses import dataclass
from datetime import datetime


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
