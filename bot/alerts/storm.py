"""Storms: so many alerts at once that a channel is told of them in one notice with a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.progress import Progress, Trouble
from bot.changes.severity import Severity

RATE = timedelta(minutes=1)
"""A storm goes on while half as many alerts as began it are raised within this time."""


@dataclass(frozen=True, slots=True)
class StormPolicy:
    """``alerts`` not shown yet begin a storm; it is over when none has come for ``calm``."""

    alerts: int = 20
    calm: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Storm:
    """One storm of a channel: since when, when an alert last joined it, and its notice.

    ``posting`` marks a post begun and not known to have ended, ``digest`` is what is shown.
    """

    id: str
    channel: str
    since: datetime
    last: datetime
    ts: str = ""
    posting: datetime | None = None
    digest: str = ""
    edited_at: datetime | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a storm's list holds in all."""

    severities: Mapping[Severity, int]
    principals: int
    accounts: int

    @property
    def alerts(self) -> int:
        """Return how many alerts there are."""
        return sum(self.severities.values())


def rages(policy: StormPolicy, waiting: int, lately: int, *, begun: bool) -> bool:
    """Return whether alerts go to the list now.

    ``waiting`` nobody has seen yet, ``lately`` are those raised within ``RATE``, on the list or
    not. Once begun, a storm needs half as many, so that it does not flap.
    """
    return waiting >= policy.alerts or (begun and 2 * lately >= policy.alerts)


def stands_alone(alert: Alert, progress: Progress) -> bool:
    """Return whether the alert has a message of its own, whatever rages.

    It is critical, it may be posted already, somebody decided on it, or somebody wants to see it.
    """
    may_be_posted = bool(progress.ts or progress.posting)
    decided_on = alert.version > 1
    return may_be_posted or progress.wanted or decided_on or alert.severity is Severity.CRITICAL


def unshown(alert: Alert, progress: Progress) -> bool:
    """Return whether people have yet to be shown the alert, by its message or on a list."""
    return not progress.ts and (not progress.storm or stands_alone(alert, progress))
