"""Baselines: what a group looked like when it was read, and so what it was before a change.

The rules before a change are those of a reading that was made before it, with every change that is
known since applied. Where that does not add up, they are unknown: what nobody told of happened.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction, GroupRule, PeerKind

SETTLING = timedelta(seconds=30)
"""A change may take so long to show in what AWS answers, the time that reading takes included."""

SKEW = timedelta(seconds=2)
"""Our clock and AWS's may be so far apart."""

MOST_RULES = 1000
"""Rules of a group at most; AWS allows no more."""

REWRITES = frozenset(
    {
        "AuthorizeSecurityGroupIngress",
        "AuthorizeSecurityGroupEgress",
        "RevokeSecurityGroupIngress",
        "RevokeSecurityGroupEgress",
        "ModifySecurityGroupRules",
        "CreateSecurityGroup",
        "DeleteSecurityGroup",
    }
)
"""Calls after which a group's rules are others than before."""

PLAIN = frozenset({Verb.AUTHORIZE, Verb.REVOKE})
_ALTERING = PLAIN | {Verb.MODIFY, Verb.CREATE, Verb.DELETE}


@dataclass(frozen=True, slots=True)
class Baseline:
    """A group as AWS told it, and when that was read."""

    account: str
    region: str
    group: GroupRef
    rules: tuple[GroupRule, ...]
    read_at: datetime
    tags: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of a group before some time.

    ``baseline`` is the last that was read before it, ``changes`` are all since. ``untold`` are
    calls of which only name and time are known. ``late`` is that it was read, but only later.
    """

    baseline: Baseline | None = None
    changes: tuple[Change, ...] = ()
    untold: tuple[tuple[str, datetime], ...] = ()
    too_many: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """The rules before a change, and when they were read."""

    rules: tuple[GroupRule, ...]
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why the rules before a change are not known, in words that follow "unknown: "."""

    why: str


class _MissedError(Exception):
    """What is known does not add up; the text says where."""


def before(past: Past, event: Change, *, loose: bool = False) -> Before | Unknown:
    """Return the rules that the event's group had before it.

    CloudTrail tells whole seconds, so which of two changes in one second came first is not known.
    Where that matters the answer is unknown, unless ``loose``: then all that are known by now count
    as earlier, so that of two at least one is judged beside the other.
    """
    base = past.baseline
    if base is None or base.read_at + SKEW >= event.at:
        read = "only after the change" if past.late or base else "not yet"
        return Unknown(f"the group's rules were read {read}")
    if past.too_many:
        return Unknown("the group changed too often since its rules were read")
    try:
        since = list(_since(past, event, base.read_at, loose=loose))
        state = _State.of(base.rules)
        for change in since:
            state.play(change, settled=change.at > base.read_at + SKEW)
        rules = state.rules
        _fits(state, event)
    except _MissedError as missed:
        return Unknown(str(missed))
    return Before(rules, base.read_at)


def rules_needed(change: Change, known: Sequence[GroupRule]) -> tuple[GroupRule, ...]:
    """Return which of the rules before a change tell what its record does not.

    They are edited rules as they were, rules revoked by id, and those of a group that was deleted.
    """
    if change.error:
        return ()
    if change.verb is Verb.DELETE:
        return tuple(known)
    ids = {rule.rule_id for rule in change.modified} | set(change.rule_ids)
    # Descriptions are changed under what a rule says, and may be.
    alike = set(change.modified) if change.verb is Verb.DESCRIBE else set()
    return tuple(rule for rule in known if (rule.rule_id and rule.rule_id in ids) or rule in alike)


def with_directions(change: Change, known: Iterable[GroupRule]) -> Change:
    """Return the change with the direction of the rules that it edits by id."""
    ways = {rule.rule_id: rule.direction for rule in known if rule.rule_id}
    if not any(rule.rule_id in ways for rule in change.modified):
        return change
    told = (replace(r, direction=ways.get(r.rule_id, r.direction)) for r in change.modified)
    return replace(change, modified=tuple(told))


