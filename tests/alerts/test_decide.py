"""What a person may do to an alert, and what they are told when they may not."""

from dataclasses import replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.commands import (
    Acknowledge,
    AskRevert,
    BeginCall,
    Comment,
    EndCall,
    EndContainment,
    Exempt,
    MarkBenign,
    PersonCommand,
    Refusal,
    Reopen,
)
from bot.alerts.decide import author, decide
from bot.alerts.entries import Acknowledged, ContainmentAsked, Exempted, MarkedBenign
from bot.alerts.people import Person, Right
from bot.alerts.refusals import is_actor
from bot.containment.plan import Plan
from bot.exemptions.model import Exemption, Scope
from tests.alerts.test_evolve import PLAN, acknowledged, asked, benign
from tests.builders import ALICE, MARCUS, NOON, OSCAR, ROSA, an_alert, later, seen

ANY_ROLE = "arn:aws:iam::123456789012:role/*"
VIEWER = replace(OSCAR, right=Right.VIEWER)
EXEMPTION = Exemption("EX-1", Scope(groups=("sg-0a1b",)), "planned", "U0ROSA", NOON, later(60))

ACK = Acknowledge()
BENIGN = MarkBenign("planned work", seen=1)
EXEMPT = Exempt(EXEMPTION, uncovered=(), seen=1)
REVERT = AskRevert(PLAN, "not us", seen=1)
REOPEN = Reopen("it was not fine")

OPEN = an_alert()
HELD = an_alert(acknowledged())
RESOLVED = an_alert(benign())
REVERTING = an_alert(asked())
GROWN = an_alert(seen())


@pytest.mark.parametrize(
    ("alert", "command", "person", "why"),
    [
        pytest.param(OPEN, ACK, ROSA, None, id="a responder acknowledges"),
        pytest.param(OPEN, ACK, ALICE, None, id="the actor may acknowledge"),
        pytest.param(OPEN, Comment("mine"), ALICE, None, id="the actor may comment"),
        pytest.param(OPEN, ACK, OSCAR, "right of a responder", id="an outsider may not"),
        pytest.param(OPEN, ACK, VIEWER, "right of a responder", id="nor may a viewer"),
        pytest.param(OPEN, Comment("hm"), VIEWER, None, id="a viewer may comment"),
        pytest.param(
            OPEN, Comment("hm"), OSCAR, "right of a viewer", id="an outsider may not even"
        ),
        pytest.param(HELD, ACK, MARCUS, "Rosa already holds", id="one holder at a time"),
        pytest.param(HELD, ACK, ROSA, "You already hold", id="holding twice"),
        pytest.param(RESOLVED, ACK, MARCUS, "already resolved", id="nothing left to hold"),
        pytest.param(OPEN, BENIGN, ROSA, None, id="a responder marks it benign"),
        pytest.param(HELD, BENIGN, MARCUS, None, id="so may somebody who does not hold it"),
        pytest.param(OPEN, BENIGN, ALICE, "your own change", id="benign is not for the actor"),
        pytest.param(OPEN, EXEMPT, ALICE, "your own change", id="exempting is not"),
        pytest.param(OPEN, REVERT, ALICE, "your own change", id="reverting is not"),
        pytest.param(OPEN, BENIGN, OSCAR, "right of a responder", id="benign by an outsider"),
        pytest.param(
            OPEN, MarkBenign("  ", seen=1), ROSA, "Give a reason", id="a reason is asked for"
        ),
        pytest.param(RESOLVED, BENIGN, ROSA, "Rosa already resolved", id="resolved once"),
        pytest.param(GROWN, BENIGN, ROSA, "has 2 changes now; you were shown 1", id="stale modal"),
        pytest.param(GROWN, EXEMPT, ROSA, "you were shown 1", id="stale exemption"),
        pytest.param(GROWN, REVERT, ROSA, "you were shown 1", id="stale plan"),
        pytest.param(OPEN, EXEMPT, ROSA, None, id="a responder exempts"),
        pytest.param(
            OPEN,
            Exempt(replace(EXEMPTION, scope=Scope(principal_patterns=(ANY_ROLE,))), (), 1),
            replace(ROSA, principals=("arn:aws:iam::123456789012:role/ops",)),
            "exempt your own changes",
            id="an exemption widened to who saves it",
        ),
        pytest.param(
            OPEN,
            Exempt(EXEMPTION, ("in tcp 22", "in tcp 23"), 1),
            ROSA,
            "not cover all of the alert: in tcp 22 (and 1 more)",
            id="an exemption that leaves the alert uncovered",
        ),
        pytest.param(
            OPEN,
            Exempt(replace(EXEMPTION, reason=""), (), 1),
            ROSA,
            "Give a reason",
            id="an exemption without a reason",
        ),
        pytest.param(OPEN, REVERT, ROSA, None, id="a responder reverts"),
        pytest.param(
            OPEN, AskRevert(Plan(()), "not us", 1), ROSA, "nothing to revert", id="an empty plan"
        ),
        pytest.param(REVERTING, BENIGN, MARCUS, "under way", id="not while a revert runs"),
        pytest.param(REVERTING, REVERT, MARCUS, "under way", id="two responders press revert"),
        pytest.param(RESOLVED, REOPEN, MARCUS, None, id="a responder reopens"),
        pytest.param(OPEN, REOPEN, ROSA, "not resolved", id="nothing to reopen"),
        pytest.param(RESOLVED, Reopen(""), ROSA, "Give a reason", id="reopening without a reason"),
    ],
)
def test_what_a_person_may_do(
    alert: Alert, command: PersonCommand, person: Person, why: str | None
) -> None:
    decided = decide(alert, command, person, later(5))
    if why is None:
        assert not isinstance(decided, Refusal), decided
    else:
        assert isinstance(decided, Refusal)
        assert why in decided.why


