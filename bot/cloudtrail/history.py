"""Reading a stretch of CloudTrail's event history: what to ask, page by page.

LookupEvents takes one attribute at a time, gives 50 events a page, the newest first, and two
answers a second for an account and region. So all writing calls are asked for at once; only where
there are more pages of them than there are names worth asking for is the rest asked for by name.
Calls that only read are no writes, and are asked for by name from the start.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LONGEST = timedelta(days=90)
"""For so long AWS keeps event history."""

EVERY = timedelta(milliseconds=500)
"""LookupEvents answers twice a second for an account and region, whoever asks."""

READS = (
    "AssumeRole",
    "BatchGet",
    "Decrypt",
    "Describe",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Search",
    "Select",
    "Simulate",
    "Test",
    "View",
)
"""How the names of calls begin that may be recorded as reading only. One too many costs a call."""

HOMES = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1"}


@dataclass(frozen=True, slots=True)
class Question:
    """What LookupEvents is asked, as often as there are pages: one attribute, and between when."""

    key: str
    value: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one account's and region's history, and how far it has been read.

    ``todo`` are the questions left, the first one with ``token`` for its next page. ``reached`` is
    the oldest event of that question so far. ``names`` are the calls to look for by name if there
    are too many others. ``tries`` counts failures in a row; it rests until ``again``.
    """

    account: str
    region: str
    start: datetime
    end: datetime
    todo: tuple[Question, ...]
    names: tuple[str, ...] = ()
    token: str = ""
    reached: datetime | None = None
    pages: int = 0
    tries: int = 0
    again: datetime | None = None

    @property
    def place(self) -> str:
        """Return account and region in one word."""
        return f"{self.account}/{self.region}"

    @property
    def budget(self) -> str:
        """Return the name of the budget of lookups that all who ask there share."""
        return f"lookup:{self.place}"

    @property
    def share(self) -> float:
        """Return about how much of it is read: from 0 to 1."""
        if not self.todo:
            return 1.0
        asked = self.todo[0]
        span, left = asked.end - asked.start, (self.reached or asked.end) - asked.start
        of_this = 1 - left / span if span else 0.0
        return min(max(of_this / len(self.todo), 0.0), 1.0)


def whole(
    account: str, region: str, start: datetime, end: datetime, names: Iterable[str]
) -> Stretch:
    """Return a stretch of which nothing is read yet, for these calls."""
    wanted = tuple(sorted(names))
    reads = tuple(Question("EventName", name, start, end) for name in wanted if is_read(name))
    writes = tuple(name for name in wanted if not is_read(name))
    todo = (Question("ReadOnly", "false", start, end), *reads) if writes else reads
    return Stretch(account, region, start, end, todo, writes)


def read_on(stretch: Stretch, oldest: datetime | None, token: str) -> Stretch:
    """Return the stretch after one more page; nothing is left of it if ``todo`` is empty."""
    asked, *others = stretch.todo
    pages = stretch.pages + 1
    reached = oldest or stretch.reached
    if not token:
        todo, reached = tuple(others), None
    elif asked.key == "ReadOnly" and pages >= len(stretch.names):
        end = reached or asked.end
        by_name = (Question("EventName", name, asked.start, end) for name in stretch.names)
        todo, token, reached = (*by_name, *others), "", None
    else:
        todo = stretch.todo
    return replace(
        stretch, todo=todo, token=token, reached=reached, pages=pages, tries=0, again=None
    )


def asked_anew(stretch: Stretch) -> Stretch:
    """Return the stretch to go on with where its token is good no longer."""
    asked, *others = stretch.todo
    asked = replace(asked, end=stretch.reached or asked.end)
    return replace(stretch, todo=(asked, *others), token="")


def is_read(name: str) -> bool:
    """Return whether CloudTrail may have recorded a call of this name as reading only."""
    return name.startswith(READS)


def home_region(region: str) -> str:
    """Return where the partition of a region keeps the events of global services such as IAM."""
    return next((home for start, home in HOMES.items() if region.startswith(start)), "us-east-1")
