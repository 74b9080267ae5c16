"""Pages: what is sent to a pager, and the error that says why it was not."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.changes.severity import Severity


class Event(StrEnum):
    """What a pager is told of an alert."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Page:
    """``key`` is by which the pager knows it: sent twice, it is one page. ``url`` may be empty."""

    key: str
    alert: str
    severity: Severity
    summary: str
    account: str = ""
    region: str = ""
    url: str = ""
    level: str = ""
    by: str = ""


class PagerError(Exception):
    """A page was not sent, or nobody knows whether it was. ``wait`` is what we were told to wait.

    ``retry`` says that the same page may be sent again: by its key it stays one.
    """

    def __init__(self, reason: str, *, retry: bool, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry, self.wait = reason, retry, wait
