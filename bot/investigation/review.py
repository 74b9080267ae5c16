"""The review: who can change groups, who did, what is open to the world, what exemptions to end."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.alerts.outcome import Outcome
from bot.changes.addresses import intervals_of, size
from bot.changes.ports import ports_text, span_of
from bot.changes.reach import is_world
from bot.changes.rules import Direction, GroupRule, PeerKind
from bot.changes.services import sensitive_services, service_name
from bot.cloudtrail.text import printable
from bot.exemptions.model import Exemption
from bot.investigation.grants import Grant
from bot.investigation.policies import ACTIONS

SPAN = timedelta(days=90)
LEAST = timedelta(days=30)
"""What was of no use for less is not called useless."""

VERSIONS = {PeerKind.IPV4: 4, PeerKind.IPV6: 6}
NAME = 80


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who changed groups, how often (at least), and when last."""

    principal: str
    label: str
    changes: int
    last: datetime


@dataclass(frozen=True, slots=True)
class OpenPorts:
    """Ports that are open to the world, and since when, as far as our history tells."""

    what: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group of which something is open to the world."""

    region: str
    id: str
    name: str
    ports: tuple[OpenPorts, ...]


@dataclass(frozen=True, slots=True)
class AccountReview:
    """What was found in one account; ``unknown`` says what could not be, and why."""

    account: str
    can: tuple[Grant, ...] = ()
    did: tuple[Doer, ...] = ()
    removals: tuple[Grant, ...] = ()
    open: tuple[OpenGroup, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToEnd:
    """An exemption that somebody should end or narrow, and why."""

    id: str
    owner: str
    reason: str
    expires_at: datetime
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The whole; our own history begins on ``known_since``, if there is any."""

    at: datetime
    known_since: date | None
    accounts: tuple[AccountReview, ...]
    exemptions: tuple[ToEnd, ...]


def doers_of(outcomes: Iterable[Outcome], account: str) -> tuple[Doer, ...]:
    """Return who changed groups of an account, the busiest first; each event counts once."""
    done: dict[str, dict[str, Outcome]] = defaultdict(dict)
    for outcome in outcomes:
        if outcome.account == account and outcome.action in ACTIONS and not outcome.error:
            done[outcome.principal][outcome.event_id] = outcome
    found = (_doer(principal, list(events.values())) for principal, events in done.items())
    return tuple(sorted(found, key=lambda doer: (-doer.changes, doer.principal)))


def _doer(principal: str, events: Sequence[Outcome]) -> Doer:
    last = max(events, key=lambda event: event.at)
    label = last.sighting.principal.label if last.sighting else principal.rpartition("/")[2]
    return Doer(principal, printable(label, NAME), len(events), last.at)


def removals_of(
    grants: Iterable[Grant], doers: Iterable[Doer], ours: Collection[str]
) -> tuple[Grant, ...]:
    """Return who surely can and did not: never AWS's own roles, nor the one that contains."""
    did = {doer.principal for doer in doers}
    return tuple(
        grant
        for grant in grants
        if grant.sure and not grant.of_service and grant.arn not in did and grant.arn not in ours
    )


def open_ports(rules: Iterable[GroupRule]) -> tuple[GroupRule, ...]:
    """Return the widest rule for each protocol and ports open to the world, the gravest first."""
    ways: dict[tuple[object, ...], list[GroupRule]] = defaultdict(list)
    for rule in rules:
        if rule.direction is Direction.INGRESS and rule.peer.kind in VERSIONS:
            ways[rule.protocol, rule.from_port, rule.to_port, rule.peer.kind].append(rule)
    opening: dict[tuple[object, ...], GroupRule] = {}
    for (*ports, _), held in ways.items():
        version = VERSIONS[held[0].peer.kind]
        if is_world(intervals_of((rule.peer.value for rule in held), version), version):
            opening.setdefault(tuple(ports), max(held, key=_width))
    return tuple(sorted(opening.values(), key=lambda rule: not _is_sensitive(rule)))


def _is_sensitive(rule: GroupRule) -> bool:
    return bool(sensitive_services(rule.protocol, *span_of(rule)))


def _width(rule: GroupRule) -> int:
    return size(intervals_of([rule.peer.value], VERSIONS[rule.peer.kind]))


def open_group(
    region: str, group: str, name: str, rules: Sequence[GroupRule], history: Sequence[Outcome]
) -> OpenGroup | None:
    """Return the group if anything in it is open to the world."""
    opening = open_ports(rules)
    if not opening:
        return None
    ports = tuple(OpenPorts(_ports(rule), _opened(rule, history)) for rule in opening)
    return OpenGroup(region, group, printable(name, NAME), ports)


def _ports(rule: GroupRule) -> str:
    service = service_name(rule.protocol, rule.from_port, rule.to_port)
    return f"{service} ({ports_text(rule)})" if service else ports_text(rule)


def _opened(rule: GroupRule, history: Sequence[Outcome]) -> datetime | None:
    """Return when the rule was made last, as far as the group's history tells."""
    made = (
        outcome.at
        for outcome in history
        if outcome.sighting and not outcome.error
        for added in (*outcome.sighting.change.added, *outcome.sighting.change.modified)
        if _same(added, rule)
    )
    return max(made, default=None)


def _same(one: GroupRule, other: GroupRule) -> bool:
    ports = (one.protocol, one.from_port, one.to_port)
    same_ports = ports == (other.protocol, other.from_port, other.to_port)
    return same_ports and one.direction is other.direction and one.peer == other.peer


def to_end(
    exemptions: Iterable[Exemption],
    hid: Mapping[str, int | None],
    now: datetime,
    known_since: date | None,
) -> tuple[ToEnd, ...]:
    """Return the exemptions to end or narrow. ``hid`` is how much each hid; None: not known.

    ``known_since`` is when our own history begins.
    """
    first = known_since or now.date()
    known = now - datetime.combine(first, time(), now.tzinfo)
    found = (
        (each, tuple(_why_end(each, hid, now, min(known, now - each.created_at, SPAN))))
        for each in exemptions
    )
    return tuple(
        ToEnd(e.id, printable(e.owner, NAME), printable(e.reason, 2 * NAME), e.expires_at, why)
        for e, why in found
        if why
    )


def _why_end(
    exemption: Exemption, hid: Mapping[str, int | None], now: datetime, known: timedelta
) -> Iterator[str]:
    scope = exemption.scope
    if exemption.expires_at <= now:
        yield "it has expired"
        return
    if hid.get(exemption.id) == 0 and known >= LEAST:
        yield f"it hid nothing in {known.days} days"
    if not scope.principals:
        yield "it is for everybody"
    if not scope.groups and not scope.ports and not scope.cidrs:
        yield "it is for every rule of every group"
    if exemption.allow_world:
        yield "it lets things open to the world"
