"""Calls about group rules: each is done whole or not at all, and answers with all its rules.

moto does a call permission by permission: it answers with the last one's rules, keeps the first
ones when a later one fails, and does not say what a revoke removed.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError,
    InvalidPermissionNotFoundError,
    InvalidSecurityGroupNotFoundError,
    InvalidSecurityGroupRuleIdNotFoundError,
    RulesPerSecurityGroupLimitExceededError,
)
from moto.ec2.responses.security_groups import SecurityGroups

from sandbox.aws.mends.rules import describe, peer_of, rules_of
from sandbox.aws.patches import Patches

RULES_PER_DIRECTION = 60  # EC2's quota, unless an account has asked for more


def mend_group_calls(patches: Patches) -> None:
    """Let the calls about rules do and answer what EC2's do."""
    for direction, egress in (("ingress", False), ("egress", True)):
        for name, call in (
            (f"authorize_security_group_{direction}", _authorize),
            (f"revoke_security_group_{direction}", _revoke),
            (f"update_security_group_rule_descriptions_{direction}", _update_descriptions),
        ):
            patches.replace(SecurityGroups, name, _facing(call, egress=egress))
    patches.replace(SecurityGroups, "modify_security_group_rules", _modify)


def _facing(call: Callable[[Any, bool], Any], *, egress: bool) -> Callable[[Any], Any]:
    def directed(self: Any) -> Any:
        self.error_on_dryrun()
        return call(self, egress)

    return directed


def _authorize(response: Any, egress: bool) -> Any:
    group = _group(response)
    tags = response._parse_tag_specification().get("security-group-rule", {})
    permissions = _permissions(response.params)
    new = rules_of(response.ec2_backend, group, permissions, egress=egress, tags=tags)
    rules = _rules(group, egress=egress)
    _refuse_doubles(rules, new)
    if len(rules) + len(new) > RULES_PER_DIRECTION:
        raise RulesPerSecurityGroupLimitExceededError
    rules.extend(new)
    return ActionResult({"Return": True, "SecurityGroupRules": [_answered(rule) for rule in new]})


def _revoke(response: Any, egress: bool) -> Any:
    group = _group(response)
    rules = _rules(group, egress=egress)
    if ids := response.params.get("SecurityGroupRuleIds"):
        doomed = [_by_id(rules, rule_id) for rule_id in ids]
    else:
        permissions = _permissions(response.params)
        named = rules_of(response.ec2_backend, group, permissions, egress=egress)
        doomed = [_like(rules, rule) for rule in named]
    gone = {rule.id for rule in doomed}
    rules[:] = [rule for rule in rules if rule.id not in gone]
    return ActionResult(
        {"Return": True, "RevokedSecurityGroupRules": [_revoked(r) for r in doomed]}
    )


def _update_descriptions(response: Any, egress: bool) -> Any:
    """Describe rules, named by id or by what they allow. moto ignores ids."""
    group = _group(response)
    rules = _rules(group, egress=egress)
    if entries := response.params.get("SecurityGroupRuleDescriptions"):
        texts = [(_by_id(rules, e["SecurityGroupRuleId"]), e.get("Description")) for e in entries]
    else:
        permissions = _permissions(response.params)
        named = rules_of(response.ec2_backend, group, permissions, egress=egress)
        texts = [(_like(rules, rule), rule.description) for rule in named]
    for rule, text in texts:
        describe(rule, text)
    return ActionResult({"Return": True})


def _modify(self: Any) -> Any:
    """Put new values in the place of old ones. moto can change IPv4 ranges with ports only."""
    self.error_on_dryrun()
    group = _group(self)
    changes = []
    for update in self.params.get("SecurityGroupRules") or ():
        old = _by_id(group.ingress_rules + group.egress_rules, update["SecurityGroupRuleId"])
        permission = _as_permission(update["SecurityGroupRule"])
        (new,) = rules_of(self.ec2_backend, group, [permission], egress=old.is_egress)
        if peer_of(old)[0] != peer_of(new)[0]:
            raise EC2ClientError(
                "InvalidParameterValue",
                f"Invalid rule type for security group rule '{old.id}'. "
                f"You may not specify {peer_of(new)[0]} for a rule with {peer_of(old)[0]}.",
            )
        others = [r for r in _rules(group, egress=old.is_egress) if r.id != old.id]
        _refuse_doubles(others, [new])
        changes.append((old, new))
    for old, new in changes:
        old.ip_protocol, old.from_port, old.to_port = new.ip_protocol, new.from_port, new.to_port
        old.ip_range, old.source_group = new.ip_range, new.source_group
        old.prefix_list_id = new.prefix_list_id
        describe(old, new.description)
    return ActionResult({"Return": True})


