"""Closed at source: whether what an alert is about was taken away again, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert
from bot.alerts.closing import Closing, place_of
from bot.alerts.sighting import Sighting
from bot.changes.change import Verb
from bot.changes.rules import GroupRule

CLOSINGS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """One thing that a change opened: a rule, or an address range on a prefix list."""

    event_id: str
    at: datetime
    place: str
    rule: GroupRule | None = None
    cidr: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Something that was opened, and the closing that took it away."""

    opened: Opened
    closing: Closing


@dataclass(frozen=True, slots=True)
class Balance:
    """What of the alert was closed at source. ``all`` is that nothing of it is left open.

    ``all`` is False where that cannot be known: an instance moved into a group, or more changes
    than an alert holds.
    """

    closed: tuple[Closed, ...]
    all: bool

    @property
    def last(self) -> Closed:
        """Return what was closed last."""
        return max(self.closed, key=lambda closed: closed.closing.at)


def exposing(seen: Sighting) -> bool:
    """Return whether the change opened something to somebody."""
    return seen.exposure is not None and not seen.change.error


def open_places(alert: Alert) -> tuple[str, ...]:
    """Return the groups and prefix lists that the alert's worst changes opened something in."""
    places = (place_of(seen.change) for seen in alert.worst if exposing(seen))
    return tuple(dict.fromkeys(place for place in places if place))


def unseen(alert: Alert, closings: Sequence[Closing]) -> tuple[Closing, ...]:
    """Return the closings that took away what the alert opened, and that it does not hold yet."""
    known, opened = {c.event_id for c in alert.closings}, tuple(_opened(alert))
    return tuple(
        closing
        for closing in closings
        if closing.event_id not in known and any(_takes(closing, each) for each in opened)
    )


def balance(alert: Alert) -> Balance:
    """Return what of the alert was closed at source.

    AWS refuses to open what is open and to close what is not, so what was opened again after its
    closing is told by counting: each closing takes away one opening of the same thing. What was
    closed before a revert was undone may be open again, so that counts for nothing.
    """
    undone = alert.undone_at
    closings = (c for c in alert.closings if undone is None or c.at > undone)
    left = list(_opened(alert))
    closed: list[Closed] = []
    for closing in sorted(closings, key=lambda each: (each.at, each.event_id)):
        taken = _first_of_each(opened for opened in left if _takes(closing, opened))
        closed += [Closed(opened, closing) for opened in taken]
        left = [opened for opened in left if opened not in taken]
    held = [seen for seen in alert.worst if exposing(seen)]
    untold = any(not _of(seen) for seen in held) or alert.counts.exposing > len(held)
    return Balance(tuple(closed), all=bool(closed) and not left and not untold)


def _first_of_each(opened: Iterator[Opened]) -> list[Opened]:
    first: dict[tuple[str, GroupRule | None, str], Opened] = {}
    for each in opened:
        first.setdefault((each.place, each.rule, each.cidr), each)
    return list(first.values())


def _opened(alert: Alert) -> Iterator[Opened]:
    found = (opened for seen in alert.worst if exposing(seen) for opened in _of(seen))
    yield from sorted(found, key=lambda opened: opened.at)


def _of(seen: Sighting) -> tuple[Opened, ...]:
    change = seen.change
    of = change.event_id, change.at, place_of(change)
    if change.verb is Verb.PREFIX_LIST:
        return tuple(Opened(*of, cidr=cidr) for cidr in change.cidrs_added)
    return tuple(Opened(*of, rule) for rule in change.added + change.modified)


def _takes(closing: Closing, opened: Opened) -> bool:
    if closing.place != opened.place or closing.at < opened.at:
        return False
    if closing.event_id == opened.event_id:
        return False  # an edit of a rule opens it as it is after
    if closing.everything or opened.cidr:
        return closing.everything or opened.cidr in closing.cidrs
    rule = opened.rule
    return rule in closing.rules or (rule is not None and rule.rule_id in closing.rule_ids)
