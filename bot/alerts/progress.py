"""Progress: how far our own work on an alert has come. It may be lost; the timeline may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zlib import crc32

from bot.alerts.fact import Question


@dataclass(frozen=True, slots=True)
class Trouble:
    """A step that fails: how often it did, when it is tried again, what it said last, since when.

    ``since`` is None where an earlier version of us kept it.
    """

    attempts: int
    next_try: datetime
    error: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Direct:
    """The direct message that asks the actor: where it is, and what it ``shown`` last.

    ``posting`` marks one begun and not known to have ended; ``nobody`` is that Slack knows nobody
    whom the policy would have asked.
    """

    channel: str = ""
    ts: str = ""
    posting: datetime | None = None
    shown: str = ""
    nobody: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Paged:
    """What the pagers were told last of how the alert stands, and when they were last asked."""

    told: str = ""
    looked: datetime | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What the worker and the presenter have done.

    ``queued`` and ``shown`` are timeline positions: what the channel was asked to show, and what
    the message shows. ``told`` is the position up to which the thread has been written.
    ``posted`` is when the message was first there, ``edited_at`` when it last changed.
    ``posting`` and ``telling`` mark a post or a reply begun and not known to have ended.
    ``storm`` is the one on whose list the alert is, ``wanted`` that somebody asked for a message
    of its own. ``calling`` are the calls of the climb, by key, that were begun and have not ended.
    """

    queued: int = 0
    shown: int = 0
    shown_version: int = 0
    digest: str = ""
    channel: str = ""
    ts: str = ""
    posted: datetime | None = None
    edited_at: datetime | None = None
    posting: datetime | None = None
    told: int = 0
    telling: int = 0
    storm: str = ""
    wanted: bool = False
    present: Trouble | None = None
    asking: Mapping[Question, Trouble] = field(default_factory=dict)
    contain: Trouble | None = None
    direct: Direct = Direct()
    calling: Mapping[str, Trouble] = field(default_factory=dict)
    pager: Paged = Paged()


def troubled(before: Trouble | None, error: str, now: datetime, salt: str = "") -> Trouble:
    """Return the trouble after one more failure: tried again after 2, 4, 8 … seconds, at most 300.

    Up to a quarter of that is taken off, as ``salt`` (an alert's id) and the attempt have it, so
    that what failed together is not tried together. Nothing is ever given up; what keeps failing
    stays visible here.
    """
    attempts = (before.attempts if before else 0) + 1
    jitter = crc32(f"{salt}/{attempts}".encode()) / 2**34 if salt else 0.0
    wait = timedelta(seconds=min(2**attempts, 300) * (1 - jitter))
    since = (before.since if before else None) or now
    return Trouble(attempts, now + wait, error, since)
