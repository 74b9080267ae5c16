"""Group rules in AWS's own forms, and back.

A permission has a protocol, ports and any number of peers; each peer makes a rule of its own. The
other form is one rule with its id, as DescribeSecurityGroupRules and newer records have it. Both
are read in boto3's and in CloudTrail's spelling.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from bot.changes.rules import ALL_PROTOCOLS, Direction, GroupRule, Peer, PeerKind
from bot.changes.shapes import Node, items, number, part, word, word_at
from bot.cloudtrail.text import flag_of

NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": ALL_PROTOCOLS}
"""AWS stores these protocols under their names."""

WITH_PORTS = frozenset({"tcp", "udp"})
WITH_TYPES = frozenset({"icmp", "icmpv6"})
ALL_PORTS = (0, 65535)
YET_TO_BE = "⟨"
"""What the name of a group begins with that a plan is yet to make: AWS allows it in no name."""

Ports = tuple[int | None, int | None]


class RuleFormError(ValueError):
    """AWS described a rule in a form that is not known here. The text says which rule."""


def rules_from_permissions(
    permissions: Node, direction: Direction, owner: str = ""
) -> tuple[GroupRule, ...]:
    """Return the rules in a list of permissions.

    ``owner`` is the group's account: a peer group of the same account is named without one.
    """
    rules: dict[GroupRule, None] = {}
    for permission in items(permissions):
        protocol, ports = _traffic(permission)
        for peer, leaf in _peers(permission, owner):
            description = word_at(leaf, "description")
            rules.setdefault(GroupRule(direction, protocol, *ports, peer, description))
    return tuple(rules)


def permissions_from_rules(rules: Iterable[GroupRule]) -> list[dict[str, Any]]:
    """Return rules of one direction as boto3's IpPermissions."""
    grouped: dict[tuple[str, Ports], dict[str, Any]] = {}
    for rule in rules:
        ports = _wire_ports(rule)
        permission = grouped.setdefault((rule.protocol, ports), {"IpProtocol": rule.protocol})
        if ports[0] is not None:
            permission |= {"FromPort": ports[0], "ToPort": ports[1]}
        key, peer = _wire_peer(rule.peer)
        described = peer | ({"Description": rule.description} if rule.description else {})
        permission.setdefault(key, []).append(described)
    return list(grouped.values())


def rule_request(rule: GroupRule) -> dict[str, Any]:
    """Return a rule as ModifySecurityGroupRules takes it."""
    first, last = _wire_ports(rule)
    ports = {} if first is None else {"FromPort": first, "ToPort": last}
    key = {
        PeerKind.IPV4: "CidrIpv4",
        PeerKind.IPV6: "CidrIpv6",
        PeerKind.PREFIX_LIST: "PrefixListId",
        PeerKind.GROUP: "ReferencedGroupId",
    }[rule.peer.kind]
    request = {"IpProtocol": rule.protocol} | ports | {key: rule.peer.value}
    return request | ({"Description": rule.description} if rule.description else {})


def rule_from_description(description: Node) -> GroupRule:
    """Return one of DescribeSecurityGroupRules' rules. Raises RuleFormError."""
    rule = read_rule(description)
    if rule is None or rule.direction is Direction.UNKNOWN:
        known = word_at(description, "securityGroupRuleId") or "without id"
        raise RuleFormError(f"AWS described the rule {known} in a form that is not known here")
    return rule


def read_rule(
    node: Node, direction: Direction = Direction.UNKNOWN, owner: str = ""
) -> GroupRule | None:
    """Return the rule that a node describes, or None where it tells no peer.

    ``direction`` and ``owner`` are for nodes that do not tell them.
    """
    owner = word_at(node, "groupOwnerId") or owner
    peer = _peer(node, owner)
    if peer is None:
        return None
    egress = flag_of(part(node, "isEgress"))
    if egress is not None:
        direction = Direction.EGRESS if egress else Direction.INGRESS
    protocol, ports = _traffic(node)
    return GroupRule(
        direction,
        protocol,
        *ports,
        peer,
        word_at(node, "description"),
        word_at(node, "securityGroupRuleId"),
    )


