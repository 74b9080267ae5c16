"""Exposure: what a change opens, and to whom, in AWS's own semantics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.changes.addresses import interval_of, intervals_of
from bot.changes.change import Change, Verb
from bot.changes.openings import Opening, openings
from bot.changes.permissions import cidr_peer
from bot.changes.ports import ALL_TRAFFIC, span_text
from bot.changes.reach import Organisation, Reach, is_world
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.services import sensitive_services
from bot.cloudtrail.text import printable

__all__ = ["Exposed", "Exposure", "Organisation", "Reach", "exposure_of"]

NAMED = 3
"""Peers that a reason names before it counts the rest."""

MOST = 20
"""Ports and services that an exposure tells."""

PORTS_OF_LIST = "the ports of rules that name the list"

TO_WHOM = {
    Reach.WORLD: "the internet",
    Reach.WIDE: "a large public range",
    Reach.EXTERNAL: "somebody outside the organisation",
    Reach.AWS: "addresses of AWS, which anybody may rent",
    Reach.ORGANISATION: "the organisation's own addresses",
    Reach.PRIVATE: "private addresses",
    Reach.GROUP: "members of a group or list",
}
SIDES = {Direction.INGRESS: 0, Direction.UNKNOWN: 1, Direction.EGRESS: 2}


@dataclass(frozen=True, slots=True)
class Exposed:
    """What is opened one way to one sort of peers.

    ``ports`` are readable ("22/tcp", "0-65535/tcp", "all traffic"); ``services`` are the sensitive
    ones among them by name ("SSH"). ``accounts`` are those of peer groups that are not the
    organisation's. Direction UNKNOWN is to be judged as the
    graver of both.
    """

    reach: Reach
    direction: Direction
    ports: tuple[str, ...]
    services: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()

    @property
    def sensitive(self) -> bool:
        """Return whether administration or data is among it."""
        return bool(self.services) or ALL_TRAFFIC in self.ports


@dataclass(frozen=True, slots=True)
class Exposure:
    """The widest thing that a change opens, and why; ``beside`` is what else it opens."""

    reach: Reach
    direction: Direction
    ports: tuple[str, ...]
    services: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    beside: tuple[Exposed, ...] = ()

    @property
    def all(self) -> tuple[Exposed, ...]:
        """Return everything that the change opens, the widest first."""
        widest = Exposed(self.reach, self.direction, self.ports, self.services, self.accounts)
        return (widest, *self.beside)


def exposure_of(
    change: Change,
    *,
    organisation: Organisation,
    before: frozenset[GroupRule] | None = None,
    joined: frozenset[GroupRule] | None = None,
) -> Exposure | None:
    """Return what a change opens, or None where it opens nothing or its record does not tell.

    ``before`` are the group's rules before the change, where they are known. ``joined`` are the
    rules of the groups that an instance or interface was moved into.
    """
    opened = _opened(change, before or frozenset(), joined or frozenset())
    found = openings(opened, before or (), change.account, organisation)
    if not found:
        return None
    exposed = _grouped(found, change)
    widest = exposed[0]
    return Exposure(
        widest.reach,
        widest.direction,
        widest.ports,
        widest.services,
        tuple(_reasons(change, found, widest, opened)),
        widest.accounts,
        tuple(exposed[1:]),
    )


def _opened(
    change: Change, before: frozenset[GroupRule], joined: frozenset[GroupRule]
) -> Sequence[GroupRule]:
    """Return the rules that become effective. A new group's default egress opens nothing."""
    match change.verb:
        case Verb.AUTHORIZE:
            return change.added
        case Verb.MODIFY:
            directions = {rule.rule_id: rule.direction for rule in before if rule.rule_id}
            return [
                replace(rule, direction=directions.get(rule.rule_id, rule.direction))
                for rule in change.modified
            ]
        case Verb.MOVE:
            return tuple(joined) if change.groups_after else ()
        case Verb.PREFIX_LIST:
            everything = (Direction.UNKNOWN, "", None, None)
            return [GroupRule(*everything, cidr_peer(cidr)) for cidr in change.cidrs_added]
        case _:
            return ()


def _grouped(found: Iterable[Opening], change: Change) -> list[Exposed]:
    """Return the openings that go the same way to the same sort of peers as one, widest first."""
    groups: dict[tuple[Reach, Direction], list[Opening]] = {}
    for opening in found:
        groups.setdefault((opening.reach, opening.direction), []).append(opening)
    ordered = sorted(groups, key=lambda key: (key[0].rank, SIDES[key[1]]))
    return [_exposed(*key, groups[key], change) for key in ordered]


def _exposed(
    reach: Reach, direction: Direction, found: Sequence[Opening], change: Change
) -> Exposed:
    if change.verb is Verb.PREFIX_LIST:
        return Exposed(reach, direction, (PORTS_OF_LIST,))
    ports = dict.fromkeys(span_text(o.protocol, o.first, o.last) for o in found)
    services = dict.fromkeys(
        name for o in found for name in sensitive_services(o.protocol, o.first, o.last)
    )
    accounts = dict.fromkeys(peer.account for o in found for peer in o.peers if peer.account)
    told = tuple(accounts)[:MOST] if reach is Reach.EXTERNAL else ()
    return Exposed(reach, direction, tuple(ports)[:MOST], tuple(services)[:MOST], told)


def _reasons(
    change: Change, found: Sequence[Opening], widest: Exposed, opened: Sequence[GroupRule]
) -> Iterable[str]:
    """Yield why the exposure is judged so, in words."""
    makes_it = [o for o in found if (o.reach, o.direction) == (widest.reach, widest.direction)]
    peers = tuple(dict.fromkeys(peer for opening in makes_it for peer in opening.peers))
    yield f"to {_listed(peers)}"
    if widest.reach is Reach.WORLD and not any(_is_everybody(peer) for peer in peers):
        yield _added_up(peers)
    if change.verb is Verb.PREFIX_LIST:
        yield f"every group that names {printable(change.target, 64)} is opened so"
    elif widest.direction is Direction.UNKNOWN:
        yield "the record does not tell the direction: judged as the graver one"
    for rule in opened:
        if change.caller and cidr_peer(change.caller) == rule.peer:
            yield f"{rule.peer} is the caller's own address"
            break
    if any(peer.kind is PeerKind.PREFIX_LIST for peer in peers):
        yield "what a prefix list holds is not told by the record"
    if any(not rule.protocol for rule in opened) and change.verb is not Verb.PREFIX_LIST:
        yield "the record does not tell the protocol: taken for all traffic"


def _added_up(peers: Sequence[Peer]) -> str:
    """Return which ranges, none of them everybody, are most of the internet together."""
    ranges = [peer.value for peer in peers]
    if not any(is_world(intervals_of(ranges, version), version) for version in (4, 6)):
        return f"{_listed(peers)} and what was open before add up to most of the internet"
    return f"{_listed(peers)} {'add up to' if len(peers) > 1 else 'is'} most of the internet"


def _is_everybody(peer: Peer) -> bool:
    known = interval_of(peer.value)
    return known is not None and known[1][0] == 0 and peer.value.endswith("/0")


def _listed(peers: Sequence[Peer]) -> str:
    named = ", ".join(printable(str(peer), 64) for peer in peers[:NAMED])
    return f"{named} and {len(peers) - NAMED} more" if len(peers) > NAMED else named
