"""Permissions: what the role that changes AWS needs for each action, and why; and nothing more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.containment.action import Action


@dataclass(frozen=True, slots=True)
class Permission:
    """One IAM action, and what it is for."""

    action: str
    why: str


TAGS = Permission("ec2:CreateTags", "marks what sgwatch makes, and what is kept for forensics")
MOVES = Permission("ec2:ModifyNetworkInterfaceAttribute", "moves an interface between groups")
ACLS = Permission("ec2:ReplaceNetworkAclAssociation", "closes a subnet, or gives it back its ACL")
KEYS = Permission("iam:UpdateAccessKey", "switches an access key off and on")

NEEDED: Mapping[Action, tuple[Permission, ...]] = MappingProxyType(
    {
        Action.REVERT: (
            MOVES,
            TAGS,
            Permission("ec2:AssociateSecurityGroupVpc", "lets a group be used in a VPC again"),
            Permission("ec2:AuthorizeSecurityGroupEgress", "puts back rules that let out"),
            Permission("ec2:AuthorizeSecurityGroupIngress", "puts back rules that let in"),
            Permission("ec2:CreateSecurityGroup", "makes a deleted group again"),
            Permission("ec2:DeleteNetworkAclEntry", "deletes an entry that was added to an ACL"),
            Permission("ec2:DeleteSecurityGroup", "removes a new group that nothing uses"),
            Permission("ec2:DisassociateSecurityGroupVpc", "takes a group out of a VPC"),
            Permission("ec2:ModifyInstanceAttribute", "moves an instance between groups"),
            Permission("ec2:ModifyManagedPrefixList", "sets a prefix list's entries back"),
            Permission("ec2:ModifySecurityGroupRules", "sets edited rules back"),
            Permission("ec2:RevokeSecurityGroupEgress", "takes away rules that let out"),
            Permission("ec2:RevokeSecurityGroupIngress", "takes away rules that let in"),
            Permission("iam:DetachGroupPolicy", "detaches a policy from a group"),
            Permission("iam:DetachRolePolicy", "detaches a policy from a role"),
            Permission("iam:DetachUserPolicy", "detaches a policy from a user"),
            Permission("rds:ModifyDBInstance", "makes a database private"),
        ),
        Action.QUARANTINE: (
            MOVES,
            ACLS,
            TAGS,
            Permission("ec2:CreateSecurityGroup", "makes the group without rules, once in a VPC"),
            Permission("ec2:RevokeSecurityGroupEgress", "empties that group"),
            Permission("ec2:RevokeSecurityGroupIngress", "empties it, should it have gained rules"),
            Permission("ec2:CreateNetworkAcl", "makes the ACL that lets nothing through"),
            Permission("ec2:CreateSnapshots", "keeps an instance's disks"),
            Permission("autoscaling:EnterStandby", "keeps Auto Scaling from ending the instance"),
            Permission("elasticloadbalancing:DeregisterTargets", "sends the instance no requests"),
        ),
        Action.RESTRICT: (
            KEYS,
            Permission("iam:PutRolePolicy", "puts the denial on a role"),
            Permission("iam:PutUserPolicy", "puts the denial on a user"),
        ),
        Action.RELEASE: (
            MOVES,
            ACLS,
            KEYS,
            Permission("ec2:DeleteTags", "takes the tag for forensics away"),
            Permission("autoscaling:ExitStandby", "puts the instance back into service"),
            Permission("elasticloadbalancing:RegisterTargets", "sends it requests again"),
            Permission("iam:DeleteRolePolicy", "takes the denial off a role"),
            Permission("iam:DeleteUserPolicy", "takes the denial off a user"),
        ),
    }
)
"""A revert makes only the calls that the changes need; what it may not call, it says."""

READ = (
    Permission("autoscaling:DescribeAutoScalingInstances", "whether Auto Scaling may end one"),
    Permission("ec2:DescribeInstances", "which disks an instance has"),
    Permission("ec2:DescribeNetworkAcls", "which ACL a subnet uses"),
    Permission("ec2:DescribeNetworkInterfaces", "every interface, and its groups"),
    Permission("ec2:DescribeSecurityGroupRules", "whether the quarantine group has no rules"),
    Permission("ec2:DescribeSecurityGroups", "whether a VPC has a quarantine group"),
    Permission("ec2:DescribeSnapshots", "whether snapshots were begun"),
    Permission("ec2:DescribeTags", "whether the tag is there"),
    Permission("ec2:DescribeVpcs", "whether a VPC has IPv6"),
    Permission("elasticloadbalancing:DescribeTargetGroups", "which target groups there are"),
    Permission("elasticloadbalancing:DescribeTargetHealth", "whether the instance is in one"),
    Permission("iam:GetRole", "whether the role is there"),
    Permission("iam:GetRolePolicy", "whether the denial is on it"),
    Permission("iam:GetUser", "whether the user is there"),
    Permission("iam:GetUserPolicy", "whether the denial is on it"),
    Permission("iam:ListAccessKeys", "whether the key is active"),
)
"""What the role that reads needs to plan these, and to read them back."""


def needed(actions: Iterable[Action]) -> tuple[Permission, ...]:
    """Return what the role needs for some actions, each permission once, by name."""
    found = {p.action: p for action in actions for p in NEEDED.get(action, ())}
    return tuple(found[name] for name in sorted(found))
