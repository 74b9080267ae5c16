"""Quarantine, restriction and release on the stand-in: what is called is so, and taken back."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.aws.actors import ActorReader
from bot.aws.errors import AwsError
from bot.aws.executor import Executor
from bot.aws.isolation import SiteReader
from bot.aws.sessions import Roles, Sessions
from bot.aws.states.reading import StateReader
from bot.containment.action import Action
from bot.containment.choice import Isolate, Reach, Stop
from bot.containment.isolation import DESCRIPTION, OURS, QUARANTINE_GROUP
from bot.containment.permissions import READ, Permission, needed
from bot.containment.plan import Call, Plan, resolved
from bot.containment.quarantine import quarantine_plan
from bot.containment.readback import call_done, still_fits, verify
from bot.containment.release import before_groups, looks, release_plan
from bot.containment.restrict import Actor as Restricted
from bot.containment.restrict import restrict_plan
from bot.isolating import owner_of
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.conftest import PROD, REGION

ID = "SGW-TEST0001-c1"


@dataclass(frozen=True)
class Place:
    """An instance with three interfaces in two subnets, in an Auto Scaling and a target group."""

    instance: str
    web: str
    interfaces: tuple[str, ...]
    scaling: str
    targets: str


class Bench:
    """Carries plans out as the worker does, without the store."""

    def __init__(self, url: str) -> None:
        role = f"arn:aws:iam::{PROD}:role"
        self.sessions = Sessions(
            REGION, Roles(f"{role}/reads", f"{role}/contains"), endpoint_url=url
        )
        self.states = StateReader(self.sessions)
        self.executor = Executor(self.sessions)
        self.sites = SiteReader(self.sessions, owner_of)

    def carry_out(self, plan: Plan) -> tuple[Call, ...]:
        made: list[str] = []
        for call in plan.calls:
            ready = resolved(call, made)
            assert still_fits(ready, self.states.read(ready.look)), ready
            answer = self.executor.execute(ready, ID)
            made.append(answer.made)
            assert call_done(ready, self.states.read(ready.look)), ready
        ready_calls = tuple(resolved(call, made) for call in plan.calls)
        done = Plan(ready_calls)
        verdict = verify(done, {c.look: self.states.read(c.look) for c in ready_calls})
        assert verdict.ok, verdict.told
        return ready_calls

    def release(self, made: Sequence[Call]) -> Plan:
        states = {look: self.states.read(look) for look in looks(made)}
        there = self.sites.present(PROD, REGION, before_groups(made))
        return release_plan(made, states, there)

    def quarantine(self, place: Place, **choices: Any) -> Plan:
        site = self.sites.read(PROD, REGION, (place.web,))
        return quarantine_plan(site, Isolate((place.instance,), **choices), ID)


def a_role(root: Actor, name: str, permissions: Iterable[Permission]) -> None:
    statement = {"Effect": "Allow", "Action": [p.action for p in permissions], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    root.iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)
    root.iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy)


ACTIONS = (Action.QUARANTINE, Action.RESTRICT, Action.RELEASE)


@pytest.fixture(scope="module")
def bench(server: AwsServer, root: Actor) -> Iterator[Bench]:
    """Yield a bench whose roles may exactly what we say that they need, which is enforced."""
    a_role(root, "reads", READ)
    a_role(root, "contains", needed(ACTIONS))
    server.enforce_policies()
    yield Bench(server.url)
    server.enforce_policies(on=False)


@pytest.fixture
def place(server: AwsServer, root: Actor) -> Place:
    return a_place(root)


def a_place(root: Actor) -> Place:
    ec2: Any = root.ec2
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24")["Subnet"]["SubnetId"]
        for n in (1, 2)
    ]
    web, base = (
        ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]
        for name in ("web", "base")
    )
    instance = ec2.run_instances(
        ImageId="ami-0sandbox000000000",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnets[0],
        SecurityGroupIds=[web, base],
    )["Instances"][0]
    interfaces = [instance["NetworkInterfaces"][0]["NetworkInterfaceId"]]
    for index, subnet in ((1, subnets[0]), (2, subnets[1])):
        made = ec2.create_network_interface(SubnetId=subnet, Groups=[base])["NetworkInterface"]
        ec2.attach_network_interface(
            NetworkInterfaceId=made["NetworkInterfaceId"],
            InstanceId=instance["InstanceId"],
            DeviceIndex=index,
        )
        interfaces.append(made["NetworkInterfaceId"])
    instance_id = instance["InstanceId"]
    scaling: Any = root.client("autoscaling")
    balancing: Any = root.client("elbv2")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=f"asg-{instance_id}",
        InstanceId=instance_id,
        MinSize=0,
        MaxSize=3,
        DesiredCapacity=0,
        VPCZoneIdentifier=subnets[0],
    )
    scaling.attach_instances(AutoScalingGroupName=f"asg-{instance_id}", InstanceIds=[instance_id])
    targets = balancing.create_target_group(
        Name=f"tg-{instance_id[-8:]}", Protocol="HTTP", Port=80, VpcId=vpc
    )["TargetGroups"][0]["TargetGroupArn"]
    balancing.register_targets(TargetGroupArn=targets, Targets=[{"Id": instance_id, "Port": 80}])
    return Place(instance_id, web, tuple(interfaces), f"asg-{instance_id}", targets)


def groups_of(root: Actor, place: Place) -> list[set[str]]:
    found = root.ec2.describe_network_interfaces(NetworkInterfaceIds=list(place.interfaces))
    known = {
        each["NetworkInterfaceId"]: {group["GroupId"] for group in each["Groups"]}
        for each in found["NetworkInterfaces"]
    }
    return [known[interface] for interface in place.interfaces]


def test_an_instance_with_three_interfaces_is_cut_off_and_released(
    bench: Bench, root: Actor, place: Place
) -> None:
    before = groups_of(root, place)
    plan = bench.quarantine(place, snapshot=True, cut=True)
    made = bench.carry_out(plan)
    (group,) = {group for groups in groups_of(root, place) for group in groups}
    rules = root.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )
    assert rules["SecurityGroupRules"] == []
    again = bench.quarantine(place, snapshot=False, cut=True, tag=False)
    assert again.calls == ()
    release = bench.release(made)
    assert release.drift == ()
    bench.carry_out(release)
    assert groups_of(root, place) == before
    assert bench.release(made).calls == ()


def test_what_somebody_moved_since_is_left_by_the_release(
    bench: Bench, root: Actor, place: Place
) -> None:
    made = bench.carry_out(bench.quarantine(place, standby=False, deregister=False, tag=False))
    root.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=place.interfaces[1], Groups=[place.web]
    )
    release = bench.release(made)
    assert place.interfaces[1] not in {call.about for call in release.calls}
    assert len(release.drift) == 1
    bench.carry_out(release)
    assert groups_of(root, place)[1] == {place.web}


def test_a_quarantine_group_that_gained_rules_is_emptied_first(
    bench: Bench, root: Actor, place: Place
) -> None:
    vpc = root.ec2.describe_security_groups(GroupIds=[place.web])["SecurityGroups"][0]["VpcId"]
    group = root.ec2.create_security_group(
        GroupName=QUARANTINE_GROUP,
        Description=DESCRIPTION,
        VpcId=vpc,
        TagSpecifications=[
            {"ResourceType": "security-group", "Tags": [{"Key": OURS, "Value": vpc}]}
        ],
    )["GroupId"]
    root.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    plan = bench.quarantine(place, standby=False, deregister=False, tag=False)
    bench.carry_out(plan)
    emptied = [call.operation for call in plan.calls[:2]]
    assert emptied == ["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"]
    left = root.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    assert left["SecurityGroupRules"] == []


@pytest.fixture
def mallory(root: Actor) -> Iterator[Restricted]:
    root.iam.create_user(UserName="mallory")
    key = root.iam.create_access_key(UserName="mallory")["AccessKey"]["AccessKeyId"]
    yield Restricted("user", "mallory", PROD, "us-east-1", key)
    root.iam.delete_access_key(UserName="mallory", AccessKeyId=key)
    root.iam.delete_user(UserName="mallory")


def test_a_user_is_restricted_and_released(bench: Bench, root: Actor, mallory: Restricted) -> None:
    actor = ActorReader(bench.sessions).read(mallory)
    made = bench.carry_out(restrict_plan(actor, Stop(Reach.GROUPS, switch_key=True), ID))
    iam: Any = root.iam
    kept = iam.get_user_policy(UserName="mallory", PolicyName=f"sgwatch-{ID}")
    ending = kept["PolicyDocument"]["Statement"][1]
    issued = ending["Condition"]["DateLessThan"]["aws:TokenIssueTime"]
    assert datetime.fromisoformat(issued) <= datetime.now(UTC)
    key = root.iam.list_access_keys(UserName="mallory")["AccessKeyMetadata"][0]
    assert key["Status"] == "Inactive"
    bench.carry_out(bench.release(made))
    assert root.iam.list_user_policies(UserName="mallory")["PolicyNames"] == []
    key = root.iam.list_access_keys(UserName="mallory")["AccessKeyMetadata"][0]
    assert key["Status"] == "Active"


def test_a_role_is_restricted_and_its_own_policies_are_left(
    bench: Bench, root: Actor, roles: None
) -> None:
    actor = ActorReader(bench.sessions).read(Restricted("role", "terraform-ci", PROD, "us-east-1"))
    made = bench.carry_out(restrict_plan(actor, Stop(Reach.ALL, switch_key=False), ID))
    names = root.iam.list_role_policies(RoleName="terraform-ci")["PolicyNames"]
    assert names == ["terraform-ci", f"sgwatch-{ID}"]
    bench.carry_out(bench.release(made))
    names = root.iam.list_role_policies(RoleName="terraform-ci")["PolicyNames"]
    assert names == ["terraform-ci"]


def test_who_is_gone_is_told(bench: Bench) -> None:
    nobody = Restricted("role", "nobody", PROD, "us-east-1")
    assert not ActorReader(bench.sessions).read(nobody).there


def test_a_missing_permission_is_named(bench: Bench, root: Actor, place: Place) -> None:
    kept = [p for p in needed(ACTIONS) if p.action != "autoscaling:EnterStandby"]
    a_role(root, "less", kept)
    less = Sessions(
        REGION,
        Roles(contain=f"arn:aws:iam::{PROD}:role/less"),
        endpoint_url=root.endpoint,
    )
    call = bench.quarantine(place).calls[0]
    with pytest.raises(AwsError, match="no permission for autoscaling:EnterStandby") as error:
        Executor(less).execute(call, ID)
    assert not error.value.retry


def test_what_may_not_be_read_is_told_with_what_it_risks(
    root: Actor, bench: Bench, place: Place
) -> None:
    a_role(root, "blind", [p for p in READ if p.action.startswith("ec2:")])
    blind = Sessions(REGION, Roles(f"arn:aws:iam::{PROD}:role/blind"), endpoint_url=root.endpoint)
    site = SiteReader(blind, owner_of).read(PROD, REGION, (place.web,))
    (instance,) = site.instances
    assert len(instance.untold) == 2
    assert "Auto Scaling group may end" in instance.untold[0]