def test_a_refusal_for_want_of_a_right_names_the_right() -> None:
    decided = decide(OPEN, BENIGN, OSCAR, NOON)
    assert isinstance(decided, Refusal)
    assert decided.needs is Right.RESPONDER


@pytest.mark.parametrize(
    ("command", "entry"),
    [
        pytest.param(
            ACK, Acknowledged(at=later(5), by=author(ROSA), severity=OPEN.severity), id="ack"
        ),
        pytest.param(
            BENIGN,
            MarkedBenign(at=later(5), by=author(ROSA), seen=1, reason="planned work"),
            id="benign",
        ),
        pytest.param(
            EXEMPT, Exempted(at=later(5), by=author(ROSA), seen=1, exemption=EXEMPTION), id="exempt"
        ),
        pytest.param(
            REVERT,
            ContainmentAsked(
                at=later(5),
                by=author(ROSA),
                seen=1,
                containment="SGW-TEST0001-c1",
                plan=PLAN,
                reason="not us",
            ),
            id="revert",
        ),
    ],
)
def test_a_decision_keeps_who_when_why_and_under_which_policy(
    command: PersonCommand, entry: object
) -> None:
    assert decide(OPEN, command, ROSA, later(5)) == (entry,)


@pytest.mark.parametrize(
    ("person", "actor"),
    [
        pytest.param(ALICE, True, id="by a principal that policy says is theirs"),
        pytest.param(replace(ROSA, principals=("ALICE",)), True, id="by the principal's label"),
        pytest.param(ROSA, False, id="somebody else"),
        pytest.param(replace(ROSA, email=""), False, id="nothing known matches nothing"),
    ],
)
def test_who_the_actor_is(person: Person, actor: bool) -> None:
    assert is_actor(OPEN, person) is actor


def test_the_worker_reports_only_what_is_under_way() -> None:
    begin, end = BeginCall("SGW-TEST0001-c1", 0), EndCall("SGW-TEST0001-c1", 0, "r-1")
    assert isinstance(decide(OPEN, begin, None, NOON), Refusal)
    assert isinstance(decide(REVERTING, end, None, NOON), Refusal)
    begun = decide(REVERTING, begin, None, NOON)
    assert not isinstance(begun, Refusal)
    under_way = an_alert(asked(), *begun)
    assert isinstance(decide(under_way, begin, None, NOON), Refusal)
    assert not isinstance(decide(under_way, replace(begin, again=True), None, NOON), Refusal)
    assert not isinstance(decide(under_way, end, None, NOON), Refusal)


def test_a_person_cannot_speak_for_the_worker() -> None:
    said = EndContainment("SGW-TEST0001-c1", verified=True, told="done")
    assert isinstance(decide(REVERTING, said, MARCUS, NOON), Refusal)
