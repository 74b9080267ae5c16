"""Known: what is remembered of the groups that a change is about, put to use in judging it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.changes.baseline import (
    SETTLING,
    SKEW,
    Baseline,
    Before,
    Past,
    Unknown,
    before,
    rules_needed,
    with_directions,
)
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import GroupRule

MOST_SHOWN = 50
"""Rules as they were that are kept with a change."""


MOST_TAGS = 20
"""Tags of a group that are kept with a change."""


@dataclass(frozen=True, slots=True)
class GroupBefore:
    """A group's name and tags (``key=value``) as AWS told them before a change; else nothing.

    Who makes a group chooses its name, so the name in a record proves nothing.
    """

    name: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known from before a change.

    ``before`` are the rules of its group, None where they are not known. ``shown`` are those that
    tell what its record does not. ``joined`` are the rules of the groups that something is moved
    into, as far as they are known. ``group_before`` is what the group was called and tagged.
    """

    group: GroupRef = field(default_factory=GroupRef)
    before: frozenset[GroupRule] | None = None
    shown: tuple[GroupRule, ...] = ()
    joined: Mapping[str, tuple[GroupRule, ...]] = field(default_factory=dict)
    group_before: GroupBefore = field(default_factory=GroupBefore)

    def told(self, change: Change) -> Change:
        """Return the change with its group's name and its rules' directions, where known."""
        if self.before is not None:
            change = with_directions(change, self.before)
        group = change.group
        if group.id == self.group.id and not group.name and self.group.name:
            change = replace(change, group=replace(self.group, vpc=group.vpc or self.group.vpc))
        return change


NOTHING = Known()


def groups_asked(change: Change) -> tuple[str, ...]:
    """Return the groups of which it matters to a change what they were before."""
    if change.error:
        return ()
    if change.verb is Verb.MOVE:
        return change.groups_after
    opens = change.verb in {Verb.AUTHORIZE, Verb.MODIFY, Verb.DESCRIBE, Verb.DELETE}
    by_id = change.verb is Verb.REVOKE and change.rule_ids
    return (change.group.id,) if change.group.id and (opens or by_id) else ()


def known_of(change: Change, pasts: Mapping[str, Past]) -> Known:
    """Return what the past of some groups tells about a change."""
    if change.verb is Verb.MOVE:
        found = {group: _rules(past, change, group) for group, past in pasts.items()}
        return Known(joined={group: r for group, r in found.items() if r is not None})
    past = pasts.get(change.group.id, Past())
    base = past.baseline
    group = base.group if base else GroupRef()
    judged, sure = before(past, change, loose=True), before(past, change)
    if change.verb is Verb.DESCRIBE and _described(past, change):
        sure = Unknown("the rules were described anew since the group was read")
    return Known(
        group,
        frozenset(judged.rules) if isinstance(judged, Before) else None,
        rules_needed(change, sure.rules)[:MOST_SHOWN] if isinstance(sure, Before) else (),
        group_before=_group_before(base, change),
    )


def _described(past: Past, change: Change) -> bool:
    """Return whether descriptions changed since the reading: rules are followed without them."""
    base = past.baseline
    others = (c for c in past.changes if c.verb is Verb.DESCRIBE and not c.error)
    return any(
        c.event_id != change.event_id and c.group.id == change.group.id
        and base is not None and base.read_at - SETTLING <= c.at <= change.at
        for c in others
    )  # fmt: skip


def _group_before(base: Baseline | None, change: Change) -> GroupBefore:
    if base is None or base.read_at + SKEW >= change.at:
        return GroupBefore()
    return GroupBefore(base.group.name, tuple(f"{k}={v}" for k, v in base.tags[:MOST_TAGS]))


def _rules(past: Past, change: Change, group: str) -> tuple[GroupRule, ...] | None:
    found = before(past, replace(change, group=GroupRef(group)), loose=True)
    return found.rules if isinstance(found, Before) else None
