"""The naive model of coverage: every atom of a rule, one by one, inside some exemption."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from itertools import product

from bot.changes.rules import GroupRule, PeerKind
from bot.exemptions.model import Scope
from tests.exemptions.strategies import LAST_ADDRESS, LAST_PORT

PORTS = (*range(LAST_PORT + 2), 65535)
ICMP = tuple(product((*range(4), 255), (*range(4), 255)))
PROTOCOLS = ("tcp", "udp", "icmp", "icmpv6", "50", "47")
ADDRESSES = (*(f"10.0.0.{n}" for n in range(LAST_ADDRESS + 1)), "192.0.2.1")
ADDRESSES6 = (*(f"2001:db8::{n}" for n in range(4)), "2001:db8::ffff")

Port = int | tuple[int, int] | None
Atom = tuple[str, Port, str]


def _ports_of(protocol: str) -> tuple[Port, ...]:
    if protocol in {"tcp", "udp"}:
        return PORTS
    return ICMP if protocol in {"icmp", "icmpv6"} else (None,)


def _in_span(port: Port, first: int | None, last: int | None) -> bool:
    if port is None or first is None:
        return True
    if isinstance(port, tuple):
        return port[0] == first and last in {None, port[1]}
    return last is not None and first <= port <= last


def _spanned(protocol: str, first: int | None, last: int | None) -> Iterator[tuple[str, Port]]:
    for each in PROTOCOLS if protocol == "-1" else (protocol,):
        for port in _ports_of(each):
            if protocol == "-1" or _in_span(port, first, last):
                yield each, port


def atoms_of(rule: GroupRule) -> set[Atom]:
    """Return every atom of the rule: a protocol, a port, and an address or a named peer."""
    match rule.peer.kind:
        case PeerKind.IPV4 | PeerKind.IPV6:
            network = ip_network(rule.peer.value)
            known = ADDRESSES if network.version == 4 else ADDRESSES6
            others = [address for address in known if ip_address(address) in network]
        case _:
            others = [str(rule.peer)]
    return {
        (protocol, port, other)
        for protocol, port in _spanned(rule.protocol, rule.from_port, rule.to_port)
        for other in others
    }


def is_inside(atom: Atom, rule: GroupRule, scope: Scope) -> bool:
    """Return whether this atom of the rule lies inside the scope."""
    protocol, port, other = atom
    if scope.directions and rule.direction not in scope.directions:
        return False
    if scope.ports and not any(
        (protocol, port) in set(_spanned(p.protocol, p.from_port, p.to_port)) for p in scope.ports
    ):
        return False
    if not scope.cidrs and not scope.peer_groups:
        return True
    if rule.peer.kind in {PeerKind.GROUP, PeerKind.PREFIX_LIST}:
        return other in scope.peer_groups or other.rpartition("/")[2] in scope.peer_groups
    return any(ip_address(other) in ip_network(cidr) for cidr in scope.cidrs)
