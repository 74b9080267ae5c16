"""People and roles: the IAM users and roles of the world, and what each may do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.containment.action import Action
from bot.containment.permissions import READ, needed
from sandbox.aws.actors import Actor, Credentials

TERRAFORM_ROLE = "terraform-ci"
SGWATCH_ROLE = "sgwatch"
READ_ROLE = "sgwatch-read"
CONTAIN_ROLE = "sgwatch-contain"
SSO_ROLE = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
SSO_ROLE_PATH = "/aws-reserved/sso.amazonaws.com/eu-west-1/"

_AWS_POLICY = "arn:aws:iam::aws:policy"

# What each role may do. moto looks at actions only, so resources stand for the reader.
_ROLES: Mapping[str, tuple[str, Sequence[str]]] = {
    TERRAFORM_ROLE: ("/", ["ec2:*", "rds:*", "iam:Get*", "iam:List*"]),
    SSO_ROLE: (SSO_ROLE_PATH, ["*"]),
    SGWATCH_ROLE: ("/", ["sqs:*", "sts:AssumeRole"]),
    READ_ROLE: (
        "/",
        [
            "ec2:Describe*",
            "rds:Describe*",
            "elasticloadbalancing:DescribeLoadBalancers",
            "iam:Get*",
            "iam:List*",
            "iam:SimulatePrincipalPolicy",
            "cloudtrail:LookupEvents",
            *(permission.action for permission in READ),
        ],
    ),
    CONTAIN_ROLE: (
        "/",
        [
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:CreateSecurityGroup",
            "ec2:CreateTags",
            "ec2:DeleteNetworkAclEntry",
            "ec2:DeleteSecurityGroup",
            "ec2:Describe*",
            "ec2:ModifyInstanceAttribute",
            "ec2:ModifyManagedPrefixList",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:ModifySecurityGroupRules",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
            "iam:DetachGroupPolicy",
            "iam:DetachRolePolicy",
            "iam:DetachUserPolicy",
            "rds:ModifyDBInstance",
            *(p.action for p in needed((Action.QUARANTINE, Action.RESTRICT, Action.RELEASE))),
        ],
    ),
}


def build_people(owner: Actor) -> tuple[Credentials, Credentials]:
    """Build the users: Alice works at the console, Mallory's key lies in an old repository."""
    iam = owner.iam
    alice = _a_user(owner, "alice", "AmazonEC2FullAccess")
    iam.create_login_profile(UserName="alice", Password="not-a-real-password")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")
    iam.enable_mfa_device(
        UserName="alice",
        SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    mallory = _a_user(owner, "mallory", "AmazonEC2FullAccess")
    iam.attach_user_policy(UserName="mallory", PolicyArn=f"{_AWS_POLICY}/IAMFullAccess")
    return alice, mallory


def build_roles(owner: Actor, *, trusting: str) -> None:
    """Build the roles of an account; the trusted account's principals may assume them."""
    for name, (path, actions) in _ROLES.items():
        owner.iam.create_role(
            RoleName=name,
            Path=path,
            AssumeRolePolicyDocument=_policy(
                Action="sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{trusting}:root"}
            ),
        )
        owner.iam.put_role_policy(
            RoleName=name,
            PolicyName=name,
            PolicyDocument=_policy(Action=actions, Resource="*"),
        )


def _a_user(owner: Actor, name: str, policy: str) -> Credentials:
    owner.iam.create_user(UserName=name)
    owner.iam.attach_user_policy(UserName=name, PolicyArn=f"{_AWS_POLICY}/{policy}")
    key = owner.iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(key["AccessKeyId"], key["SecretAccessKey"])


def _policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})
