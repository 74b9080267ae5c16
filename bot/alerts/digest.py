"""The digest: what the alerts of a day or a week add up to. Pure: alerts in, numbers out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from bot.alerts.alert import Alert, ResolutionKind, Status
from bot.alerts.aside import Every
from bot.alerts.closed import balance
from bot.changes.severity import Severity

SPANS = {Every.DAY: timedelta(days=1), Every.WEEK: timedelta(days=7)}
HOUR = 8
"""Of the day (UTC) at which a digest is due."""

NAMED = 5
UNDONE = frozenset({ResolutionKind.REVERTED})
"""Ends after which nothing is open any more."""


@dataclass(frozen=True, slots=True)
class Period:
    """What a digest is about."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Hiding:
    """An exemption in force: what it hid in the period, and whether it has been idle for long."""

    exemption: str
    hid: int
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """Numbers of a period. ``counts`` are alerts by severity and outcome.

    ``taken`` and ``resolved`` are medians from when an alert was raised; ``open`` are the worst
    that still have something open to the world, ``open_in_all`` how many there are, from before
    the period too. ``aside`` are those without a message; ``cut`` is that there are more alerts
    than were counted.
    """

    period: Period
    counts: Mapping[tuple[Severity, str], int] = field(default_factory=dict)
    taken: timedelta | None = None
    resolved: timedelta | None = None
    noisiest: Sequence[tuple[str, int]] = ()
    open: Sequence[Alert] = ()
    open_in_all: int = 0
    hid_most: Sequence[Hiding] = ()
    idle: Sequence[str] = ()
    aside: int = 0
    cut: bool = False

    @property
    def alerts(self) -> int:
        """Return how many alerts were raised in the period."""
        return sum(self.counts.values())

    @property
    def says_something(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.alerts or self.open_in_all)


def last_period(every: Every, now: datetime) -> Period | None:
    """Return the last day, or the last week from Monday on, that is over; None for never."""
    if every is Every.NEVER:
        return None
    until = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if every is Every.WEEK:
        until -= timedelta(days=now.weekday())
    if until > now:
        until -= SPANS[every]
    return Period(until - SPANS[every], until)


def outcome_of(alert: Alert) -> str:
    """Return what became of an alert, in a word."""
    if alert.resolution is not None and alert.status is Status.RESOLVED:
        return str(alert.resolution.kind)
    return str(alert.status)


def is_still_open(alert: Alert) -> bool:
    """Return whether what the alert opened to the world is open still, as far as we know."""
    if not alert.counts.world or balance(alert).all:
        return False
    end = alert.resolution
    return alert.status is not Status.RESOLVED or end is None or end.kind not in UNDONE


def digest_of(
    period: Period,
    alerts: Iterable[Alert],
    hiding: Sequence[Hiding],
    aside: int = 0,
) -> Digest:
    """Return the digest; ``alerts`` are those of the period, and older ones not resolved yet."""
    counts: Counter[tuple[Severity, str]] = Counter()
    principals: Counter[str] = Counter()
    taken: list[float] = []
    resolved: list[float] = []
    still: list[Alert] = []
    for alert in alerts:
        if is_still_open(alert):
            still.append(alert)
        if not period.since <= alert.raised_at < period.until:
            continue
        counts[alert.severity, outcome_of(alert)] += 1
        if alert.principal is not None:
            principals[alert.principal.label] += 1
        if (first := _taken_at(alert)) is not None:
            taken.append((first - alert.raised_at).total_seconds())
        if alert.resolution is not None:
            resolved.append((alert.resolution.at - alert.raised_at).total_seconds())
    still.sort(key=lambda alert: (-alert.severity.rank, alert.raised_at))
    most = sorted((h for h in hiding if h.hid), key=lambda h: (-h.hid, h.exemption))
    return Digest(
        period,
        dict(counts),
        _median(taken),
        _median(resolved),
        sorted(principals.items(), key=lambda each: (-each[1], each[0]))[:NAMED],
        still[:NAMED],
        len(still),
        most[:NAMED],
        sorted(h.exemption for h in hiding if h.idle),
        aside,
    )


def _median(seconds: Sequence[float]) -> timedelta | None:
    return timedelta(seconds=median(seconds)) if seconds else None


def _taken_at(alert: Alert) -> datetime | None:
    """Return when somebody took the alert: acknowledged it, or resolved it at once."""
    at = [end.at for end in (alert.hold, alert.resolution) if end is not None]
    return min(at, default=None)
