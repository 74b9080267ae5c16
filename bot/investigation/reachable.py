"""Reachable: whether what a change opened can be reached from the internet, with the reason.

Careful both ways. *Yes* only where every part of the way is known to be open, *no* only where one
is known to be closed. A change may be to part of the internet, and a route or an ACL for part of
that: so the addresses are cut where routes and ACLs cut them, and each piece is looked at alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from bot.aws.network import AclEntry, Instance, Interface, Route, Surroundings
from bot.changes.addresses import Interval, Intervals, both, interval_of, intervals_of, minus
from bot.changes.permissions import WITH_TYPES
from bot.changes.ports import ports_text, span_of
from bot.changes.reach import NOBODY
from bot.changes.rules import ALL_PROTOCOLS, Direction, GroupRule, PeerKind

VERSIONS = {PeerKind.IPV4: 4, PeerKind.IPV6: 6}
REPLIES = (1024, 65535)
"""The ports of those who connect, to which replies must get out: ACLs keep no state."""

OFF = frozenset({"stopped", "stopping", "shutting-down", "terminated"})

LEADS_TO = {
    "local": "stays in the VPC",
    "nat-": "leads to a NAT gateway, through which nobody comes in",
    "eigw-": "leads to an egress-only gateway, through which nobody comes in",
    "tgw-": "leads to a transit gateway and not to the internet",
    "pcx-": "leads to another VPC and not to the internet",
    "vgw-": "leads to a VPN and not to the internet",
    "lgw-": "leads to an Outpost's own network",
    "arn:": "leads to a core network and not to the internet",
}
"""Where a route leads, by the beginning of its target's id. Of all others it is not known what
they let through: a firewall's endpoint or interface, or a carrier's gateway."""


class Verdict(IntEnum):
    """Whether something can be reached, the least first."""

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Reached:
    """A verdict, and why, in words that complete "reachable: no: …"."""

    verdict: Verdict
    why: str


def reachable(
    interface: Interface,
    instance: Instance | None,
    around: Surroundings,
    rules: Sequence[GroupRule],
) -> Reached:
    """Return whether the internet can reach an interface through rules of its group.

    ``instance`` is the one that the interface is attached to, where that is known. Asked is for
    the way straight to the interface: what a load balancer passes on is not seen here.
    """
    opened = to_internet(rules)
    if not opened:
        return Reached(Verdict.NO, "nothing is opened to public addresses")
    if not interface.public:
        return Reached(Verdict.NO, "no public address")
    if not interface.attached:
        return Reached(Verdict.NO, "the interface is not attached to anything")
    if instance is not None and instance.state in OFF:
        return Reached(Verdict.NO, f"the instance is {instance.state}")
    if around.blocked:
        return Reached(Verdict.NO, "VPC Block Public Access keeps the internet out")
    versions = {6 if ":" in address else 4 for address in interface.public}
    found = _best([_through(rule, frozenset(versions), around) for rule in opened])
    if found.verdict is not Verdict.YES:
        return found
    if around.blocked is None:
        return Reached(Verdict.UNKNOWN, "not known whether VPC Block Public Access is on")
    if interface.instance and instance is None:
        return Reached(Verdict.UNKNOWN, "not known whether the instance runs")
    return found


def to_internet(rules: Sequence[GroupRule]) -> tuple[GroupRule, ...]:
    """Return the rules that let in somebody on the internet, or may: a prefix list holds anything.

    A rule whose direction no record tells is taken for the graver one.
    """
    return tuple(
        rule
        for rule in rules
        if rule.direction is not Direction.EGRESS
        and (rule.peer.kind is PeerKind.PREFIX_LIST or _public(rule))
    )


def _public(rule: GroupRule) -> Intervals:
    version = VERSIONS.get(rule.peer.kind)
    return minus(intervals_of([rule.peer.value], version), NOBODY[version]) if version else ()


@lru_cache(maxsize=1024)
def _through(rule: GroupRule, versions: frozenset[int], around: Surroundings) -> Reached:
    """Return whether there is a way in through one rule, to addresses of these IP versions."""
    if rule.peer.kind is PeerKind.PREFIX_LIST:
        return Reached(Verdict.UNKNOWN, f"what {rule.peer} holds was not looked at")
    version = VERSIONS[rule.peer.kind]
    if version not in versions:
        return Reached(Verdict.NO, f"no public IPv{version} address")
    pieces = list(_pieces(_public(rule), version, around))
    found = [(last - first + 1, _at(first, version, rule, around)) for first, last in pieces]
    best = _best([reached for _, reached in found])
    # Of the pieces with the best verdict the widest tells why.
    why = max((s, r.why) for s, r in found if r.verdict is best.verdict)[1]
    whole = all(reached.verdict is best.verdict for _, reached in found)
    part = "" if whole or best.verdict is Verdict.NO else ", for some of the addresses"
    return Reached(best.verdict, why + part)


def _best(found: Sequence[Reached]) -> Reached:
    return max(found, key=lambda reached: reached.verdict)


def _pieces(addresses: Intervals, version: int, around: Surroundings) -> Iterator[Interval]:
    """Yield the addresses, cut wherever a route or an ACL's entry begins or ends."""
    cidrs = [route.destination for route in around.routes or ()]
    cidrs += [entry.cidr for entry in around.acl or ()]
    cuts: set[int] = set()
    for cidr in cidrs:
        if (known := interval_of(cidr)) and known[0] == version:
            cuts |= {known[1][0], known[1][1] + 1}
    for first, last in addresses:
        starts = [first, *sorted(cut for cut in cuts if first < cut <= last)]
        ends = [start - 1 for start in starts[1:]] + [last]
        yield from zip(starts, ends, strict=True)


