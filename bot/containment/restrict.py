"""Restrict: the plan that stops an actor, by an inline policy that only denies.

A denial wins over every permission. Sessions that were issued before are denied everything, since
whoever stole one goes on using it; whoever gets a new one is denied what was chosen.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.containment.choice import Reach, Stop
from bot.containment.effects.denial import ACTIVE, WHEN_CALLED, Deny, SwitchKey
from bot.containment.plan import Call, Plan

GROUP_CALLS = (
    "ec2:AssociateSecurityGroupVpc",
    "ec2:AuthorizeSecurityGroup*",
    "ec2:CreateManagedPrefixList",
    "ec2:CreateNetworkInterface",
    "ec2:CreateSecurityGroup",
    "ec2:DeleteManagedPrefixList",
    "ec2:DeleteSecurityGroup",
    "ec2:DisassociateSecurityGroupVpc",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyManagedPrefixList",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:ModifySecurityGroupRules",
    "ec2:RestoreManagedPrefixListVersion",
    "ec2:RevokeSecurityGroup*",
    "ec2:UpdateSecurityGroupRuleDescriptions*",
)
"""What opens, closes or edits a group, and what moves something into another."""

STAYING = (
    "iam:CreateAccessKey",
    "iam:DeleteRolePolicy",
    "iam:DeleteUserPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAccessKey",
)
"""With what an actor who may change IAM would take the denial off again, or get another key."""

ROLE = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):role/(.+)")
USER = re.compile(r"arn:(aws[\w-]*):iam::(\d{12}):user/(.+)")
GLOBAL = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where IAM is called, by partition."""

SSO_PATH, LINKED_PATH = "aws-reserved/", "aws-service-role/"


@dataclass(frozen=True, slots=True)
class Actor:
    """The role or user to restrict, and what of it is known now.

    ``key`` is the access key that made the changes, ``status`` whether it is active; both are
    empty for a role. ``there`` is that the role or user exists.
    """

    holder: Literal["role", "user"]
    name: str
    account: str
    region: str
    key: str = ""
    status: str = ""
    there: bool = True


def actor_of(principal: Principal | None, own: Collection[str]) -> Actor | str:
    """Return whom to restrict, or why it cannot be done and what can.

    ``own`` are the ARNs of the roles that sgwatch itself has.
    """
    if principal is None:
        return "The records do not say who did it."
    if refusal := KINDS.get(principal.kind):
        return refusal
    if principal.invoked_by:
        return f"{principal.invoked_by} made the call, for {principal.label}. {STACK}"
    if principal.id in own:
        return OURS
    if found := USER.fullmatch(principal.id):
        key = principal.access_key if principal.access_key.startswith("AKIA") else ""
        name = found[3].rpartition("/")[2]
        return Actor("user", name, found[2], GLOBAL.get(found[1], "us-east-1"), key)
    if not (found := ROLE.fullmatch(principal.id)):
        return f"{principal.label} is neither a role nor a user of IAM, so no policy can be put on."
    path, _, name = found[3].rpartition("/")
    if f"{path}/".startswith(SSO_PATH) or name.startswith("AWSReservedSSO_"):
        return IDENTITY_CENTER
    if f"{path}/".startswith(LINKED_PATH) or name.startswith("AWSServiceRoleFor"):
        return LINKED
    return Actor("role", name, found[2], GLOBAL.get(found[1], "us-east-1"))


IDENTITY_CENTER = (
    "The role belongs to IAM Identity Center, where AWS lets nobody put a policy on it. There, "
    "disable the user and end their sessions; where one permission set is to be stopped, take "
    "away the assignment. Or deny with a service control policy whose condition names the user: "
    'aws:userid like "*:their name".'
)
LINKED = (
    "This is a service-linked role: only its AWS service uses it, and AWS lets nobody put a policy "
    "on it. Look for who told the service to make the call."
)
ROOT = (
    "This is the account's root user, whom no policy in the account can deny. Change its password "
    "and delete its access keys; with AWS Organizations, a service control policy denies it."
)
SERVICE = "An AWS service made the call itself. Look for who told it to."
OURS = (
    "This is a role of sgwatch itself: it would lock itself out. If it is misused, set "
    "SGWATCH_CONTAINMENT=off and look at who may assume it."
)
STACK = (
    "A denial would stop the service from working for them too. Restrict them where they come "
    "from, or stop the service's work (in CloudFormation: the stack)."
)
FEDERATED = (
    "This is a federated session without a role of its own. Restrict the user who got it; its "
    "sessions are then denied too."
)
OTHER_ACCOUNT = "Another account made the call: only that account can restrict who it was."
PROVIDER = (
    "This call was a sign-in through an identity provider, not yet a role's. Stop the person at "
    "the provider."
)
KINDS = {
    PrincipalKind.ROOT: ROOT,
    PrincipalKind.SERVICE: SERVICE,
    PrincipalKind.ACCOUNT: OTHER_ACCOUNT,
    PrincipalKind.FEDERATED: FEDERATED,
    PrincipalKind.IDENTITY_CENTER: IDENTITY_CENTER,
    PrincipalKind.SAML: PROVIDER,
    PrincipalKind.WEB_IDENTITY: PROVIDER,
}


def restrict_plan(actor: Actor, stop: Stop, containment: str) -> Plan:
    """Return the plan that denies the actor what was chosen."""
    if not actor.there:
        return Plan((), leaves=(f"The {actor.holder} {actor.name} is gone.",))
    says = (
        f"denies {stop.reach.words}, and to take this off again",
        "denies everything to sessions that were issued before this call",
    )
    deny = Deny(actor.holder, actor.name, f"sgwatch-{containment}", document(stop.reach), says)
    why = "only denies, and is a policy of its own: those that are there are left as they are"
    calls = [Call(actor.account, actor.region, deny, why)]
    if stop.switch_key and actor.key and actor.status == ACTIVE:
        off = SwitchKey(actor.name, actor.key, active=False)
        why = "stops the key that made the changes, and no other; it can be switched on again"
        calls.append(Call(actor.account, actor.region, off, why))
    return Plan(tuple(calls), leaves=_left(actor, stop), cannot=_limits(actor))


def document(reach: Reach) -> str:
    """Return the policy, in which the moment of the call is still open."""
    denied = [*GROUP_CALLS, *STAYING] if reach is Reach.GROUPS else ["*"]
    before: dict[str, Any] = {"DateLessThan": {"aws:TokenIssueTime": WHEN_CALLED}}
    statements = [
        _deny("SgwatchDenies", denied),
        _deny("SgwatchEndsSessions", ["*"]) | {"Condition": before},
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    return json.dumps(policy, separators=(",", ":"), ensure_ascii=False)


def _deny(name: str, actions: list[str]) -> dict[str, Any]:
    return {"Sid": name, "Effect": "Deny", "Action": actions, "Resource": "*"}


def _left(actor: Actor, stop: Stop) -> tuple[str, ...]:
    if not actor.key:
        return ()
    if not actor.status:
        return (f"The key {actor.key} is gone.",)
    if actor.status != ACTIVE:
        return (f"The key {actor.key} is switched off already.",)
    return () if stop.switch_key else (f"The key {actor.key} stays active.",)


def _limits(actor: Actor) -> tuple[str, ...]:
    slow = "AWS takes a few seconds, seldom minutes, until the denial holds everywhere."
    if actor.holder == "user":
        return (slow, "What they did until now stays, and roles that they may assume too.")
    shared = f"Everybody who uses the role {actor.name} is denied, not only who made the changes."
    return (slow, shared, "Roles that this role's sessions went on to are not ended.")
