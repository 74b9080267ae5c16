"""The world and its scenarios: what people find there, and what each button makes happen."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.aws.server import AwsServer
from sandbox.aws.world import ALICE_ADDRESS, ATTACKER_ADDRESS, STAGING, World, build_world
from sandbox.scenarios import SCENARIOS, attacker, close_ssh, open_ssh, terraform_run

SSH = ("tcp", 22, 22)


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    return build_world(server.url, visibility_seconds=1, max_receives=2)


@pytest.fixture(autouse=True)
def _empty_queue(world: World) -> Iterator[None]:
    yield
    arrived(world)


def arrived(world: World) -> list[Any]:
    """Take every event that is in the queue."""
    sqs, url = world.as_sgwatch().sqs, world.queues.url
    events = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            events.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return events


def records(world: World) -> list[Any]:
    return [event["detail"] for event in arrived(world)]


def names(world: World) -> list[str]:
    return [record["eventName"] for record in records(world)]


def rules(world: World, group: str) -> list[Any]:
    answer = world.as_sgwatch_read().ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )
    return list(answer["SecurityGroupRules"])


def open_to_the_world(world: World, group: str) -> list[tuple[str, int, int]]:
    return [
        (rule["IpProtocol"], rule["FromPort"], rule["ToPort"])
        for rule in rules(world, group)
        if not rule["IsEgress"] and "0.0.0.0/0" in (rule.get("CidrIpv4"), rule.get("CidrIpv6"))
    ]


def test_building_the_world_leaves_the_queue_empty(world: World, server: AwsServer) -> None:
    assert arrived(world) == []
    assert len(server.trail.records) > 50


def test_three_instances_stand_behind_web_prod_and_one_can_be_reached(world: World) -> None:
    reader = world.as_sgwatch_read().ec2
    described = reader.describe_instances(
        Filters=[{"Name": "instance.group-id", "Values": [world.prod.web]}]
    )
    instances = [i for r in described["Reservations"] for i in r["Instances"]]
    assert sorted(i["InstanceId"] for i in instances) == sorted(world.prod.web_instances)
    public = [i["PublicIpAddress"] for i in instances if "PublicIpAddress" in i]
    assert public == [world.prod.public_address]
    tables = reader.describe_route_tables(
        Filters=[{"Name": "association.subnet-id", "Values": [world.prod.public_subnet]}]
    )["RouteTables"]
    gateways = [route.get("GatewayId", "") for route in tables[0]["Routes"]]
    assert any(gateway.startswith("igw-") for gateway in gateways)


def test_web_prod_is_terraforms(world: World) -> None:
    (group,) = world.as_sgwatch_read().ec2.describe_security_groups(GroupIds=[world.prod.web])[
        "SecurityGroups"
    ]
    assert group["GroupName"] == "web-prod"
    assert {"Key": "ManagedBy", "Value": "Terraform"} in group["Tags"]


def test_alice_has_mfa(world: World) -> None:
    devices = world.as_sgwatch_read().iam.list_mfa_devices(UserName="alice")["MFADevices"]
    assert len(devices) == 1


def test_the_environment_lets_an_sdk_run_as_sgwatch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import boto3  # noqa: PLC0415

    for name, value in world.environment().items():
        monkeypatch.setenv(name, value)
    arn = boto3.Session().client("sts").get_caller_identity()["Arn"]
    assert arn.endswith(":assumed-role/sgwatch/sgwatch")


def test_events_of_the_other_account_come_with_its_number(world: World) -> None:
    world.as_terraform_ci("run-1", STAGING).ec2.create_tags(
        Resources=[world.staging.web], Tags=[{"Key": "a", "Value": "b"}]
    )
    (event,) = arrived(world)
    assert event["account"] == event["detail"]["recipientAccountId"] == STAGING


def test_iams_events_come_too(world: World) -> None:
    for account in (world.account, STAGING):
        world.as_root(account).iam.create_user(UserName="somebody")
    events = arrived(world)
    assert [event["account"] for event in events] == [world.account, STAGING]
    assert {event["region"] for event in events} == {"us-east-1"}


def test_a_containment_is_told_by_its_session(world: World) -> None:
    actor = world.as_sgwatch_contain("sgwatch-c-42")
    actor.ec2.create_tags(Resources=[world.prod.web], Tags=[{"Key": "a", "Value": "b"}])
    (record,) = records(world)
    assert record["userIdentity"]["arn"].endswith("assumed-role/sgwatch-contain/sgwatch-c-42")


def test_alice_opens_ssh_and_closes_it(world: World) -> None:
    played = open_ssh(world)
    assert played.groups == (world.prod.web,)
    assert SSH in open_to_the_world(world, world.prod.web)
    (record,) = records(world)
    assert record["eventName"] == "AuthorizeSecurityGroupIngress"
    assert record["sourceIPAddress"] == ALICE_ADDRESS
    assert record["userIdentity"]["userName"] == "alice"
    (answered,) = record["responseElements"]["securityGroupRuleSet"]["items"]
    assert (answered["securityGroupRuleId"],) == played.rules
    assert close_ssh(world).rules == played.rules
    assert SSH not in open_to_the_world(world, world.prod.web)
    assert names(world) == ["RevokeSecurityGroupIngress"]


def test_opening_again_opens_something_else(world: World) -> None:
    played = [open_ssh(world) for _ in range(8)]
    assert len({rule for play in played for rule in play.rules}) == 8
    assert names(world) == ["AuthorizeSecurityGroupIngress"] * 8
    assert SSH in open_to_the_world(world, world.prod.db)
    assert len(close_ssh(world).rules) == 6
    assert all(SSH not in open_to_the_world(world, group) for group in world.prod.groups)


def test_a_terraform_run_is_twenty_rules_of_one_session(world: World) -> None:
    played = terraform_run(world)
    assert len(played.rules) == 20
    assert len(played.groups) > 1
    found = records(world)
    assert [record["eventName"] for record in found] == ["AuthorizeSecurityGroupIngress"] * 20
    assert len({record["userIdentity"]["arn"] for record in found}) == 1
    assert not open_to_the_world(world, world.prod.db)


def test_each_terraform_run_is_another_session(world: World) -> None:
    plays = [terraform_run(world) for _ in range(2)]
    assert len({rule for play in plays for rule in play.rules}) == 40
    sessions = Counter(record["userIdentity"]["arn"] for record in records(world))
    assert list(sessions.values()) == [20, 20]


def test_a_terraform_run_makes_new_groups_where_the_old_are_full(world: World) -> None:
    there = sum(not rule["IsEgress"] for rule in rules(world, world.prod.web))
    ranges: Any = [{"CidrIp": f"172.16.{n}.0/24"} for n in range(41 - there)]
    permission: Any = {"IpProtocol": "udp", "FromPort": 53, "ToPort": 53, "IpRanges": ranges}
    world.as_root().ec2.authorize_security_group_ingress(
        GroupId=world.prod.web, IpPermissions=[permission]
    )
    arrived(world)
    played = terraform_run(world)
    assert len(played.rules) == 20
    assert set(played.groups).isdisjoint(world.prod.groups)
    assert Counter(names(world)) == {
        "CreateSecurityGroup": 2,
        "AuthorizeSecurityGroupIngress": 20,
    }
    assert open_ssh(world).groups == (world.prod.web,)
    world.as_root().ec2.revoke_security_group_ingress(
        GroupId=world.prod.web, IpPermissions=[permission]
    )


def test_the_attacker(world: World) -> None:
    plays = [attacker(world), attacker(world)]
    assert len({play.groups for play in plays}) == 2
    found = records(world)
    assert [record["eventName"] for record in found[:4]] == [
        "CreateSecurityGroup",
        "AuthorizeSecurityGroupEgress",
        "ModifyInstanceAttribute",
        "AttachUserPolicy",
    ]
    assert {record["sourceIPAddress"] for record in found} == {ATTACKER_ADDRESS}
    assert {record["userIdentity"]["userName"] for record in found} == {"mallory"}
    described = world.as_sgwatch_read().ec2.describe_instances(
        InstanceIds=[world.prod.batch_instance]
    )["Reservations"][0]["Instances"][0]
    assert [g["GroupId"] for g in described["SecurityGroups"]] == list(plays[-1].groups)


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long if n == "storm" else ()) for n in SCENARIOS]
)
def test_each_scenario_can_be_played_by_its_name(world: World, name: str) -> None:
    scenario = SCENARIOS[name]
    assert scenario.name == name
    assert scenario.description.endswith(".")
    scenario.play(world)


def test_what_nobody_can_read_goes_to_the_dead_letters(world: World) -> None:
    sqs = world.as_sgwatch().sqs
    sqs.send_message(QueueUrl=world.queues.url, MessageBody="not JSON")
    for _ in range(2):
        (message,) = sqs.receive_message(QueueUrl=world.queues.url)["Messages"]
        sqs.change_message_visibility(
            QueueUrl=world.queues.url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=0,
        )
    assert "Messages" not in sqs.receive_message(QueueUrl=world.queues.url)
    (dead,) = sqs.receive_message(QueueUrl=world.queues.dead_letter_url)["Messages"]
    assert dead["Body"] == "not JSON"


def test_a_pattern_keeps_events_out(server: AwsServer, world: World) -> None:
    events = world.as_root().events
    pattern = {"detail": {"eventName": ["DeleteTags"]}}
    events.put_rule(Name="sgwatch-events", EventPattern=json.dumps(pattern))
    world.as_root().ec2.create_tags(Resources=[world.prod.vpc], Tags=[{"Key": "a", "Value": "b"}])
    world.as_root().ec2.delete_tags(Resources=[world.prod.vpc], Tags=[{"Key": "a"}])
    assert names(world) == ["DeleteTags"]