def _at(address: int, version: int, rule: GroupRule, around: Surroundings) -> Reached:
    """Return whether one address outside can reach the interface: the least of the parts."""
    parts = (_routed(address, version, around.routes), _let_in(address, version, rule, around.acl))
    least = min(parts, key=lambda part: part.verdict)
    return least if least.verdict is not Verdict.YES else Reached(Verdict.YES, parts[0].why)


def _routed(address: int, version: int, routes: Sequence[Route] | None) -> Reached:
    """Return whether packets to an address leave through an internet gateway, as replies must."""
    if routes is None:
        return Reached(Verdict.UNKNOWN, "the routes are not known")
    target, longest = None, -1
    for route in routes:
        length = _holds(route.destination, version, address)
        if length > longest:
            target, longest = route.target, length
    if target is not None and target.startswith("igw-"):
        return Reached(Verdict.YES, f"routed to {target}, and the network ACL lets it in")
    # A list may hold all of the internet. One that leads elsewhere hardly does: it is passed over.
    if any(r.destination.startswith("pl-") and r.target.startswith("igw-") for r in routes):
        return Reached(Verdict.UNKNOWN, "a prefix list that was not looked at leads to the gateway")
    if target is None:
        return Reached(Verdict.NO, "no route to the internet")
    if not target:
        return Reached(Verdict.NO, "the route's gateway is gone")
    for start, leads in LEADS_TO.items():
        if target.startswith(start):
            return Reached(Verdict.NO, f"its route {leads}")
    return Reached(Verdict.UNKNOWN, f"its route leads to {target}; what that lets in is not known")


def _let_in(address: int, version: int, rule: GroupRule, acl: Sequence[AclEntry] | None) -> Reached:
    """Return whether a network ACL lets the rule's traffic in, and its replies out."""
    if acl is None:
        return Reached(Verdict.UNKNOWN, "the network ACL is not known")
    protocols: tuple[str, ...] = (rule.protocol,)
    if rule.protocol in {ALL_PROTOCOLS, ""}:
        protocols = ("tcp", "udp", "icmp" if version == 4 else "icmpv6")
    entries = sorted((e for e in acl if _holds(e.cidr, version, address) >= 0), key=_number)
    inward = [entry for entry in entries if not entry.egress]
    outward = [entry for entry in entries if entry.egress]
    let = [protocol for protocol in protocols if _allows(inward, protocol, span_of(rule))]
    if not let:
        return Reached(Verdict.NO, f"the network ACL keeps {ports_text(rule)} out")
    if let == ["tcp"] and not _allows(outward, "tcp", REPLIES):
        return Reached(Verdict.NO, "the network ACL lets no replies out")
    return Reached(Verdict.YES, "")


def _allows(entries: Sequence[AclEntry], protocol: str, span: Interval) -> bool:
    """Return whether some port of a span is allowed. Of each port the first entry decides."""
    left: Intervals = (span,)
    for entry in entries:
        if entry.protocol not in {ALL_PROTOCOLS, protocol}:
            continue
        anything = entry.protocol == ALL_PROTOCOLS or protocol not in {"tcp", "udp", *WITH_TYPES}
        met = left if anything else both(left, (entry.ports,))
        if met and entry.allow:
            return True
        left = minus(left, met)
    return False


def _holds(cidr: str, version: int, address: int) -> int:
    """Return the length of the prefix by which a CIDR holds an address; -1 if it does not."""
    known = interval_of(cidr)
    if known is None or known[0] != version or not known[1][0] <= address <= known[1][1]:
        return -1
    first, last = known[1]
    return (32 if version == 4 else 128) - (last - first + 1).bit_length() + 1


def _number(entry: AclEntry) -> int:
    return entry.number
