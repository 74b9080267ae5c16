"""Which alerts the policy has reverted by itself, and which it leaves to people."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.approval import Approval, LeftToPeople
from bot.alerts.automatic import reverts_itself, why_by_itself
from bot.alerts.commands import LeaveToPeople, Refusal
from bot.alerts.commands import RevertByItself as Command
from bot.alerts.decide import decide
from bot.alerts.due import RevertByItself, due
from bot.alerts.entries import ContainmentAsked
from bot.alerts.people import SGWATCH, Right
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.alerts.sighting import DetectionRef
from bot.alerts.storm import stands_alone
from bot.alerts.terms import Automatic, ContainmentPolicy
from bot.changes.severity import Severity
from tests.alerts.test_evolve import PLAN, acknowledged, asked, benign, ended
from tests.builders import ROSA, a_sighting, an_alert, later, seen

POLICY = ContainmentPolicy(
    automatic=Automatic(frozenset({"d-1"}), frozenset({"123456789012"})), version="p1"
)
OPEN = an_alert()
OTHER = seen(replace(a_sighting(), detections=(DetectionRef("d-2", "another"),)))
BY_ITSELF = replace(asked(), by=SGWATCH)
LEFT = LeftToPeople(at=later(1), by=SGWATCH, why="three an hour")


@pytest.mark.parametrize(
    ("alert", "policy", "now", "reverts"),
    [
        pytest.param(OPEN, POLICY, later(1), True, id="a named detection in a named account"),
        pytest.param(OPEN, ContainmentPolicy(), later(1), False, id="nothing by default"),
        pytest.param(OPEN, replace(POLICY, off=True), later(1), False, id="AWS is not changed"),
        pytest.param(
            OPEN,
            replace(POLICY, automatic=Automatic(frozenset({"d-1"}), frozenset({"210987654321"}))),
            later(1),
            False,
            id="another account",
        ),
        pytest.param(an_alert(OTHER), POLICY, later(1), False, id="one change is of another"),
        pytest.param(OPEN, POLICY, later(61), False, id="what was there before"),
        pytest.param(an_alert(acknowledged()), POLICY, later(1), False, id="somebody holds it"),
        pytest.param(an_alert(benign()), POLICY, later(1), False, id="it is resolved"),
        pytest.param(an_alert(asked()), POLICY, later(1), False, id="somebody reverts it"),
        pytest.param(an_alert(BY_ITSELF), POLICY, later(1), False, id="it is being reverted"),
        pytest.param(
            an_alert(replace(BY_ITSELF, approval=Approval(Right.APPROVER, later(9)))),
            POLICY,
            later(1),
            False,
            id="it waits for approval",
        ),
        pytest.param(
            an_alert(BY_ITSELF, ended(verified=False)), POLICY, later(4), False, id="it went wrong"
        ),
        pytest.param(
            an_alert(BY_ITSELF, seen(), ended()), POLICY, later(4), True, id="more came after it"
        ),
        pytest.param(an_alert(LEFT), POLICY, later(1), False, id="it was left to people"),
    ],
)
def test_what_is_reverted_by_itself(
    alert: Alert, policy: ContainmentPolicy, now: datetime, reverts: bool
) -> None:
    assert reverts_itself(alert, policy, now) is reverts
    steps = due(
        alert,
        Progress(queued=alert.position),
        AlertPolicy(channel="C0ALERTS", questions=frozenset(), containment=policy),
        now,
    ).steps
    assert (RevertByItself() in steps) is reverts


def test_it_is_asked_for_in_the_policys_name() -> None:
    terms = POLICY.terms(OPEN, BY_ITSELF.action, PLAN)
    command = Command(PLAN, why_by_itself(OPEN, POLICY), 1, terms, POLICY.version)
    decided = decide(OPEN, command, None, later(1))
    assert isinstance(decided, tuple)
    [entry] = decided
    assert isinstance(entry, ContainmentAsked)
    assert (entry.by.slack_id, entry.by.name, entry.by.policy) == ("", "sgwatch", "p1")
    assert "EC2 security group configuration change" in entry.reason
    assert entry.approval is None


def test_where_two_are_always_needed_it_waits_for_a_person() -> None:
    terms = replace(POLICY, always_two=True).terms(OPEN, BY_ITSELF.action, PLAN)
    decided = decide(OPEN, Command(PLAN, "why", 1, terms), None, later(1))
    assert isinstance(decided, tuple)
    assert isinstance(decided[0], ContainmentAsked)
    assert decided[0].approval is not None


def test_in_a_storm_what_is_left_to_people_gets_no_message_of_its_own() -> None:
    left = replace(an_alert(LEFT), severity=Severity.HIGH)
    assert not stands_alone(left, Progress(storm="ST-1"))
    assert stands_alone(replace(an_alert(BY_ITSELF), severity=Severity.HIGH), Progress())


def test_nobody_asks_for_it_in_sgwatchs_name() -> None:
    for command in (
        Command(PLAN, "why", 1, POLICY.terms(OPEN, BY_ITSELF.action, PLAN)),
        LeaveToPeople("no"),
    ):
        decided = decide(OPEN, command, replace(ROSA, right=Right.ADMIN), later(1))
        assert isinstance(decided, Refusal)
