"""Rules of security groups: how EC2 reads, compares and describes one."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidCIDRSubnetError,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models.security_groups import SecurityGroupRule

from sandbox.aws.patches import Patches

_PROTOCOLS = {"all": "-1", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}


def mend_rules(patches: Patches) -> None:
    """Let rules be equal, described and owned as they are in EC2."""
    patches.replace(SecurityGroupRule, "__eq__", _equal)
    patches.replace(SecurityGroupRule, "description", property(_description))
    patches.add(SecurityGroupRule, "group_owner_id", property(_group_owner_id))


def rules_of(
    backend: Any,
    group: Any,
    permissions: Iterable[Mapping[str, Any]],
    *,
    egress: bool,
    tags: dict[str, str] | None = None,
) -> list[Any]:
    """Return the rules that a call names: one for each permission and peer."""
    return [
        _a_rule(backend, group.id, permission, peer, egress=egress, tags=tags)
        for permission in permissions
        for peer in _peers(backend, group, permission)
    ]


def peer_of(rule: Any) -> tuple[str, str]:
    """Return the kind and the value of a rule's other side."""
    if cidr := rule.ip_range.get("CidrIp"):
        return "CidrIp", cidr
    if cidr := rule.ip_range.get("CidrIpv6"):
        return "CidrIpv6", cidr
    if group := rule.source_group.get("GroupId"):
        return "GroupId", group
    return "PrefixListId", rule.prefix_list_id


def describe(rule: Any, text: str | None) -> None:
    """Give a rule its description; moto keeps it with the peer, and none for prefix lists."""
    if rule.prefix_list_id:
        rule.prefix_list_description = text
        return
    peer = rule.ip_range or rule.source_group
    peer.pop("Description", None)
    if text:
        peer["Description"] = text


def _a_rule(
    backend: Any,
    group_id: str,
    permission: Mapping[str, Any],
    peer: Mapping[str, Any],
    *,
    egress: bool,
    tags: dict[str, str] | None,
) -> Any:
    # moto demands ports for every protocol but -1, so it is told -1 and then the truth.
    rule = SecurityGroupRule(
        backend, "-1", group_id, None, None, None, is_egress=egress, tags=tags or {}
    )
    rule.ip_protocol, rule.from_port, rule.to_port = _traffic(permission)
    text = peer.get("Description")
    if "PrefixListId" in peer:
        rule.prefix_list_id = peer["PrefixListId"]
    elif "GroupId" in peer:
        rule.source_group = dict(peer)
    else:
        rule.ip_range = dict(peer)
    describe(rule, text)
    return rule


def _traffic(permission: Mapping[str, Any]) -> tuple[str, int | None, int | None]:
    """Return protocol and ports as EC2 keeps them: none for -1 and for protocols without ports."""
    given = permission.get("IpProtocol")
    if given is None:
        raise EC2ClientError(
            "InvalidParameterValue",
            "Invalid value 'null' for protocol. "
            "VPC security group rules must specify protocols explicitly.",
        )
    protocol = _PROTOCOLS.get(str(given).lower(), str(given).lower())
    start, end = permission.get("FromPort"), permission.get("ToPort")
    if protocol in {"icmp", "icmpv6"}:
        return protocol, -1 if start is None else start, -1 if end is None else end
    if protocol not in {"tcp", "udp"}:
        return protocol, None, None
    if start is None or end is None:
        raise EC2ClientError(
            "InvalidParameterValue",
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        )
    return protocol, start, end


def _peers(backend: Any, group: Any, permission: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for peer in permission.get("IpRanges") or ():
        yield {**peer, "CidrIp": _canonical(peer.get("CidrIp"), ipaddress.IPv4Network)}
    for peer in permission.get("Ipv6Ranges") or ():
        yield {**peer, "CidrIpv6": _canonical(peer.get("CidrIpv6"), ipaddress.IPv6Network)}
    for peer in permission.get("UserIdGroupPairs") or ():
        yield _group_pair(backend, group, peer)
    yield from permission.get("PrefixListIds") or ()


def _canonical(
    cidr: str | None, network: type[ipaddress.IPv4Network] | type[ipaddress.IPv6Network]
) -> str:
    """Return the network that a CIDR names: EC2 keeps 100.68.0.18/18 as 100.68.0.0/18."""
    if not cidr or "/" not in cidr:
        raise InvalidCIDRSubnetError(cidr=cidr)
    try:
        return str(network(cidr, strict=False))
    except ValueError:
        raise InvalidCIDRSubnetError(cidr=cidr) from None


def _group_pair(backend: Any, group: Any, peer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the named group with its owner; one in another account is taken at its word."""
    owner = peer.get("UserId") or backend.account_id
    named = peer.get("GroupId") or peer.get("GroupName") or ""
    if owner == backend.account_id:
        found = backend.get_security_group_by_name_or_id(named, group.vpc_id)
        if not found:
            raise InvalidSecurityGroupNotFoundError(named)
        named = found.id
    kept = {key: value for key, value in peer.items() if key != "GroupName"}
    return {**kept, "UserId": owner, "GroupId": named}


def _equal(self: Any, other: Any) -> bool:
    """Compare as EC2 does: by traffic and peer. moto also compares a pair's description."""
    return (self.ip_protocol, self.from_port, self.to_port, peer_of(self)) == (
        other.ip_protocol,
        other.from_port,
        other.to_port,
        peer_of(other),
    )


def _description(self: Any) -> str | None:
    """Return the description, whatever the peer. moto knows only that of an address range."""
    if self.prefix_list_id:
        return getattr(self, "prefix_list_description", None)
    text: str | None = (self.ip_range or self.source_group).get("Description")
    return text


def _group_owner_id(self: Any) -> str:
    """Return the account of the group: EC2's answers and records tell it, moto's do not."""
    owner: str = self.ec2_backend.account_id
    return owner
