"""Drift: whether an alert's changes undo what was changed past the tool that manages the group.

It goes by the changes that are known: told is only what adds up, rule for rule, back to what was
there before somebody passed the tool by.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.outcome import Outcome
from bot.alerts.sighting import Sighting
from bot.changes.baseline import REWRITES
from bot.changes.change import Change, Verb
from bot.changes.rules import Direction, GroupRule
from bot.investigation.tools import same_tool

LATEST = 100
"""Events of one group that are looked at."""


class Events(Protocol):
    """What remembers the events that were read. Raises StoreError."""

    def history(
        self, by: str, value: str, count: int = LATEST, since: datetime | None = None
    ) -> list[Outcome]:
        """Return the latest outcomes by "group", the latest first."""
        ...


def past_the_tool(alert: Alert, group: str, tool: str, events: Events) -> tuple[Change, ...]:
    """Return the changes past the tool that the alert's undo, the first first; empty where the
    group is not as before them, or that is not known.
    """
    own = [s for s in alert.worst if s.change.group.id == group and not s.change.error]
    if not own or alert.counts.changes > len(alert.worst):
        return ()
    others = _others(own, group, tool, events.history("group", group, LATEST))
    if not others or _cancel(others) or not _cancel((*others, *own)):
        return ()
    return tuple(seen.change for seen in reversed(others))


def _others(
    own: Sequence[Sighting], group: str, tool: str, outcomes: Iterable[Outcome]
) -> list[Sighting]:
    """Return what others than the tool changed since it did, the latest first; none where there is
    something between that is not told.

    CloudTrail tells whole seconds: what was done in the second of one of ours may be after it.
    """
    ids = {seen.change.event_id for seen in own}
    first, last = min(s.change.at for s in own), max(s.change.at for s in own)
    found: list[Sighting] = []
    for outcome in sorted(outcomes, key=lambda outcome: outcome.at, reverse=True):
        if outcome.event_id in ids or outcome.error or outcome.at > last:
            continue
        if outcome.action not in REWRITES:
            continue
        seen = outcome.sighting
        if seen is None or seen.change.group.id != group or outcome.at >= first:
            return []
        if same_tool(tool, seen.origin.tool):
            return found if all(outcome.at < other.change.at for other in found) else []
        found.append(seen)
    return found


def _cancel(changes: Iterable[Sighting]) -> bool:
    """Return whether changes leave every rule as it was. What is not told fully does not."""
    net: Counter[GroupRule] = Counter()
    for seen in changes:
        steps = list(_steps(seen))
        if not steps:
            return False
        for rule, step in steps:
            net[rule] += step
    return not any(net.values())


def _steps(seen: Sighting) -> Iterator[tuple[GroupRule, int]]:
    """Yield each rule with 1 where it came and -1 where it went; nothing where that is not told."""
    change = seen.change
    known = {rule.rule_id: rule for rule in seen.before if rule.rule_id}
    ids = [*change.rule_ids, *(rule.rule_id for rule in change.modified)]
    told_by_id = change.verb is Verb.MODIFY or not change.removed
    if change.verb not in {Verb.AUTHORIZE, Verb.REVOKE, Verb.MODIFY}:
        return
    if change.verb is Verb.MODIFY and change.rule_ids:
        return
    if told_by_id and any(rule_id not in known for rule_id in ids):
        return
    gone = [*change.removed, *(known[rule_id] for rule_id in ids if told_by_id)]
    edited = [replace(rule, direction=known[rule.rule_id].direction) for rule in change.modified]
    came = [*change.added, *edited]
    if any(rule.direction is Direction.UNKNOWN or not rule.protocol for rule in (*gone, *came)):
        return
    yield from ((rule, -1) for rule in gone)
    yield from ((rule, 1) for rule in came)
