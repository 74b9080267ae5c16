"""Activity: what else they did, from our stream and CloudTrail's history, and what is not known."""

from dataclasses import replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.entries import Found
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.judge import unmatched_outcome
from bot.alerts.sighting import Origin
from bot.aws.errors import AwsError
from bot.changes.severity import Severity
from bot.cloudtrail.principal import PrincipalKind
from bot.investigation.around import SHARE
from bot.investigation.run import Answer
from tests.builders import a_change, a_principal, a_sighting, later, raised, seen
from tests.investigation.history import (
    DENIED,
    THROTTLED,
    TIMED_OUT,
    World,
    called,
    refused,
)
from tests.records import ACCOUNT, iam_user, role_session, sso_session

KEY = "AKIAEXAMPLEKEY000001"
ALICE = a_principal("alice", access_key=KEY)
ALERT = evolve(None, (raised(), seen(a_sighting(principal=ALICE))))
ADMIN = {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "userName": "alice"}
ATTACH = called("AttachUserPolicy", 1, requestParameters=ADMIN)
STOP = called("StopLogging", 2, "cloudtrail", requestParameters={"name": "org-trail"})
READS = called("ListUsers", -3, readOnly=True)
BOB = called("CreateUser", -1, userIdentity=iam_user("bob") | {"accessKeyId": "AKIABOB"})


def ask(world: World, alert: Alert = ALERT, minute: float = 3) -> Answer:
    return world.ask(Question.ACTIVITY, alert, later(minute))


@pytest.mark.parametrize(
    ("world", "value", "signals"),
    [
        pytest.param(World(), "nothing else from half an hour before on", [], id="nothing"),
        pytest.param(
            World(delivered=(ATTACH, STOP)),
            "StopLogging org-trail 12:02; AttachUserPolicy AdministratorAccess 12:01",
            ["persistence_made", "logging_disabled"],
            id="delivered to us, the gravest first",
        ),
        pytest.param(
            World(told=(ATTACH,)),
            "AttachUserPolicy AdministratorAccess 12:01",
            ["persistence_made"],
            id="told by the history of IAM's home",
        ),
        pytest.param(
            World(delivered=(ATTACH,), told=(ATTACH,)),
            "AttachUserPolicy AdministratorAccess 12:01",
            ["persistence_made"],
            id="both, and told once",
        ),
        pytest.param(
            World(told=(READS,)), "nothing of weight in 1 other call", [], id="only reading"
        ),
        pytest.param(
            World(told=(refused("CreateUser", -5), refused("CreateUser", -4), READS)),
            "2 denied (CreateUser (2)); 1 other call",
            ["denied_before"],
            id="denied before",
        ),
        pytest.param(
            World(told=(refused("CreateUser", 2),)),
            "1 denied (CreateUser)",
            [],
            id="denied after, which is no sign of before",
        ),
        pytest.param(
            World(delivered=(called("CreateUser", -45), called("CreateUser", -31))),
            "nothing else from half an hour before on",
            [],
            id="long before",
        ),
        pytest.param(
            World(delivered=(BOB,)),
            "CreateUser by bob 11:59",
            [],
            id="another user from the same address, who speaks for nothing",
        ),
        pytest.param(
            World(
                delivered=(
                    called("RunInstances", -1, "ec2", userIdentity=iam_user("bob")),
                    called("CreateSecurityGroup", -1, "ec2", sourceIPAddress="192.0.2.9"),
                )
            ),
            "CreateSecurityGroup 11:59; RunInstances 11:59",
            [],
            id="the same key",
        ),
        pytest.param(
            World(delivered=tuple(called("CreateAccessKey", n) for n in (-2, -1, 0))),
            "CreateAccessKey (3) 11:58",
            ["persistence_made"],
            id="thrice the same",
        ),
        pytest.param(
            World(delivered=(called("CreateUser", -1, "transfer"),)),
            "nothing of weight in 1 other call",
            [],
            id="another service's call of that name",
        ),
    ],
)
def test_what_else_they_did(world: World, value: str, signals: list[str]) -> None:
    answer = ask(world)
    assert answer.facts[0].value == value
    assert [signal.name for signal in answer.signals] == signals
    assert answer.facts[0].as_of == later(3)


