"""Severity: how bad a change is, as an ordered word, by a readable policy table."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import total_ordering

from bot.changes.change import Change, Verb
from bot.changes.exposure import TO_WHOM, Exposed, Exposure
from bot.changes.reach import Reach
from bot.changes.rules import Direction
from bot.cloudtrail.text import printable

WORD = 80
"""Characters of an error that a reason tells."""

NAMED = 3
"""Services and accounts that a reason names."""

WEB = frozenset({"80/tcp", "443/tcp", "443/udp"})

TIGHTENING = frozenset({Verb.REVOKE, Verb.DELETE, Verb.DISASSOCIATE})


@total_ordering
class Severity(Enum):
    """How urgent a change or an alert is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Return 0 for low to 3 for critical."""
        return RANKS[self]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Severity):
            return NotImplemented
        return self.rank < other.rank

    def __str__(self) -> str:
        return self.value


RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class SeverityPolicy:
    """How bad each situation is. "Sensitive" is administration, data, or all traffic."""

    world_sensitive: Severity = Severity.CRITICAL
    world: Severity = Severity.HIGH
    world_web: Severity = Severity.MEDIUM
    wide_sensitive: Severity = Severity.HIGH
    external_sensitive: Severity = Severity.MEDIUM
    foreign_group: Severity = Severity.MEDIUM
    aws_sensitive: Severity = Severity.LOW
    moved_open: Severity = Severity.HIGH
    egress_world: Severity = Severity.MEDIUM
    egress_external: Severity = Severity.MEDIUM
    other: Severity = Severity.LOW
    tightening: Severity = Severity.LOW


@dataclass(frozen=True, slots=True)
class Judged:
    """A severity, and the policy's reasons for it in words, the gravest first."""

    severity: Severity
    reasons: tuple[str, ...]


def severity_of(change: Change, exposure: Exposure | None, policy: SeverityPolicy) -> Judged:
    """Return how bad a change is by what it opens."""
    if exposure is None:
        return Judged(*_closed(change, policy))
    found = sorted(
        (_situation(exposed, policy) for exposed in exposure.all), key=lambda s: s[0], reverse=True
    )
    worst, why = found[0]
    if change.verb is Verb.MOVE and worst >= Severity.HIGH:
        worst, why = policy.moved_open, f"moved into a group with {why}"
    others = tuple(text for _, text in found[1:])
    return Judged(worst, (why, *others, *exposure.reasons))


def _closed(change: Change, policy: SeverityPolicy) -> tuple[Severity, tuple[str, ...]]:
    if change.dry_run:
        return policy.other, ("the call was a dry run",)
    if change.error:
        return policy.other, (f"the call did nothing: {printable(change.error, WORD)}",)
    if change.verb in TIGHTENING or (change.cidrs_removed and not change.cidrs_added):
        return policy.tightening, ("tightening: it opens nothing",)
    return policy.other, tuple(_why_nothing(change))


def _why_nothing(change: Change) -> Iterator[str]:
    """Yield why a change opens nothing, or why its record does not tell what it opens."""
    match change.verb:
        case Verb.AUTHORIZE | Verb.MODIFY if change.touched:
            yield "it opens nothing beside what was open before"
        case Verb.AUTHORIZE | Verb.MODIFY:
            yield "the record does not tell the rules"
        case Verb.MOVE:
            groups = ", ".join(printable(group, 24) for group in change.groups_after[:NAMED])
            yield f"the record does not tell the rules of {groups}"
        case Verb.PREFIX_LIST if change.action == "RestoreManagedPrefixListVersion":
            yield "the record does not tell what the list holds now"
        case Verb.PREFIX_LIST | Verb.ASSOCIATE | Verb.DESCRIBE | Verb.TAG:
            yield "it changes no rule"
        case Verb.CREATE:
            yield "a new group opens nothing by itself"
        case _:
            pass


def _situation(exposed: Exposed, policy: SeverityPolicy) -> tuple[Severity, str]:
    """Return the policy's row for one thing that is opened, and its words.

    Where the direction is not told, the graver counts.
    """
    match exposed.direction:
        case Direction.INGRESS:
            return _ingress(exposed, policy)
        case Direction.EGRESS:
            return _egress(exposed, policy)
        case _:
            either = (_ingress(exposed, policy), _egress(exposed, policy))
            return max(either, key=lambda row: row[0])


def _ingress(exposed: Exposed, policy: SeverityPolicy) -> tuple[Severity, str]:
    if exposed.sensitive:
        return _sensitive(exposed, policy)
    if exposed.reach is Reach.WORLD and WEB.issuperset(exposed.ports):
        return policy.world_web, "only web ports open to the world"
    if exposed.reach is Reach.WORLD:
        return policy.world, "open to the world"
    if exposed.accounts:
        return policy.foreign_group, _foreign(exposed)
    return policy.other, f"open to {TO_WHOM[exposed.reach]}"


def _sensitive(exposed: Exposed, policy: SeverityPolicy) -> tuple[Severity, str]:
    what = f"{_named(exposed)} open to {TO_WHOM[exposed.reach]}"
    match exposed.reach:
        case Reach.WORLD:
            return policy.world_sensitive, f"{_named(exposed)} open to the world"
        case Reach.WIDE:
            return policy.wide_sensitive, what
        case Reach.EXTERNAL if exposed.accounts:
            return max(policy.foreign_group, policy.external_sensitive), _foreign(exposed)
        case Reach.EXTERNAL:
            return policy.external_sensitive, what
        case Reach.AWS:
            return policy.aws_sensitive, what
        case _:
            return policy.other, what


def _egress(exposed: Exposed, policy: SeverityPolicy) -> tuple[Severity, str]:
    what = f"outgoing traffic allowed to {TO_WHOM[exposed.reach]}"
    match exposed.reach:
        case Reach.WORLD:
            return policy.egress_world, "outgoing traffic allowed to the world"
        case Reach.WIDE | Reach.EXTERNAL:
            return policy.egress_external, what
        case _:
            return policy.other, what


def _named(exposed: Exposed) -> str:
    names = exposed.services[:NAMED]
    more = ["more"] if len(exposed.services) > NAMED else []
    return " and ".join((", ".join(names), *more)) if names else "all traffic"


def _foreign(exposed: Exposed) -> str:
    accounts = ", ".join(printable(account, 24) for account in exposed.accounts[:NAMED])
    return f"open to a group of account {accounts}, which is not the organisation's"
