"""Any record as one change: what every change says, and calls that are about no group."""

import pytest

from bot.changes.change import GroupRef, Verb
from bot.changes.normalise import is_group_change
from bot.cloudtrail.record import parse_record
from tests.changes.reading import change
from tests.records import (
    ACCOUNT,
    GONE,
    GROUP,
    REGION,
    Json,
    a_record,
    authorize,
    create_group,
    failed,
    modify_rules,
    move_instance,
    revoke,
    wrapped,
)

RULE = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}


def test_a_change_says_where_and_when() -> None:
    made = change(authorize())
    assert (made.event_id, made.at.isoformat()) == (
        "0e8b1f2a-0000-4000-8000-000000000001",
        "2026-03-02T12:00:00+00:00",
    )
    assert (made.account, made.region) == (ACCOUNT, REGION)
    assert (made.action, made.verb) == ("AuthorizeSecurityGroupIngress", Verb.AUTHORIZE)
    assert (made.group, made.caller) == (GroupRef(GROUP), "198.51.100.9")


@pytest.mark.parametrize(
    ("record", "target", "detail"),
    [
        pytest.param(
            a_record(
                "ModifyInstanceAttribute",
                requestParameters={"instanceId": "i-1", "disableApiTermination": {"value": False}},
            ),
            "i-1",
            "disableApiTermination=false",
            id="an instance's other attributes",
        ),
        pytest.param(
            a_record(
                "ModifyNetworkInterfaceAttribute",
                requestParameters={"networkInterfaceId": "eni-1", "groupSet": {}},
            ),
            "eni-1",
            "",
            id="an interface's",
        ),
        pytest.param(
            a_record(
                "AttachGroupPolicy",
                eventSource="iam.amazonaws.com",
                requestParameters={"groupName": "admins", "policyArn": "arn:x"},
            ),
            "admins",
            "policyArn=arn:x",
            id="a group of people",
        ),
        pytest.param(
            wrapped("CreateFlowLogs", {"ResourceId": {"tag": 1, "content": "vpc-1"}, "tag": 1}),
            "vpc-1",
            "",
            id="a newer call",
        ),
        pytest.param(a_record("StopLogging", requestParameters=None), "", "", id="no parameters"),
        pytest.param(
            a_record("X", requestParameters={"name": "a\n<!channel>", "b": {"c": {"d": {"e": 1}}}}),
            "a <!channel>",
            "",
            id="hostile and deep parameters",
        ),
        pytest.param(
            a_record("X", requestParameters={str(n): n for n in range(99)}),
            "",
            "0=0, 1=1, 2=2, 3=3, 4=4, 5=5, 6=6, 7=7, and 91 more",
            id="many parameters",
        ),
        pytest.param(
            authorize(eventSource="other.amazonaws.com"),
            GROUP,
            "",
            id="a call of the same name on another service",
        ),
    ],
)
def test_any_other_call(record: Json, target: str, detail: str) -> None:
    made = change(record)
    assert (made.verb, made.target, made.detail) == (Verb.OTHER, target, detail)
    assert not is_group_change(parse_record(record))
    assert made.touched == ()


@pytest.mark.parametrize(
    "record",
    [authorize(), revoke(), modify_rules(RULE), create_group(), move_instance()],
    ids=lambda record: record["eventName"],
)
def test_a_call_that_failed_did_nothing_and_tells_what_it_was_asked(record: Json) -> None:
    did, did_not = change(record), change(failed(record))
    assert did_not.touched == ()
    assert did_not.groups_after == ()
    assert did_not.error == "Client.UnauthorizedOperation"
    assert did_not.asked == did.touched
    assert did.asked == ()
    assert did_not.verb is did.verb
    assert is_group_change(parse_record(record))


def test_the_account_may_be_told_by_the_caller_alone() -> None:
    assert change(authorize(recipientAccountId=GONE)).account == ACCOUNT
    assert change(authorize(recipientAccountId="210987654321")).account == "210987654321"


def test_a_service_calls_from_no_address() -> None:
    assert change(authorize(sourceIPAddress="rds.amazonaws.com")).caller == ""
