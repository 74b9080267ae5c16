"""Normalising: any CloudTrail record as one change."""

from collections.abc import Callable, Mapping

from bot.changes.calls import groups, lists, members, rules
from bot.changes.calls.call import Call, opened
from bot.changes.calls.other import other
from bot.changes.change import Change, Verb
from bot.cloudtrail.record import Record, succeeded

__all__ = ["JOINS", "MOVES", "change_of", "is_group_change", "moved_into", "succeeded"]

EC2 = "ec2.amazonaws.com"

CALLS: Mapping[str, Callable[[Call], Change]] = {
    "AuthorizeSecurityGroupIngress": rules.authorized,
    "AuthorizeSecurityGroupEgress": rules.authorized,
    "RevokeSecurityGroupIngress": rules.revoked,
    "RevokeSecurityGroupEgress": rules.revoked,
    "ModifySecurityGroupRules": rules.modified,
    "UpdateSecurityGroupRuleDescriptionsIngress": rules.described,
    "UpdateSecurityGroupRuleDescriptionsEgress": rules.described,
    "CreateSecurityGroup": groups.created,
    "CreateDefaultVpc": groups.created_default_vpc,
    "DeleteSecurityGroup": groups.deleted,
    "CreateTags": groups.tagged,
    "DeleteTags": groups.tagged,
    "AssociateSecurityGroupVpc": groups.associated,
    "DisassociateSecurityGroupVpc": groups.disassociated,
    "ModifyInstanceAttribute": members.instance_modified,
    "ModifyNetworkInterfaceAttribute": members.interface_modified,
    "RunInstances": members.instances_run,
    "CreateNetworkInterface": members.interface_created,
    "ModifyManagedPrefixList": lists.list_modified,
    "CreateManagedPrefixList": lists.list_created,
    "RestoreManagedPrefixListVersion": lists.list_restored,
    "DeleteManagedPrefixList": lists.list_deleted,
}

MOVES = frozenset({"ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute"})
"""Calls that move something into groups."""

JOINS = MOVES | {"RunInstances", "CreateNetworkInterface"}
"""Calls that move something into groups or make it there, where what is open there counts."""


def change_of(record: Record) -> Change:
    """Return what the record did. What its parameters do not tell is left empty; never raises."""
    normaliser = CALLS.get(record.event_name, other) if record.event_source == EC2 else other
    return normaliser(opened(record))


def moved_into(change: Change) -> tuple[str, ...]:
    """Return the groups that something comes into, so that what is open there counts."""
    return change.groups_after if change.action in JOINS and not change.error else ()


def is_group_change(record: Record) -> bool:
    """Return whether the record is of a call on a group, its rules or its members."""
    return change_of(record).verb is not Verb.OTHER