@lru_cache(maxsize=4096)
def cidr_peer(text: str) -> Peer:
    """Return the peer for a CIDR in its canonical form; what is no CIDR stays as it is."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return Peer(PeerKind.IPV6 if ":" in text else PeerKind.IPV4, text)
    return Peer(PeerKind.IPV4 if network.version == 4 else PeerKind.IPV6, str(network))


def group_peer(node: Node, owner: str) -> Peer | None:
    """Return the peer for a group, by its id or else its name."""
    group = word_at(node, "groupId", "groupName")
    account = word_at(node, "userId")
    return Peer(PeerKind.GROUP, group, "" if account == owner else account) if group else None


def protocol_of(text: str) -> str:
    """Return a protocol as AWS names it."""
    name = text.lower()
    name = str(int(name)) if name.isdecimal() else name
    return NAMES.get(name, name)


def ports_of(protocol: str, first: int | None, last: int | None) -> Ports:
    """Return ports as AWS stores them: it decides on the protocol whether there are any."""
    if protocol in WITH_PORTS:
        return ALL_PORTS if first in {None, -1} and last in {None, -1} else (first, last)
    if protocol in WITH_TYPES:
        if first in {None, -1}:
            return None, None
        return first, None if last == -1 else last
    return (first, last) if not protocol else (None, None)


def _traffic(node: Node) -> tuple[str, Ports]:
    told = part(node, "ipProtocol"), part(node, "fromPort"), part(node, "toPort")
    try:
        return _normal_traffic(*told)
    except TypeError:  # an object in a scalar's place cannot be looked up
        return _normal_traffic.__wrapped__(*told)


@lru_cache(maxsize=4096, typed=True)
def _normal_traffic(protocol: Node, first: Node, last: Node) -> tuple[str, Ports]:
    name = protocol_of(word(protocol))
    return name, ports_of(name, number(first), number(last))


def _peers(permission: Node, owner: str) -> Iterator[tuple[Peer, Node]]:
    for ranges, key in (("ipRanges", "cidrIp"), ("ipv6Ranges", "cidrIpv6")):
        for leaf in items(part(permission, ranges)):
            if cidr := word_at(leaf, key) or word(leaf):
                yield cidr_peer(cidr), leaf
    for leaf in items(part(permission, "prefixListIds")):
        if prefix_list := word_at(leaf, "prefixListId") or word(leaf):
            yield Peer(PeerKind.PREFIX_LIST, prefix_list), leaf
    for leaf in (*items(part(permission, "groups")), *items(part(permission, "userIdGroupPairs"))):
        if peer := group_peer(leaf, owner):
            yield peer, leaf


def _peer(node: Node, owner: str) -> Peer | None:
    """Return the one peer of a rule, in the names of any call that tells one."""
    if cidr := word_at(node, "cidrIpv4", "cidrIpv6", "cidrIp"):
        return cidr_peer(cidr)
    if prefix_list := word_at(node, "prefixListId"):
        return Peer(PeerKind.PREFIX_LIST, prefix_list)
    if peer := group_peer(part(node, "referencedGroupInfo"), owner):
        return peer
    if group := word_at(node, "referencedGroupId"):
        return Peer(PeerKind.GROUP, group)
    if name := word_at(node, "sourceSecurityGroupName"):
        account = word_at(node, "sourceSecurityGroupOwnerId")
        return Peer(PeerKind.GROUP, name, "" if account == owner else account)
    return None


def _wire_ports(rule: GroupRule) -> Ports:
    """Return ports as the API takes them: -1 is every type or every code."""
    first, last = ports_of(rule.protocol, rule.from_port, rule.to_port)
    if rule.protocol in WITH_TYPES:
        return -1 if first is None else first, -1 if last is None else last
    return first, last


def _wire_peer(peer: Peer) -> tuple[str, dict[str, str]]:
    match peer.kind:
        case PeerKind.IPV4:
            return "IpRanges", {"CidrIp": peer.value}
        case PeerKind.IPV6:
            return "Ipv6Ranges", {"CidrIpv6": peer.value}
        case PeerKind.PREFIX_LIST:
            return "PrefixListIds", {"PrefixListId": peer.value}
        case PeerKind.GROUP:
            named = "GroupId" if peer.value.startswith(("sg-", YET_TO_BE)) else "GroupName"
            account = {"UserId": peer.account} if peer.account else {}
            return "UserIdGroupPairs", {named: peer.value} | account