def test_what_makes_an_administrator_weighs_more() -> None:
    lesser = called("AttachUserPolicy", 1, requestParameters={"policyArn": "arn:aws:x/Own"})
    weights = [ask(World(told=(record,))).signals[0].weight for record in (lesser, ATTACH)]
    assert weights == [3, 4]


def test_the_alerts_own_changes_are_left_out() -> None:
    own = called("AuthorizeSecurityGroupIngress", 0, "ec2", eventID="event-1")
    assert ask(World(told=(own,))).facts[0].acts == ()


def test_what_the_history_told_first_and_the_alert_has_by_now_is_left_out() -> None:
    moved = called("ModifyInstanceAttribute", 1, "ec2", eventID="event-2")
    before = ask(World(told=(moved,)))
    assert before.facts[0].value.startswith("ModifyInstanceAttribute")
    alert = evolve(ALERT, (Found(at=later(3), facts=before.facts),))
    joined = replace(unmatched_outcome(moved), alert=alert.id)
    assert ask(World(told=(moved,), outcomes=(joined,)), alert, 10).facts[0].acts == ()


def test_a_change_that_may_still_be_delivered_is_waited_for() -> None:
    moved = called("ModifyInstanceAttribute", 1, "ec2")
    assert [len(ask(World(told=(moved,)), minute=m).facts[0].acts) for m in (1.5, 3)] == [0, 1]


@pytest.mark.parametrize(
    ("errors", "busy", "why"),
    [
        pytest.param({"lookups": DENIED}, False, "no permission for cloudtrail", id="denied"),
        pytest.param({"lookups": THROTTLED}, False, "AWS asks for fewer calls", id="throttled"),
        pytest.param({"lookups": TIMED_OUT}, False, "AWS did not answer", id="timed out"),
        pytest.param({}, True, "as often as AWS allows", id="the budget is spent"),
    ],
)
def test_a_history_that_is_not_read_is_told(
    errors: dict[str, AwsError], busy: bool, why: str
) -> None:
    (fact,) = ask(World(errors=errors, busy=busy)).facts
    assert not fact.value
    assert f"nothing was delivered; event history of {ACCOUNT}/eu-west-1 not read: " in fact.unknown
    assert why in fact.unknown
    (fact,) = ask(World(delivered=(ATTACH,), errors=errors, busy=busy)).facts
    assert fact.value == "AttachUserPolicy AdministratorAccess 12:01"
    assert any("us-east-1 not read" in line and why in line for line in fact.more)


def test_what_was_found_once_is_not_forgotten_when_the_history_cannot_be_read() -> None:
    before = ask(World(told=(ATTACH,)))
    alert = evolve(ALERT, (Found(at=later(3), facts=before.facts),))
    (fact,) = ask(World(errors={"lookups": THROTTLED}), alert, 10).facts
    assert fact.value == before.facts[0].value


def test_an_answer_that_says_the_same_is_the_same() -> None:
    before = ask(World(told=(ATTACH,)))
    alert = evolve(ALERT, (Found(at=later(3), facts=before.facts),))
    assert ask(World(told=(ATTACH,)), alert, 10).facts == before.facts
    (grown,) = ask(World(told=(ATTACH, STOP)), alert, 10).facts
    assert grown.as_of == later(10)


ROLE = a_principal(
    "Deployer",
    kind=PrincipalKind.ROLE,
    id=f"arn:aws:iam::{ACCOUNT}:role/Deployer",
    role="Deployer",
    session="run-42",
    access_key="ASIAEXAMPLEKEY000001",
)
HOME, HERE = f"{ACCOUNT}/us-east-1", f"{ACCOUNT}/eu-west-1"


def test_a_user_is_looked_up_by_name_with_two_calls() -> None:
    world = World()
    ask(world)
    assert sorted(world.asked) == [(HERE, "Username", "alice"), (HOME, "Username", "alice")]


def test_where_a_user_did_more_than_is_read_the_gravest_is_asked_for_by_name() -> None:
    world = World(told=(ATTACH,), more=True)
    ask(world)
    assert len(world.asked) == 2 * 2 + 4 + 2
    assert (HOME, "EventName", "AttachUserPolicy") in world.asked
    assert (HERE, "EventName", "StopLogging") in world.asked


