"""LookupEvents: the stand-in finds in its records what CloudTrail would find."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from sandbox.aws.trail import LookupRefusedError, Trail
from sandbox.aws.world import World, build_world

HERE = ("123456789012", "eu-west-1")


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    world = build_world(server.url)
    for number in range(3):
        world.as_terraform_ci(f"run-{number}").ec2.create_tags(
            Resources=[world.prod.db], Tags=[{"Key": "run", "Value": str(number)}]
        )
    world.as_alice().ec2.create_tags(
        Resources=[world.prod.batch], Tags=[{"Key": "by", "Value": "alice"}]
    )
    return world


def found(actor: Actor, **lookup: Any) -> list[Any]:
    return list(actor.cloudtrail.lookup_events(**lookup)["Events"])


def by(key: str, value: str) -> dict[str, Any]:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        pytest.param("EventName", "CreateTags", 4, id="by what was called"),
        pytest.param("Username", "alice", 1, id="by a user's name"),
        pytest.param("Username", "run-1", 1, id="by a session's name"),
        pytest.param("Username", "nobody", 0, id="by a name that nobody has"),
        pytest.param("ReadOnly", "true", 0, id="reads leave no record"),
        pytest.param("EventSource", "rds.amazonaws.com", 1, id="by the service"),
    ],
)
def test_lookup_by_attribute(world: World, key: str, value: str, expected: int) -> None:
    assert len(found(world.as_root(), **by(key, value))) == expected


def test_lookup_by_what_the_event_says_of_itself(world: World) -> None:
    (event,) = found(world.as_root(), **by("Username", "alice"))
    record = json.loads(event["CloudTrailEvent"])
    assert event["EventId"] == record["eventID"]
    assert event["AccessKeyId"] == record["userIdentity"]["accessKeyId"]
    assert event["EventTime"].strftime("%Y-%m-%dT%H:%M:%SZ") == record["eventTime"]
    for key in ("EventId", "AccessKeyId"):
        assert [e["EventId"] for e in found(world.as_root(), **by(key, event[key]))] == [
            event["EventId"]
        ]


def test_lookup_by_resource_finds_requests_and_answers(world: World) -> None:
    names = [e["EventName"] for e in found(world.as_root(), **by("ResourceName", world.prod.db))]
    assert names[:3] == ["CreateTags"] * 3
    assert names[-1] == "CreateSecurityGroup"
    assert "CreateDBInstance" in names
    (event, *_) = found(world.as_root(), **by("ResourceName", world.prod.db))
    assert {"ResourceType": "AWS::EC2::SecurityGroup", "ResourceName": world.prod.db} in event[
        "Resources"
    ]


def test_iams_events_are_found_in_us_east_1_by_the_users_name(world: World) -> None:
    root = world.as_root()
    assert found(root, **by("ResourceName", "mallory")) == []
    events = root.client("cloudtrail", "us-east-1").lookup_events(**by("ResourceName", "mallory"))[
        "Events"
    ]
    assert {event["EventSource"] for event in events} == {"iam.amazonaws.com"}


def test_each_account_sees_its_own(world: World) -> None:
    assert found(world.as_root(world.staging_account), **by("EventName", "CreateTags")) == []
    assert found(world.as_sgwatch_read(world.staging_account), **by("Username", "root"))


def test_pages_are_newest_first_and_complete_while_more_is_written(world: World) -> None:
    client = world.as_root().cloudtrail
    first = client.lookup_events(MaxResults=3, **by("EventName", "CreateTags"))
    world.as_root().ec2.create_tags(
        Resources=[world.prod.vpc], Tags=[{"Key": "new", "Value": "since"}]
    )
    second = client.lookup_events(
        MaxResults=3, NextToken=first["NextToken"], **by("EventName", "CreateTags")
    )
    names = [event["Username"] for event in first["Events"] + second["Events"]]
    assert names == ["alice", "run-2", "run-1", "run-0"]
    assert "NextToken" not in second


def test_a_paginator_reads_all_pages(world: World, server: AwsServer) -> None:
    pages = world.as_root().cloudtrail.get_paginator("lookup_events").paginate()
    ids = [event["EventId"] for page in pages for event in page["Events"]]
    here = [
        record["eventID"]
        for record in server.trail.records
        if (record["recipientAccountId"], record["awsRegion"]) == HERE
    ]
    assert ids == here[::-1]
    assert len(ids) > 25


def a_record(number: int, at: datetime) -> dict[str, Any]:
    return {
        "eventID": str(number),
        "eventName": "CreateTags",
        "eventSource": "ec2.amazonaws.com",
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "awsRegion": "eu-west-1",
        "recipientAccountId": "123456789012",
        "readOnly": False,
        "userIdentity": {"type": "Root"},
        "requestParameters": None,
        "responseElements": None,
    }


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(None, None, ["2", "1", "0"], id="all"),
        pytest.param(1, None, ["2", "1"], id="from a moment on"),
        pytest.param(None, 1, ["1", "0"], id="up to a moment"),
        pytest.param(1, 1, ["1"], id="in one second"),
    ],
)
def test_lookup_by_time(start: int | None, end: int | None, expected: list[str]) -> None:
    trail = Trail()
    for hour in range(3):
        trail.write(a_record(hour, NOON + timedelta(hours=hour)))
    times = {"StartTime": start, "EndTime": end}
    request = {
        key: (NOON + timedelta(hours=hours)).timestamp()
        for key, hours in times.items()
        if hours is not None
    }
    assert [event["EventId"] for event in trail.lookup(*HERE, request)["Events"]] == expected


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        pytest.param(
            {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "x"}] * 2},
            "InvalidLookupAttributesException",
            id="two attributes",
        ),
        pytest.param(
            {"LookupAttributes": [{"AttributeKey": "Weather", "AttributeValue": "x"}]},
            "InvalidLookupAttributesException",
            id="an attribute that there is not",
        ),
        pytest.param({"NextToken": "x"}, "InvalidNextTokenException", id="a token of nobody's"),
        pytest.param({"NextToken": "7"}, "InvalidNextTokenException", id="a token past the end"),
        pytest.param({"StartTime": 2, "EndTime": 1}, "InvalidTimeRangeException", id="no time"),
    ],
)
def test_what_cloudtrail_refuses(request_: dict[str, Any], code: str) -> None:
    trail = Trail()
    trail.write(a_record(0, NOON))
    with pytest.raises(LookupRefusedError) as refusal:
        trail.lookup(*HERE, request_)
    assert refusal.value.code == code


def test_a_refusal_reaches_the_caller(world: World) -> None:
    with pytest.raises(ClientError) as error:
        found(world.as_root(), NextToken="x")
    assert error.value.response["Error"]["Code"] == "InvalidNextTokenException"
