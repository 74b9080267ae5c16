"""Repeated: whether an alert does again what was reverted before, or undoes what a containment put
back. No call to AWS.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert, Containment
from bot.alerts.fact import Fact, Question
from bot.alerts.index import reverted_list, rule_effects
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.changes.rules import GroupRule, PeerKind
from bot.changes.sentence import rule_line
from bot.cloudtrail.text import printable
from bot.containment.effects.rules import ChangeRules
from bot.exemptions.boxes import Box, rule_box, without
from bot.investigation.run import Answer
from bot.store.moment import to_ms

SPAN = timedelta(days=90)
LATEST = 20
"""Earlier alerts of one group that are looked at."""

NAME, LISTED = 40, 10


class Found(Protocol):
    """An alert as it was read."""

    @property
    def alert(self) -> Alert:
        """Return it."""
        ...


class Timelines(Protocol):
    """What keeps the alerts. Raises StoreError."""

    def raised_since(self, name: str, since: int, count: int) -> dict[str, float]:
        """Return when the latest alerts of a list were raised, by id."""
        ...

    def read(self, alert_id: str) -> Found | None:
        """Return an alert; None if there is none any more."""
        ...


@dataclass(frozen=True, slots=True)
class Again:
    """What a containment closed or put back, and is there again or gone again."""

    alert: str
    by: Containment
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """Asks whether what is done to the group of the worst change undoes an earlier containment."""

    timelines: Timelines

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what was reverted before and is done again. Raises StoreError."""
        group = alert.worst[0].change.group.id
        listed = self.timelines.raised_since(reverted_list(group), to_ms(now - SPAN), LATEST)
        read = (self.timelines.read(name) for name in listed if name != alert.id)
        earlier = [alert, *(found.alert for found in read if found)]
        again = [one for each in earlier for one in _again(alert, each, group)]
        return _answer(alert, group, sorted(again, key=lambda one: one.by.at, reverse=True))


def _again(alert: Alert, earlier: Alert, group: str) -> Iterator[Again]:
    """Yield the containment of an earlier alert that was undone, the last if there are several."""
    last: dict[GroupRule, tuple[ChangeRules, Containment]] = {}
    for containment in earlier.containments:
        for effect in rule_effects(containment):
            if effect.group == group and containment.verified:
                last |= dict.fromkeys(effect.rules, (effect, containment))
    found: dict[str, list[str]] = {}
    for rule, (effect, containment) in last.items():
        if line := _undone(alert, rule, effect, containment.at):
            found.setdefault(containment.id, []).append(line)
    for containment in reversed(earlier.containments):
        if containment.id in found:
            lines = tuple(line for lines in found.values() for line in lines)
            yield Again(earlier.id, containment, lines)
            return


def _undone(alert: Alert, rule: GroupRule, effect: ChangeRules, at: datetime) -> str:
    """Return that changes after a containment opened what it closed, or closed what it put back."""
    changes = (seen for seen in alert.worst if seen.change.group.id == effect.group)
    later = [seen for seen in changes if seen.change.at > at and not seen.change.error]
    if effect.closes and _open(rule, [new for seen in later for new in _opened(seen)]):
        return f"opens what was closed: {rule_line(rule)}"
    if not effect.closes and any(rule in seen.change.removed for seen in later):
        return f"takes away what was put back: {rule_line(rule)}"
    return ""


def _opened(seen: Sighting) -> Iterator[GroupRule]:
    """Yield the rules that are there after a change. Of an edit only "before" tells which way."""
    was = {rule.rule_id: rule.direction for rule in seen.before if rule.rule_id}
    yield from seen.change.added
    for rule in seen.change.modified:
        yield replace(rule, direction=was.get(rule.rule_id, rule.direction))


def _open(closed: GroupRule, opened: Iterable[GroupRule]) -> bool:
    """Return whether rules open all that one did: it may be a wider one, or several together."""
    left: tuple[Box, ...] = (rule_box(closed),)
    for rule in opened:
        if rule.direction is closed.direction and _peer(rule) == _peer(closed):
            cover = rule_box(rule)
            left = tuple(piece for box in left for piece in without(box, cover))
    return not left


def _peer(rule: GroupRule) -> object:
    """Return what rules must share to open the same: the kind of addresses, or whom they name."""
    addresses = rule.peer.kind in {PeerKind.IPV4, PeerKind.IPV6}
    return rule.peer.kind if addresses else rule.peer


def _answer(alert: Alert, group: str, again: list[Again]) -> Answer:
    if not again:
        value = f"nothing like it was reverted in {SPAN.days} days"
        return Answer((Fact(Question.REPEATED, group, value),))
    latest = again[0]
    by = printable(latest.by.by.name, NAME)
    where = "this alert" if latest.alert == alert.id else latest.alert
    value = f"does again what {by} reverted on {latest.by.at:%d %b %H:%M} UTC ({where})"
    more = f"; reverted {len(again)} times in all" if len(again) > 1 else ""
    lines = (f"{one.alert}: {line}" for one in again for line in one.lines[:LISTED])
    fact = Fact(Question.REPEATED, group, value + more, more=tuple(lines))
    return Answer((fact,), (signal("reverted_before", value),))
