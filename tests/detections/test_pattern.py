"""The EventBridge pattern: what it lets in, by the matcher of the stand-in's EventBridge."""

import json
from typing import Any

import pytest
from moto.events.models import EventPattern

from bot.detections.loader import packaged
from bot.detections.matcher import ACTION, pinned
from bot.detections.pattern import LONGEST, event_pattern
from tests.detections.rules import a_detection
from tests.records import a_record, eventbridge

PATTERN = event_pattern(packaged().detections)


def lets_in(pattern: dict[str, Any], action: str, source: str = "aws.ec2", **fields: Any) -> bool:
    event = json.loads(eventbridge(a_record(action))) | {"source": source} | fields
    return bool(EventPattern.load(json.dumps(pattern)).matches_event(event))


@pytest.mark.parametrize(
    ("source", "action"),
    [
        ("aws.ec2", "AuthorizeSecurityGroupIngress"),
        ("aws.ec2", "ModifyInstanceAttribute"),
        ("aws.ec2", "CreateNetworkAclEntry"),
        ("aws.ec2", "CreateNetworkInterface"),
        ("aws.iam", "AttachGroupPolicy"),
        ("aws.iam", "CreateAccessKey"),
        ("aws.rds", "ModifyDBInstance"),
        ("aws.cloudtrail", "StopLogging"),
    ],
)
def test_what_is_detected_or_investigated_is_let_in(source: str, action: str) -> None:
    assert lets_in(PATTERN, action, source)


def test_every_action_that_a_packaged_rule_names_is_let_in() -> None:
    named = {name for rule in packaged().detections for name in pinned(rule.tree, ACTION) or ()}
    assert len(named) > 20
    assert all(lets_in(PATTERN, action) for action in named)


@pytest.mark.parametrize(
    ("source", "action", "fields"),
    [
        pytest.param("aws.ec2", "DescribeSecurityGroups", {}, id="reading"),
        pytest.param("aws.ec2", "CreateTags", {}, id="tags"),
        pytest.param("aws.s3", "PutObject", {}, id="another service"),
        pytest.param("custom", "AuthorizeSecurityGroupIngress", {}, id="an event made up"),
        pytest.param(
            "aws.ec2",
            "AuthorizeSecurityGroupIngress",
            {"detail-type": "EC2 Instance State-change Notification"},
            id="an event that is no call",
        ),
    ],
)
def test_the_rest_is_kept_out(source: str, action: str, fields: dict[str, Any]) -> None:
    assert not lets_in(PATTERN, action, source, **fields)


def test_a_rule_of_ones_own_adds_its_actions_and_its_service() -> None:
    rule = a_detection("event.provider:kms.amazonaws.com and event.action:(PutKeyPolicy or x*)")
    other = a_detection("event.provider:kms.amazonaws.com and event.action:PutKeyPolicy")
    assert event_pattern([rule]) == event_pattern([])
    assert lets_in(event_pattern([other]), "PutKeyPolicy", "aws.kms")


def test_the_pattern_is_as_short_as_eventbridge_asks() -> None:
    assert len(json.dumps(PATTERN)) <= LONGEST
    many = a_detection(" or ".join(f"event.action:SomeLongishAction{n}" for n in range(100)))
    with pytest.raises(ValueError, match="make several rules"):
        event_pattern([many])
