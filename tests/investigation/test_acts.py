"""Acts: which calls matter, where they are looked at, and what they acted on."""

import pytest

from bot.cloudtrail.acted import acted_on, service_of
from bot.cloudtrail.console import event_url
from bot.detections.loader import packaged
from bot.detections.pattern import INVESTIGATED, wanted
from bot.investigation.acts import counted, within
from bot.investigation.weighty import FIRST_ASKED, OTHER, Category, kind_of
from tests.investigation.history import called

EVENT = "0e8b1f2a-0000-4000-8000-000000000001"


def test_what_the_pattern_lets_in_for_the_investigation_has_a_weight() -> None:
    let_in = {(service, name) for service, names in INVESTIGATED.items() for name in names.split()}
    unweighed = {name for service, name in let_in if kind_of(service, name) is OTHER}
    assert unweighed == {
        "UpdateSecurityGroupRuleDescriptionsEgress",
        "UpdateSecurityGroupRuleDescriptionsIngress",
    }


def test_what_is_asked_first_is_let_in_too() -> None:
    first = {name for names in FIRST_ASKED.values() for name in names}
    assert first <= wanted(packaged().detections).actions


@pytest.mark.parametrize(
    ("service", "action", "category", "stays"),
    [
        ("iam", "CreateAccessKey", Category.ACCESS, True),
        ("iam", "DeactivateMFADevice", Category.ACCESS, False),
        ("ec2", "ReplaceIamInstanceProfileAssociation", Category.ACCESS, True),
        ("cloudtrail", "StopLogging", Category.LOGGING, False),
        ("ec2", "DeleteFlowLogs", Category.LOGGING, False),
        ("transfer", "CreateUser", Category.OTHER, False),
        ("", "CreateUser", Category.ACCESS, True),
        ("s3", "PutBucketPolicy", Category.DATA, False),
    ],
)
def test_kinds(service: str, action: str, category: Category, stays: bool) -> None:
    kind = kind_of(service, action)
    assert (kind.category, kind.stays) == (category, stays)


@pytest.mark.parametrize(
    ("region", "event", "url"),
    [
        pytest.param(
            "eu-west-1",
            EVENT,
            "https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1"
            f"#/events/{EVENT}",
            id="AWS",
        ),
        pytest.param(
            "cn-north-1",
            EVENT,
            "https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home?region=cn-north-1"
            f"#/events/{EVENT}",
            id="China",
        ),
        pytest.param(
            "us-gov-west-1",
            EVENT,
            "https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home"
            f"?region=us-gov-west-1#/events/{EVENT}",
            id="GovCloud",
        ),
        pytest.param("evil.example/#", EVENT, "", id="no region"),
        pytest.param("eu-west-1", "x|click>", "", id="no event"),
    ],
)
def test_where_an_event_is_looked_at(region: str, event: str, url: str) -> None:
    assert event_url(region, event) == url


@pytest.mark.parametrize(
    ("request_parameters", "words"),
    [
        pytest.param(
            {"userName": "bob", "policyArn": "arn:aws:iam::aws:policy/job/Billing"},
            "Billing, bob",
            id="a policy and a user",
        ),
        pytest.param(
            {"roleName": "r", "policyName": "p", "policyDocument": "{}"}, "p, r", id="own"
        ),
        pytest.param({"name": "arn:aws:cloudtrail:eu-west-1:1:trail/org"}, "org", id="a trail"),
        pytest.param({"userName": {"a": 1}, "groupId": "sg-1\n"}, "sg-1", id="odd types"),
        pytest.param(None, "", id="denied before the request was read"),
    ],
)
def test_what_a_call_acted_on(request_parameters: object, words: str) -> None:
    record = called("Any", requestParameters=request_parameters)
    assert acted_on(record, 80) == words
    assert service_of(record) == "iam"


def test_counted() -> None:
    assert counted(["a", "b", "b", "c", "d", "x; y"]) == "b (2), a, c and 2 more"


@pytest.mark.parametrize(
    ("limit", "line"),
    [
        pytest.param(43, "aaaaaaaaaaaa; bbbbbbbbbbbb; cccccccccccc; z", id="all"),
        pytest.param(40, "aaaaaaaaaaaa; 2 more of weight; z", id="the first"),
        pytest.param(25, "3 more of weight; z", id="none"),
        pytest.param(5, "3 mo…", id="not even that"),
    ],
)
def test_what_there_is_room_for(limit: int, line: str) -> None:
    assert within(limit, ["a" * 12, "b" * 12, "c" * 12], ["z"]) == line
