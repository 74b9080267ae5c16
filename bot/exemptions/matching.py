"""Matching: whether exemptions hide an event, and if not, which clause failed.

An event is hidden only if every group rule that it opens, closes or edits is covered, by one
exemption or by several together; a change without group rules only as a whole, by one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.changes.change import Change
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, GroupRule, PeerKind
from bot.cloudtrail.principal import UNKNOWN, Principal
from bot.exemptions.boxes import (
    EVERYTHING,
    NAMED_PEER,
    Box,
    Interval,
    addresses_of,
    network_of,
    ports_of,
    rule_box,
    without,
)
from bot.exemptions.circumstances import UNTOLD, Circumstances, failing
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.patterns import fits_path


@dataclass(frozen=True, slots=True)
class Coverage:
    """What exemptions say of a change. ``exempted_by`` is empty unless the change is hidden."""

    exempted_by: tuple[str, ...] = ()
    uncovered: tuple[GroupRule, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """A change with all that the clauses about it as a whole look at."""

    change: Change
    principal: Principal
    detections: frozenset[str]
    now: datetime
    exposure: Exposure | None
    around: Circumstances


def covering(
    change: Change,
    principal: Principal,
    detections: Collection[str],
    exemptions: Iterable[Exemption],
    now: datetime,
    exposure: Exposure | None,
    around: Circumstances = UNTOLD,
) -> Coverage:
    """Return whether the exemptions in force hide the change, and which rules they leave."""
    case = _Case(change, principal, frozenset(detections), now, exposure, around)
    matching = [e for e in exemptions if not _mismatch(e, case)]
    for exemption in matching:
        if _covers_alone(exemption.scope, change):
            return Coverage((exemption.id,), (), hidden=True)
    return _together(change, matching)


def why_not(
    exemption: Exemption,
    change: Change,
    principal: Principal,
    detections: Collection[str],
    now: datetime,
    exposure: Exposure | None,
    around: Circumstances = UNTOLD,
) -> str:
    """Return the first clause that keeps this exemption from hiding the change; "" if none."""
    case = _Case(change, principal, frozenset(detections), now, exposure, around)
    if reason := _mismatch(exemption, case):
        return reason
    scope = exemption.scope
    if _is_untold(change) and _rule_clauses(scope):
        return f"it is about {_listed(_rule_clauses(scope))}, which the record does not tell"
    reasons = (_rule_mismatch(scope, rule) for rule in change.touched)
    return next(filter(None, reasons), "")


def _mismatch(exemption: Exemption, case: _Case) -> str:
    """Return the first clause about the change as a whole that fails; "" if all match."""
    scope, change, exposure = exemption.scope, case.change, case.exposure
    if exemption.expires_at <= case.now:
        return f"it ended on {exemption.expires_at:%Y-%m-%d %H:%M} UTC"
    if exposure and exposure.reach is Reach.WORLD and not exemption.allow_world:
        return "the change opens to the world, which this exemption does not allow"
    if case.around.unread and not exemption.allow_world:
        into = ", ".join(case.around.unread)
        return f"it is not known whether {into} is open to the world, which it does not allow"
    if not _is_by(scope, case.principal):
        who = (*scope.principals, *scope.principal_patterns)
        return f"the principal is {case.principal.id or 'unknown'}, not {_listed(who)}"
    clauses: tuple[tuple[str, Sequence[str], str], ...] = (
        ("account", scope.accounts, change.account),
        ("region", scope.regions, change.region),
        ("group", scope.groups, change.group.id),
        ("action", scope.actions, change.action),
    )
    for name, allowed, actual in clauses:
        if allowed and not (actual and actual in allowed):
            return f"the {name} is {actual or 'unknown'}, not {_listed(allowed)}"
    # An event that two detections matched is exempted only from both: hiding it for one would
    # silence the other.
    if scope.detections and not (case.detections and case.detections <= set(scope.detections)):
        others = sorted(case.detections - set(scope.detections))
        return f"the detection is {_listed(others) or 'unknown'}, not {_listed(scope.detections)}"
    return next(failing(scope, change.at, case.principal, case.around), "")


def _is_by(scope: Scope, principal: Principal) -> bool:
    if not scope.principals and not scope.principal_patterns:
        return True
    if principal.id in {"", UNKNOWN}:
        return False
    named = principal.id in scope.principals
    return named or any(fits_path(p, principal.id) for p in scope.principal_patterns)


def _covers_alone(scope: Scope, change: Change) -> bool:
    if _is_untold(change) and _rule_clauses(scope):
        return False
    return all(_rule_mismatch(scope, rule) == "" for rule in change.touched)


def _is_untold(change: Change) -> bool:
    """Return whether the change is, at least in part, about no group rule that is known."""
    return not change.touched or bool(change.rule_ids)


def _together(change: Change, matching: Sequence[Exemption]) -> Coverage:
    used: dict[str, None] = {}
    uncovered = []
    for rule in change.touched:
        left: tuple[Box, ...] = (rule_box(rule),)
        for exemption in matching:
            rest = _outside(left, exemption.scope, rule)
            if rest != left:
                used[exemption.id] = None
            left = rest
        if left:
            uncovered.append(rule)
    if uncovered or _is_untold(change):
        return Coverage(uncovered=tuple(uncovered))
    return Coverage(tuple(used), (), hidden=True)


def _rule_mismatch(scope: Scope, rule: GroupRule) -> str:
    if not _outside((rule_box(rule),), scope, rule):
        return ""
    if not _is_direction(scope, rule):
        return f"the direction is {rule.direction}, not {_listed(scope.directions)}"
    if not list(_addresses(scope, rule)):
        return f"the peer {rule.peer} is not in its peers"
    peer_only = Scope(cidrs=scope.cidrs, peer_groups=scope.peer_groups)
    if _outside((rule_box(rule),), peer_only, rule):
        return f"the peer {rule.peer} is not inside its peers"
    return "a rule's protocol and ports are not inside its ports"


def _outside(boxes: tuple[Box, ...], scope: Scope, rule: GroupRule) -> tuple[Box, ...]:
    """Return what of the rule's boxes the scope leaves uncovered."""
    for cover in _covers(scope, rule):
        boxes = tuple(piece for box in boxes for piece in without(box, cover))
    return boxes