def _since(past: Past, event: Change, read_at: datetime, *, loose: bool) -> Iterator[Change]:
    """Yield what changed the group's rules since it was read, in order."""
    start = read_at - SETTLING
    for action, at in past.untold:
        if start <= at <= event.at and action in REWRITES:
            raise _MissedError(f"of {action} since then only the name is known")
    found = [
        change
        for change in past.changes
        if change.event_id != event.event_id
        and not change.error
        and change.group.id == event.group.id
        and change.verb in _ALTERING
        and start <= change.at <= event.at
    ]
    if not loose and any(change.at == event.at for change in found):
        raise _MissedError("the group was changed more than once in that second")
    if any(change.verb not in PLAIN or change.rule_ids for change in _early(found, read_at)):
        raise _MissedError("the group changed while its rules were read")
    found.sort(key=lambda change: (change.at, change.event_id))
    _in_order(found)
    yield from found


def _early(changes: Iterable[Change], read_at: datetime) -> Iterator[Change]:
    """Yield the changes that the reading may or may not have seen."""
    return (change for change in changes if change.at <= read_at + SKEW)


def _in_order(changes: Sequence[Change]) -> None:
    """See that no two changes of one second are about one rule: which is last is not told."""
    seen: dict[tuple[datetime, GroupRule | str], str] = {}
    for change in changes:
        for what in _about(change):
            if seen.setdefault((change.at, what), change.event_id) != change.event_id:
                raise _MissedError("a rule was changed twice within a second")


def _about(change: Change) -> Iterator[GroupRule | str]:
    yield from (replace(rule, direction=Direction.UNKNOWN) for rule in change.touched)
    yield from change.rule_ids
    yield from (rule.rule_id for rule in change.touched if rule.rule_id)


def _fits(state: "_State", event: Change) -> None:
    """See that what the event did was possible: else something else happened before."""
    if not event.error and event.verb in PLAIN | {Verb.MODIFY}:
        state.play(event, settled=True)


class _State:
    """A group's rules while changes are applied to them."""

    def __init__(self, rules: dict[GroupRule, GroupRule]) -> None:
        self._rules = rules

    @classmethod
    def of(cls, rules: Iterable[GroupRule]) -> "_State":
        """Return the state with these rules."""
        return cls({rule: rule for rule in rules})

    @property
    def rules(self) -> tuple[GroupRule, ...]:
        """Return the rules as they are by now."""
        return tuple(self._rules.values())

    def play(self, change: Change, *, settled: bool) -> None:
        """Apply a change. One that is not ``settled`` may be there already. Raises _MissedError."""
        match change.verb:
            case Verb.AUTHORIZE:
                self._add(change, settled=settled)
            case Verb.REVOKE:
                self._remove(change, settled=settled)
            case Verb.MODIFY:
                self._edit(change)
            case Verb.CREATE:
                raise _MissedError("the group was made after its rules were read")
            case _:
                raise _MissedError("the group was deleted after its rules were read")

    def _add(self, change: Change, *, settled: bool) -> None:
        for rule in _told(change, change.added):
            if settled and rule in self._rules:
                raise _MissedError("a rule came that was there already: a change was not told")
            self._rules[rule] = rule

    def _remove(self, change: Change, *, settled: bool) -> None:
        if not change.rule_ids or change.removed:
            for rule in _told(change, change.removed):
                if settled and rule not in self._rules:
                    raise _MissedError("a rule went that was not there: a change was not told")
                self._rules.pop(rule, None)
        for rule_id in change.rule_ids:
            del self._rules[self._by_id(rule_id)]

    def _edit(self, change: Change) -> None:
        if change.rule_ids:
            raise _MissedError("what a rule was changed to is not told")
        edited = [(self._by_id(rule.rule_id), rule) for rule in _told(change, change.modified)]
        for old, _ in edited:
            del self._rules[old]
        for old, rule in edited:
            new = replace(rule, direction=old.direction)
            if new in self._rules:
                raise _MissedError("a rule came that was there already: a change was not told")
            self._rules[new] = new

    def _by_id(self, rule_id: str) -> GroupRule:
        for rule in self._rules.values():
            if rule_id and rule.rule_id == rule_id:
                return rule
        raise _MissedError("a rule was changed by an id that is not known")


def _told(change: Change, rules: Collection[GroupRule]) -> Collection[GroupRule]:
    """Return the rules, if they are told well enough to be compared. Raises _MissedError."""
    if not rules:
        raise _MissedError(f"which rules {change.action} was about is not told")
    for rule in rules:
        by_name = rule.peer.kind is PeerKind.GROUP and not rule.peer.value.startswith("sg-")
        known_way = rule.direction is not Direction.UNKNOWN or change.verb is Verb.MODIFY
        if by_name or not rule.protocol or not known_way:
            raise _MissedError(f"{change.action} does not tell its rules fully")
    return rules