def test_another_session_of_a_role_is_found_by_the_name_of_what_it_did() -> None:
    alert = evolve(None, (raised(), seen(a_sighting(principal=ROLE))))
    other = role_session(session="hidden") | {"accessKeyId": "ASIAOTHER"}
    stranger = role_session(role="Other", session="hidden")
    world = World(
        told=(
            called("CreateAccessKey", 1, userIdentity=other, sourceIPAddress="192.0.2.1"),
            called(
                "CreateUser",
                1,
                userIdentity=stranger | {"accessKeyId": "ASIATHIRD"},
                sourceIPAddress="192.0.2.2",
            ),
        )
    )
    assert ask(world, alert).facts[0].value == "CreateAccessKey 12:01"
    assert len(world.asked) <= 10


def test_people_who_share_a_role_are_told_apart() -> None:
    session = sso_session("alice@example.com")
    person = replace(
        ROLE,
        id=session["sessionContext"]["sessionIssuer"]["arn"],
        session="alice@example.com",
        person="alice@example.com",
        access_key="ASIAALICE",
    )
    alert = evolve(None, (raised(), seen(a_sighting(principal=person))))
    away = {"sourceIPAddress": "192.0.2.1"}
    hers = called("CreateUser", 1, userIdentity=session, **away)
    his = called("CreateRole", 1, userIdentity=sso_session("bob@example.com"), **away)
    assert ask(World(delivered=(hers, his)), alert).facts[0].value == "CreateUser 12:01"


@pytest.mark.parametrize("address", ["AWS Internal", "cloudformation.amazonaws.com"])
def test_what_aws_calls_from_is_no_address(address: str) -> None:
    alert = evolve(None, (raised(), seen(a_sighting(principal=ALICE, origin=Origin(address)))))
    bob = called(
        "CreateUser",
        1,
        sourceIPAddress=address,
        userIdentity=iam_user("bob") | {"accessKeyId": "X"},
    )
    assert ask(World(delivered=(bob,)), alert).facts[0].acts == ()


def test_questions_that_are_asked_at_once_share_one_reading() -> None:
    world = World()
    ask(world)
    world.ask(Question.PERSISTENCE, ALERT, later(3.1))
    assert len(world.asked) == 2
    ask(world, minute=4)
    assert len(world.asked) == 4


def test_a_storm_does_not_wait_for_event_history_and_the_critical_are_asked_about() -> None:
    world = World()

    def asked(alert: Alert) -> bool:
        before = len(world.asked)
        ask(world, alert)
        return len(world.asked) > before

    quiet = a_sighting(principal=ALICE, severity=Severity.LOW)
    storm = [evolve(None, (raised(f"SGW-{n}"), seen(quiet))) for n in range(SHARE + 5)]
    assert [asked(alert) for alert in storm] == [True] * SHARE + [False] * 5
    assert asked(replace(ALERT, id="SGW-WORST", severity=Severity.CRITICAL))


def test_a_thousand_changes_are_read_about_once() -> None:
    changes = (a_change(f"event-{n}", later(n / 1000)) for n in range(1000))
    alert = evolve(None, (raised(), *(seen(a_sighting(c, principal=ALICE)) for c in changes)))
    world = World()
    ask(world, alert)
    assert len(world.asked) == 2


def test_a_line_stays_short_whatever_they_did() -> None:
    actions = (
        "CreateUser",
        "CreateRole",
        "AttachRolePolicy",
        "PutUserPolicy",
        "CreateLoginProfile",
    )
    done = [called(a, 1, requestParameters={"userName": f"user-{'x' * 50}"}) for a in actions]
    (fact,) = ask(World(delivered=(*done, STOP, refused("DeleteTrail", 2)))).facts
    assert len(fact.value) <= 100
    assert fact.value.startswith("StopLogging org-trail 12:02; ")
    assert fact.value.endswith("more of weight; 1 denied (DeleteTrail)")
    assert (
        len(ask(World(delivered=[called("ListUsers", n / 9) for n in range(40)])).facts[0].acts)
        == 20
    )