def _covers(scope: Scope, rule: GroupRule) -> Iterator[Box]:
    if not _is_direction(scope, rule):
        return
    addresses = list(_addresses(scope, rule))
    for protocols, ports in _ports(scope):
        for interval in addresses:
            yield protocols, ports, interval


def _is_direction(scope: Scope, rule: GroupRule) -> bool:
    known = rule.direction is not Direction.UNKNOWN
    return not scope.directions or (known and rule.direction in scope.directions)


def _ports(scope: Scope) -> Iterator[tuple[Interval, Interval]]:
    if not scope.ports:
        yield EVERYTHING, EVERYTHING
    for span in scope.ports:
        yield ports_of(span.protocol, span.from_port, span.to_port)


def _addresses(scope: Scope, rule: GroupRule) -> Iterator[Interval]:
    """Yield what the peers clause covers of the rule's own kind of peer."""
    if not scope.cidrs and not scope.peer_groups:
        yield EVERYTHING
    elif rule.peer.kind in {PeerKind.GROUP, PeerKind.PREFIX_LIST}:
        if {rule.peer.value, str(rule.peer)} & set(scope.peer_groups):
            yield NAMED_PEER
    else:
        version = 4 if rule.peer.kind is PeerKind.IPV4 else 6
        for cidr in scope.cidrs:
            network = network_of(cidr)
            if network is not None and network.version == version:
                yield addresses_of(network)


def _rule_clauses(scope: Scope) -> tuple[str, ...]:
    clauses = {
        "directions": scope.directions,
        "ports": scope.ports,
        "peers": scope.cidrs + scope.peer_groups,
    }
    return tuple(name for name, given in clauses.items() if given)


def _listed(words: Iterable[str]) -> str:
    return " or ".join(words)
