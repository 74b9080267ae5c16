"""States for a plan without AWS: out of describe outputs, or as the records left things."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.changes.change import Change, Verb
from bot.changes.permissions import RuleFormError, rule_from_description, rules_from_permissions
from bot.changes.rules import Direction, GroupRule
from bot.containment.net import net_of
from bot.containment.reversal.draft import Done
from bot.containment.states import (
    AclRule,
    AclState,
    Association,
    DatabaseState,
    GroupState,
    Kind,
    Look,
    MemberState,
    NamedGroup,
    Policies,
    State,
    Uses,
)
from bot.tables import FileError

KEYS = ("SecurityGroupRules", "SecurityGroups", "NetworkInterfaces", "DBInstances", "NetworkAcls")
HOW = "Give the output of aws ec2 describe-security-group-rules, or one object with several of " + (
    ", ".join(KEYS)
)

Json = Mapping[str, Any]


def described(path: Path, looks: Iterable[Look]) -> dict[Look, State]:
    """Return the states that a file of describe outputs tells. Raises FileError."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileError(f"--state {path}: this is no JSON ({error}). {HOW}.") from error
    if not isinstance(told, dict) or not any(isinstance(told.get(key), list) for key in KEYS):
        raise FileError(f"--state {path}: this is no describe output. {HOW}.")
    try:
        found = ((look, _described(told, look)) for look in looks)
        return {look: state for look, state in found if state is not None}
    except (RuleFormError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f"--state {path}: something in it has another form: {error}") from error


def _described(told: Json, look: Look) -> State | None:
    match look.kind:
        case Kind.GROUP if "SecurityGroupRules" in told or "SecurityGroups" in told:
            return GroupState(look.account, look.region, look.id, _rules(told, look))
        case Kind.USES if "NetworkInterfaces" in told:
            users = [n for n in told["NetworkInterfaces"] if look.id in _groups(n)]
            interfaces = tuple(str(n["NetworkInterfaceId"]) for n in users)
            return Uses(_rules(told, look), interfaces, tuple(_naming(told, look.id)))
        case Kind.MEMBER if "NetworkInterfaces" in told:
            one = _one(told["NetworkInterfaces"], "NetworkInterfaceId", look.id)
            return MemberState(_groups(one) if one else None)
        case Kind.DATABASE if "DBInstances" in told:
            one = _one(told["DBInstances"], "DBInstanceIdentifier", look.id)
            return DatabaseState(bool(one["PubliclyAccessible"]) if one else None)
        case Kind.ACL if "NetworkAcls" in told:
            one = _one(told["NetworkAcls"], "NetworkAclId", look.id)
            return AclState(tuple(map(_acl_rule, one["Entries"])) if one else None)
        case Kind.NAMED_GROUP if "SecurityGroups" in told:
            vpc, _, name = look.id.partition("/")
            named = (g for g in told["SecurityGroups"] if g["GroupName"] == name)
            return NamedGroup(next((g["GroupId"] for g in named if g.get("VpcId") == vpc), ""))
        case _:
            return None


def _rules(told: Json, look: Look) -> tuple[GroupRule, ...] | None:
    """Return a group's rules; those of DescribeSecurityGroups have no ids."""
    listed = told.get("SecurityGroupRules")
    group = _one(told.get("SecurityGroups", []), "GroupId", look.id)
    if "SecurityGroups" in told and group is None:
        return None
    if listed is not None:
        return tuple(rule_from_description(r) for r in listed if r.get("GroupId") == look.id)
    if group is None:
        return None
    return _permitted(group, look.account)


def _permitted(group: Json, account: str) -> tuple[GroupRule, ...]:
    into = rules_from_permissions(group.get("IpPermissions"), Direction.INGRESS, account)
    out = rules_from_permissions(group.get("IpPermissionsEgress"), Direction.EGRESS, account)
    return into + out


def _naming(told: Json, group_id: str) -> Iterator[str]:
    for group in told.get("SecurityGroups", []):
        rules = _permitted(group, str(group.get("OwnerId", "")))
        if group["GroupId"] != group_id and any(rule.peer.value == group_id for rule in rules):
            yield group["GroupId"]


def _groups(interface: Json) -> tuple[str, ...]:
    return tuple(str(group["GroupId"]) for group in interface.get("Groups", []))


def _one(listed: Sequence[Json], key: str, wanted: str) -> Json | None:
    return next((one for one in listed if one.get(key) == wanted), None)


def _acl_rule(entry: Json) -> AclRule:
    cidr = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", "")
    action, protocol = str(entry["RuleAction"]), str(entry["Protocol"])
    return AclRule(int(entry["RuleNumber"]), bool(entry["Egress"]), action, cidr, protocol)


def as_left(dones: Sequence[Done], looks: Iterable[Look]) -> dict[Look, State]:
    """Return states as the records left them, as far as these tell."""
    changes = [done.change for done in dones if not done.change.error]
    found = ((look, _as_left(changes, look)) for look in looks)
    return {look: state for look, state in found if state is not None}


def _as_left(changes: Sequence[Change], look: Look) -> State | None:
    match look.kind:
        case Kind.GROUP if not _untold(changes, look.id):
            return GroupState(look.account, look.region, look.id, _left(changes, look.id))
        case Kind.USES:
            return Uses(_left(changes, look.id))
        case Kind.NAMED_GROUP:
            return NamedGroup("")
        case Kind.MEMBER:
            moved = [change for change in changes if change.target == look.id]
            return MemberState(moved[-1].groups_after)
        case Kind.ASSOCIATION:
            ours = [c for c in changes if f"{c.group.id}/{c.target}" == look.id]
            return Association("associated" if ours[-1].verb is Verb.ASSOCIATE else "")
        case Kind.DATABASE:
            return DatabaseState(public=True)
        case Kind.POLICIES:
            pairs = (pair for change in changes for pair in change.detail.split(", "))
            arns = (pair.removeprefix("policyArn=") for pair in pairs)
            return Policies(tuple(arn for arn in arns if arn.startswith("arn:")))
        case _:
            return None


def _untold(changes: Sequence[Change], group: str) -> bool:
    """Return whether rules of the group were edited without a word of what to."""
    edits = (c for c in changes if c.verb in {Verb.MODIFY, Verb.DESCRIBE} and c.rule_ids)
    return any(change.group.id == group for change in edits)


def _left(changes: Sequence[Change], group: str) -> tuple[GroupRule, ...] | None:
    ours = [change for change in changes if change.group.id == group]
    if any(change.verb is Verb.DELETE for change in ours):
        return None
    edited = tuple(rule for change in ours for rule in change.modified)
    ids = {rule.rule_id for rule in edited if rule.rule_id}
    added = [rule for rule in net_of(ours).added if rule.rule_id not in ids]
    return (*added, *edited)
