"""Boxes: what a group rule touches, as intervals of protocol, port and address.

A rule is a box of atoms of one direction and one kind of peer. Protocols are IP protocol numbers.
ICMP's type and code are laid out on the port axis as ``type * 256 + code``. A group or prefix list
is one point on the address axis. What cannot be read is the point ``UNKNOWN``, which lies inside
nothing but ``EVERYTHING``: so unknown never matches a clause.
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from bot.changes.rules import ALL_PROTOCOLS, GroupRule, PeerKind

Interval = tuple[int, int]
Box = tuple[Interval, Interval, Interval]

UNKNOWN: Interval = (-1, -1)
EVERYTHING: Interval = (-1, 2**128)
ALL_NUMBERS: Interval = (0, 255)
ALL_PORTS: Interval = (0, 65535)
NAMED_PEER: Interval = (0, 0)

NUMBERS = {"icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}
WITH_PORTS = frozenset({6, 17})
WITH_TYPES = frozenset({1, 58})


def rule_box(rule: GroupRule) -> Box:
    """Return the rule's box."""
    addresses = NAMED_PEER
    if rule.peer.kind in {PeerKind.IPV4, PeerKind.IPV6}:
        network = network_of(rule.peer.value)
        addresses = UNKNOWN if network is None else addresses_of(network)
    return (*ports_of(rule.protocol, rule.from_port, rule.to_port), addresses)


def ports_of(
    protocol: str, from_port: int | None, to_port: int | None
) -> tuple[Interval, Interval]:
    """Return the protocols and ports that a rule or a clause spans, as AWS reads them."""
    if protocol == ALL_PROTOCOLS:
        return ALL_NUMBERS, ALL_PORTS
    number = NUMBERS.get(protocol, int(protocol) if protocol.isdecimal() else -1)
    if not 0 <= number <= 255:
        return UNKNOWN, UNKNOWN
    if number in WITH_TYPES:
        return (number, number), _icmp(from_port, to_port)
    if number in WITH_PORTS:
        return (number, number), _port_range(from_port, to_port)
    return (number, number), ALL_PORTS


def _port_range(first: int | None, last: int | None) -> Interval:
    if first is None and last is None:
        return ALL_PORTS
    if first is None or last is None or not 0 <= first <= last <= 65535:
        return UNKNOWN
    return first, last


def _icmp(kind: int | None, code: int | None) -> Interval:
    if kind is None:
        return ALL_PORTS
    if not 0 <= kind <= 255 or not 0 <= (code or 0) <= 255:
        return UNKNOWN
    start = kind * 256
    return (start, start + 255) if code is None else (start + code, start + code)


@lru_cache(maxsize=65536)
def network_of(cidr: str) -> IPv4Network | IPv6Network | None:
    """Return the network, or None for text that is none. Cached: the same ranges come often."""
    try:
        return ip_network(cidr, strict=False)
    except ValueError:
        return None


def addresses_of(network: IPv4Network | IPv6Network) -> Interval:
    """Return the first and last address as numbers."""
    return int(network.network_address), int(network.broadcast_address)


def without(box: Box, cover: Box) -> tuple[Box, ...]:
    """Return what of the box lies outside the cover, in pieces that do not overlap."""
    overlap = tuple((max(a, c), min(b, d)) for (a, b), (c, d) in zip(box, cover, strict=True))
    if any(first > last for first, last in overlap):
        return (box,)
    pieces: list[Box] = []
    for axis, (first, last) in enumerate(overlap):
        start, end = box[axis]
        if start < first:
            pieces.append(_along(box, axis, (start, first - 1)))
        if last < end:
            pieces.append(_along(box, axis, (last + 1, end)))
        box = _along(box, axis, (first, last))
    return tuple(pieces)


def _along(box: Box, axis: int, interval: Interval) -> Box:
    protocols, ports, addresses = box
    match axis:
        case 0:
            return interval, ports, addresses
        case 1:
            return protocols, interval, addresses
        case _:
            return protocols, ports, interval
