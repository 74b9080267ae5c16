"""Opening: whether a plan only lets more through, which is for fewer people than closing is."""

from ipaddress import ip_network

from bot.changes.rules import ALL_PROTOCOLS, GroupRule, Peer, PeerKind
from bot.containment.effects.edits import EditRules
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.lists import ChangeList
from bot.containment.effects.networks import AssociateVpc
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Call, Plan


def only_opens(plan: Plan) -> bool:
    """Return whether every call lets more through, and none closes anything."""
    return bool(plan.calls) and all(_opens(call) for call in plan.calls)


def _opens(call: Call) -> bool:
    match call.effect:
        case ChangeRules() as rules:
            # What is taken out of a group that the plan itself makes closes nothing.
            return not rules.closes or bool(call.needs)
        case EditRules() as edit:
            pairs = zip(edit.rules, edit.found, strict=True)
            return any(not covers(now, then) for then, now in pairs)
        case ChangeList() as entries:
            return not entries.removes
        case AssociateVpc() as association:
            return association.joins
        case MakeGroup():
            return True
        case _:
            return False


def covers(wide: GroupRule, narrow: GroupRule) -> bool:
    """Return whether one rule surely lets through all that another does."""
    if wide.direction is not narrow.direction:
        return False
    if wide.protocol not in {ALL_PROTOCOLS, narrow.protocol}:
        return False
    return _ports_cover(wide, narrow) and _peer_covers(wide.peer, narrow.peer)


def _ports_cover(wide: GroupRule, narrow: GroupRule) -> bool:
    if wide.from_port is None or wide.protocol == ALL_PROTOCOLS:
        return True
    ports = wide.from_port, wide.to_port, narrow.from_port, narrow.to_port
    if wide.protocol not in {"tcp", "udp"} or None in ports:
        return ports[:2] == ports[2:]
    first, last, inner_first, inner_last = (port or 0 for port in ports)
    return first <= inner_first and inner_last <= last


def _peer_covers(wide: Peer, narrow: Peer) -> bool:
    if wide == narrow or wide.kind is not narrow.kind:
        return wide == narrow
    if wide.kind not in {PeerKind.IPV4, PeerKind.IPV6}:
        return False
    try:
        outer, inner = ip_network(wide.value), ip_network(narrow.value)
    except ValueError:
        return False
    within = outer.network_address <= inner.network_address  # type: ignore[operator] # one version
    return within and outer.prefixlen <= inner.prefixlen and inner.network_address in outer