def _group(response: Any) -> Any:
    params = response.params
    named = params.get("GroupId") or params.get("GroupName")
    if not named:
        raise EC2ClientError(
            "MissingParameter", "The request must contain the parameter groupName or groupId"
        )
    group = response.ec2_backend.get_security_group_by_name_or_id(named)
    if not group:
        raise InvalidSecurityGroupNotFoundError(named)
    return group


def _rules(group: Any, *, egress: bool) -> list[Any]:
    rules: list[Any] = group.egress_rules if egress else group.ingress_rules
    return rules


def _permissions(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the permissions of a call; the flat form is one permission."""
    if permissions := params.get("IpPermissions"):
        return list(permissions)
    flat = {key: params.get(key) for key in ("IpProtocol", "FromPort", "ToPort")}
    if cidr := params.get("CidrIp"):
        return [{**flat, "IpRanges": [{"CidrIp": cidr}]}]
    if name := params.get("SourceSecurityGroupName"):
        pair = {"GroupName": name, "UserId": params.get("SourceSecurityGroupOwnerId")}
        return [{**flat, "UserIdGroupPairs": [pair]}]
    raise EC2ClientError("MissingParameter", "The request must contain the parameter ipPermissions")


def _as_permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return what ModifySecurityGroupRules calls a rule as the permission that it is."""
    text = {"Description": rule["Description"]} if rule.get("Description") else {}
    peers = {
        "IpRanges": ("CidrIp", rule.get("CidrIpv4")),
        "Ipv6Ranges": ("CidrIpv6", rule.get("CidrIpv6")),
        "UserIdGroupPairs": ("GroupId", rule.get("ReferencedGroupId")),
        "PrefixListIds": ("PrefixListId", rule.get("PrefixListId")),
    }
    named = {key: [{name: value, **text}] for key, (name, value) in peers.items() if value}
    if len(named) != 1:
        raise EC2ClientError(
            "InvalidParameterCombination",
            "Exactly one of cidrIpv4, cidrIpv6, prefixListId, or referencedGroupId is needed",
        )
    return {key: rule.get(key) for key in ("IpProtocol", "FromPort", "ToPort")} | named


def _refuse_doubles(rules: list[Any], new: list[Any]) -> None:
    for position, rule in enumerate(new):
        if rule in rules:
            raise EC2ClientError(
                "InvalidPermission.Duplicate",
                f'the specified rule "peer: {peer_of(rule)[1]}, {rule.ip_protocol.upper()}, '
                f'from port: {rule.from_port}, to port: {rule.to_port}, ALLOW" already exists',
            )
        if rule in new[:position]:
            raise EC2ClientError(
                "InvalidParameterValue", "The same permission must not appear multiple times"
            )


def _by_id(rules: list[Any], rule_id: str) -> Any:
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)


def _like(rules: list[Any], wanted: Any) -> Any:
    for rule in rules:
        if rule == wanted:
            return rule
    raise InvalidPermissionNotFoundError


def _answered(rule: Any) -> Any:
    """Return a rule as calls answer with it: all ports are -1 there."""
    shown = copy.copy(rule)
    shown.from_port = -1 if rule.from_port is None else rule.from_port
    shown.to_port = -1 if rule.to_port is None else rule.to_port
    return shown


def _revoked(rule: Any) -> dict[str, Any]:
    kind, value = peer_of(rule)
    shown = _answered(rule)
    peer = {"CidrIp": "CidrIpv4", "GroupId": "ReferencedGroupId"}.get(kind, kind)
    return {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": shown.from_port,
        "ToPort": shown.to_port,
        peer: value,
        "Description": rule.description,
    }
