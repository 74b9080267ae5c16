"""Cuts: whether traffic that one rule allows may also be what another allows."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from bot.changes.rules import ALL_PROTOCOLS, GroupRule, Peer, PeerKind

ADDRESSES = frozenset({PeerKind.IPV4, PeerKind.IPV6})


def overlap(one: GroupRule, other: GroupRule) -> bool:
    """Return whether some traffic may be allowed by both. In doubt it may."""
    if one.direction is not other.direction:
        return False
    if ALL_PROTOCOLS not in {one.protocol, other.protocol} and one.protocol != other.protocol:
        return False
    return _ports_meet(one, other) and _peers_meet(one.peer, other.peer)


def _ports_meet(one: GroupRule, other: GroupRule) -> bool:
    ends = one.from_port, one.to_port, other.from_port, other.to_port
    if any(end is None for end in ends) or one.protocol in {"icmp", "icmpv6"}:
        return True
    first, last, other_first, other_last = (end or 0 for end in ends)
    return first <= other_last and other_first <= last


def _peers_meet(one: Peer, other: Peer) -> bool:
    if not {one.kind, other.kind} <= ADDRESSES:
        # Members of groups and lists have addresses too, which are not known here.
        return True
    first, second = _network(one.value), _network(other.value)
    if first is None or second is None:
        return True
    return first.version == second.version and first.overlaps(second)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
