"""Every kind of change on the AWS stand-in: changed and reverted, all is as before, and ours."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from bot.aws.executor import Executor
from bot.aws.sessions import Roles, Sessions
from bot.aws.states.reading import StateReader
from bot.changes.change import GroupRef
from bot.changes.normalise import change_of
from bot.cloudtrail.record import parse_record
from bot.containment.action import Action
from bot.containment.identity import matches_call
from bot.containment.permissions import needed
from bot.containment.plan import Plan, resolved, unresolved
from bot.containment.readback import call_done, still_fits, verify
from bot.containment.reversal.draft import Done
from bot.containment.revert import looks_of, revert_plan
from bot.containment.states import GroupState, Kind, Look, State
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.conftest import PROD, REGION

CONTAIN = "arn:aws:iam::{account}:role/sgwatch-contain"
READ = "arn:aws:iam::{account}:role/sgwatch-read"
_numbers = count()
ALLOWED = {permission.action for permission in needed([Action.REVERT])}
WORLD: Any = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}


@dataclass
class Scene:
    """The stand-in, who acts on it, and what sgwatch does about it."""

    server: AwsServer
    root: Actor
    sessions: Sessions
    vpc: str
    done: list[Done] = field(default_factory=list)

    def group(self, *rules: Any) -> str:
        """Make a group with AWS's own rule and these; that is no change of the actor's."""
        name = f"revert-{next(_numbers)}"
        made = self.root.ec2.create_security_group(
            GroupName=name, Description="A group", VpcId=self.vpc
        )["GroupId"]
        if rules:
            self.root.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(rules))
        return made

    def rules(self, group: str) -> tuple[Any, ...]:
        state = self.read(Look(Kind.GROUP, PROD, REGION, group))
        assert isinstance(state, GroupState)
        return state.rules or ()

    def said(self, group: str) -> set[tuple[Any, str]]:
        return {(rule, rule.description) for rule in self.rules(group)}

    def read(self, look: Look) -> State:
        return StateReader(self.sessions).read(look)

    def note(self, **known: Any) -> None:
        """Take the last record for what the actor did, with what was known from before."""
        change = change_of(parse_record(self.server.trail.records[-1]))
        self.done.append(Done(change, **known))

    def plan(self) -> Plan:
        return revert_plan(self.done, {look: self.read(look) for look in looks_of(self.done)})

    def revert(self) -> tuple[Plan, list[str]]:
        """Carry the plan out as the worker does; return it, and what its calls made."""
        plan, made, calls = self.plan(), [""] * 9, []
        for number, call in enumerate(plan.calls):
            ready = resolved(call, made)
            assert not unresolved(ready)
            assert f"{ready.service}:{ready.operation}" in ALLOWED
            state = self.read(ready.look)
            assert still_fits(ready, state), ready
            assert not call_done(ready, state)
            made[number] = Executor(self.sessions).execute(ready, "SGW-7K3QF2AB-c1").made
            assert matches_call(change_of(parse_record(self.server.trail.records[-1])), ready)
            calls.append(ready)
        ended = Plan(tuple(calls))
        verdict = verify(ended, {call.look: self.read(call.look) for call in ended.calls})
        assert verdict.ok, verdict.told
        assert self.plan().calls == () or any(made)
        return plan, made


@pytest.fixture(scope="module")
def sessions(server: AwsServer, roles: None) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, Roles(READ, CONTAIN), endpoint_url=server.url)


@pytest.fixture(scope="module")
def vpc(root: Actor) -> str:
    return root.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def scene(server: AwsServer, root: Actor, sessions: Sessions, vpc: str) -> Scene:
    return Scene(server, root, sessions, vpc)


def tcp(port: int, cidr: str, description: str = "") -> Any:
    told = {"CidrIp": cidr} | ({"Description": description} if description else {})
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [told]}


def edit_rule(scene: Scene, group: str) -> None:
    (rule,) = (rule for rule in scene.rules(group) if rule.from_port == 443)
    edited: Any = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}
    scene.root.ec2.modify_security_group_rules(
        GroupId=group,
        SecurityGroupRules=[
            {"SecurityGroupRuleId": rule.rule_id, "SecurityGroupRule": edited},
        ],
    )


def describe_rule(scene: Scene, group: str) -> None:
    scene.root.ec2.update_security_group_rule_descriptions_ingress(
        GroupId=group, IpPermissions=[tcp(443, "10.0.0.0/8", "nothing to see here")]
    )


def revoke_by_id(scene: Scene, group: str) -> None:
    ids = [rule.rule_id for rule in scene.rules(group) if rule.from_port == 443]
    scene.root.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=ids)


def open_to_world(scene: Scene, group: str) -> None:
    scene.root.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[tcp(22, "0.0.0.0/0")]
    )


@pytest.mark.parametrize("did", [edit_rule, describe_rule, revoke_by_id, open_to_world])
def test_rules_are_as_before(scene: Scene, did: Callable[[Scene, str], None]) -> None:
    group = scene.group(tcp(443, "10.0.0.0/8", "internal web"), tcp(80, "10.0.0.0/8"))
    before = scene.said(group)
    known = scene.rules(group)
    did(scene, group)
    scene.note(before=known)
    assert scene.said(group) != before
    plan, _ = scene.revert()
    assert len(plan.calls) == 1
    assert plan.complete
    assert scene.said(group) == before


def test_a_new_group_is_emptied_first_and_then_removed(scene: Scene) -> None:
    group = scene.group()
    scene.note()
    open_to_world(scene, group)
    scene.note()
    plan, _ = scene.revert()
    assert [call.operation for call in plan.calls] == [
        "RevokeSecurityGroupIngress",
        "DeleteSecurityGroup",
    ]
    state = scene.read(Look(Kind.GROUP, PROD, REGION, group))
    assert isinstance(state, GroupState)
    assert state.rules is None


def test_a_new_group_that_is_used_is_emptied_only(scene: Scene) -> None:
    group = scene.group()
    scene.note()
    open_to_world(scene, group)
    scene.note()
    interface = an_interface(scene, group)
    plan, _ = scene.revert()
    assert scene.rules(group) == ()
    assert not plan.complete
    assert f"is used by {interface}, so it is emptied only" in plan.cannot[0]


def test_a_rule_that_somebody_else_put_into_a_new_group_keeps_it(scene: Scene) -> None:
    group = scene.group()
    scene.note()
    scene.root.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[tcp(443, "10.0.0.0/8")]
    )
    plan = scene.plan()
    assert plan.calls == ()
    assert "by somebody else" in plan.drift[0]


def test_a_deleted_group_is_made_again_with_its_rules_and_tags(scene: Scene) -> None:
    group = scene.group(tcp(443, "10.0.0.0/8", "internal web"))
    scene.root.ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[WORLD | {"UserIdGroupPairs": [{"GroupId": group}]}]
    )
    known, before = scene.rules(group), scene.said(group)
    described = scene.root.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    scene.root.ec2.delete_security_group(GroupId=group)
    scene.note(before=known, tags=("Env=prod", "aws:x=y"))
    # The judge tells the group's name and VPC as they were last read.
    named = GroupRef(group, described["GroupName"], scene.vpc)
    scene.done[0] = replace(scene.done[0], change=replace(scene.done[0].change, group=named))
    plan, made = scene.revert()
    new = made[0]
    assert {
        (rule.from_port, rule.peer.value.replace(new, group), text)
        for rule, text in scene.said(new)
    } == {(rule.from_port, rule.peer.value, text) for rule, text in before}
    again = scene.root.ec2.describe_security_groups(GroupIds=[new])["SecurityGroups"][0]
    assert again["Tags"] == [{"Key": "Env", "Value": "prod"}]
    assert any("new id" in sentence for sentence in plan.cannot)
    assert "another of its name" in scene.plan().cannot[0]


def an_interface(scene: Scene, group: str) -> str:
    network = f"10.0.{next(_numbers)}.0/24"
    subnet = scene.root.ec2.create_subnet(VpcId=scene.vpc, CidrBlock=network)["Subnet"]["SubnetId"]
    made = scene.root.ec2.create_network_interface(SubnetId=subnet, Groups=[group])
    return made["NetworkInterface"]["NetworkInterfaceId"]


def test_an_interface_goes_back_and_the_new_group_it_was_in_goes(scene: Scene) -> None:
    old = scene.group()
    interface = an_interface(scene, old)
    new = scene.group()
    scene.note()
    scene.root.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[new])
    scene.note(groups_before=(old,))
    plan, _ = scene.revert()
    assert [call.operation for call in plan.calls] == [
        "ModifyNetworkInterfaceAttribute",
        "DeleteSecurityGroup",
    ]
    (told,) = scene.root.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])[
        "NetworkInterfaces"
    ]
    assert [group["GroupId"] for group in told["Groups"]] == [old]


def test_a_move_of_which_the_groups_before_are_unknown_is_told(scene: Scene) -> None:
    interface = an_interface(scene, scene.group())
    scene.root.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=interface, Groups=[scene.group()]
    )
    scene.root.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=interface, Groups=[scene.group()]
    )
    scene.note()
    plan = scene.plan()
    assert plan.calls == ()
    assert "nothing tells the groups before" in plan.cannot[0]


def test_a_prefix_list_has_its_entries_back_and_keeps_those_of_others(scene: Scene) -> None:
    entries: Any = [{"Cidr": "10.1.0.0/16", "Description": "office"}]
    made = scene.root.ec2.create_managed_prefix_list(
        PrefixListName="partners", MaxEntries=9, AddressFamily="IPv4", Entries=entries
    )["PrefixList"]["PrefixListId"]
    scene.root.ec2.modify_managed_prefix_list(
        PrefixListId=made,
        CurrentVersion=1,
        AddEntries=[{"Cidr": "0.0.0.0/0"}],
        RemoveEntries=[{"Cidr": "10.1.0.0/16"}],
    )
    scene.note()
    scene.root.ec2.modify_managed_prefix_list(
        PrefixListId=made, CurrentVersion=2, AddEntries=[{"Cidr": "10.9.0.0/16"}]
    )
    scene.revert()
    left = scene.root.ec2.get_managed_prefix_list_entries(PrefixListId=made)["Entries"]
    assert {entry["Cidr"] for entry in left} == {"10.1.0.0/16", "10.9.0.0/16"}


def test_a_policy_is_detached_from_the_group_it_was_attached_to(scene: Scene) -> None:
    name, arn = f"admins-{next(_numbers)}", "arn:aws:iam::aws:policy/AdministratorAccess"
    scene.root.iam.create_group(GroupName=name)
    scene.root.iam.attach_group_policy(GroupName=name, PolicyArn=arn)
    scene.note()
    plan, _ = scene.revert()
    assert plan.complete
    assert scene.root.iam.list_attached_group_policies(GroupName=name)["AttachedPolicies"] == []


def test_an_entry_of_a_network_acl_is_deleted(scene: Scene) -> None:
    acl = scene.root.ec2.create_network_acl(VpcId=scene.vpc)["NetworkAcl"]["NetworkAclId"]
    scene.root.ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=90,
        Protocol="-1",
        RuleAction="allow",
        Egress=False,
        CidrBlock="0.0.0.0/0",
    )
    scene.note()
    scene.revert()
    told = scene.root.ec2.describe_network_acls(NetworkAclIds=[acl])["NetworkAcls"][0]
    assert 90 not in {entry["RuleNumber"] for entry in told["Entries"]}


def test_a_public_database_is_made_private(scene: Scene) -> None:
    name = f"db-{next(_numbers)}"
    scene.root.rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        PubliclyAccessible=False,
    )
    scene.root.rds.modify_db_instance(DBInstanceIdentifier=name, PubliclyAccessible=True)
    scene.note()
    scene.revert()
    told = scene.root.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    assert told["PubliclyAccessible"] is False
