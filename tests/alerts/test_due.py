"""What is to be done for an alert, and when to look again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.asking import AskPolicy, Whom
from bot.alerts.decide import author
from bot.alerts.due import (
    Ask,
    ChooseActor,
    Close,
    Contain,
    Due,
    Forget,
    Investigate,
    Present,
    Step,
    due,
)
from bot.alerts.entries import ActorAnswered, ActorAsked, Entry, Found, Reply
from bot.alerts.evolve import evolve
from bot.alerts.fact import Fact, Question
from bot.alerts.index import index
from bot.alerts.people import SGWATCH
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Direct, Progress, Trouble, troubled
from bot.changes.change import GroupRef
from bot.changes.severity import Severity
from tests.alerts.test_evolve import acknowledged, asked, benign, ended
from tests.builders import (
    ALICE,
    NOON,
    a_change,
    a_principal,
    a_sighting,
    an_alert,
    later,
    raised,
    seen,
)

POLICY = AlertPolicy(channel="C0ALERTS", retention=timedelta(days=400))
SHOW = Present("C0ALERTS")
QUEUED = Progress(queued=99)
KEPT_UNTIL = later(2) + timedelta(days=400)
FAILING = Progress(queued=99, contain=Trouble(1, later(9), "throttled"))
UNNAMED = a_sighting(a_change("event-2", group=GroupRef("sg-9")))
ASK_NAME = Investigate((Question.GROUP_NAME,))


def found(name: str) -> Found:
    fact = Fact(Question.GROUP_NAME, "sg-9", name, unknown="" if name else "no permission")
    return Found(at=NOON, facts=(fact,))


CARRY_ON = Contain("SGW-TEST0001-c1")


@pytest.mark.parametrize(
    ("alert", "progress", "minutes", "expected"),
    [
        pytest.param(an_alert(), Progress(), 0, Due((SHOW,), None), id="a new alert is shown"),
        pytest.param(
            an_alert(), QUEUED, 0, Due((), None), id="what was queued is not queued again"
        ),
        pytest.param(
            an_alert(asked()), Progress(), 3, Due((SHOW, CARRY_ON), None), id="show, then contain"
        ),
        pytest.param(an_alert(asked()), QUEUED, 3, Due((CARRY_ON,), None), id="contain"),
        pytest.param(
            an_alert(asked()), FAILING, 3, Due((), later(9)), id="a failing step waits its time"
        ),
        pytest.param(an_alert(asked()), FAILING, 9, Due((CARRY_ON,), None), id="and comes again"),
        pytest.param(
            an_alert(benign()), QUEUED, 3, Due((), KEPT_UNTIL), id="a resolved alert is kept"
        ),
        pytest.param(
            an_alert(benign()),
            QUEUED,
            400 * 24 * 60 + 2,
            Due((Forget(),), None),
            id="then forgotten",
        ),
        pytest.param(
            an_alert(benign(), asked()),
            QUEUED,
            400 * 24 * 60 + 2,
            Due((CARRY_ON,), None),
            id="never while a containment is under way",
        ),
    ],
)
def test_due(alert: Alert, progress: Progress, minutes: int, expected: Due) -> None:
    assert due(alert, progress, POLICY, later(minutes)) == expected


@pytest.mark.parametrize(
    ("progress", "steps"),
    [
        pytest.param(Progress(), (SHOW,), id="shown first, and the others are too"),
        pytest.param(QUEUED, (ASK_NAME,), id="asked in a turn of its own"),
    ],
)
def test_what_is_to_be_asked_does_not_hold_up_what_is_to_be_shown(
    progress: Progress, steps: tuple[Step, ...]
) -> None:
    assert due(an_alert(seen(UNNAMED)), progress, POLICY, later(2)).steps == steps


QUESTION = ActorAsked(at=later(1), by=SGWATCH, slack_id=ALICE.slack_id, name=ALICE.name)
ANSWER = ActorAnswered(at=later(2), by=author(ALICE), reply=Reply.YES, reason="CHG-7", seen=1)
HARMLESS = a_sighting(severity=Severity.LOW, exposure=None)
SENT = Progress(queued=99, direct=Direct("D1", "1.0", shown="open"))
BEGUN = Progress(queued=99, direct=Direct("D1", posting=later(1)))
ASKING = replace(
    POLICY,
    ask=AskPolicy([Severity.CRITICAL], [Severity.LOW], {"U1": [a_principal().id]}, "p1"),
)


def harmless(*entries: Entry) -> Alert:
    return evolve(None, (raised(), seen(HARMLESS), *entries))


@pytest.mark.parametrize(
    ("alert", "progress", "steps"),
    [
        pytest.param(an_alert(), QUEUED, (ChooseActor(Whom("U1")),), id="the policy asks"),
        pytest.param(harmless(), QUEUED, (), id="but not of everything"),
        pytest.param(
            an_alert(), replace(QUEUED, direct=Direct(nobody=True)), (), id="nor whom nobody knows"
        ),
        pytest.param(an_alert(QUESTION), QUEUED, (Ask(),), id="who is asked gets a message"),
        pytest.param(an_alert(QUESTION), SENT, (), id="one message"),
        pytest.param(an_alert(QUESTION), BEGUN, (Ask(),), id="a post that was begun is looked for"),
        pytest.param(an_alert(QUESTION, ANSWER), SENT, (Ask(),), id="it shows the answer"),
        pytest.param(
            an_alert(QUESTION, ANSWER),
            replace(SENT, direct=replace(SENT.direct, shown="yes")),
            (),
            id="once",
        ),
        pytest.param(an_alert(QUESTION, benign()), SENT, (Ask(),), id="or that it is settled"),
        pytest.param(
            an_alert(QUESTION, benign()), QUEUED, (), id="nobody is asked of what is settled"
        ),
        pytest.param(
            an_alert(QUESTION, benign()), BEGUN, (Ask(),), id="unless it may be there already"
        ),
        pytest.param(harmless(QUESTION, ANSWER), SENT, (Close(),), id="a yes closes what it may"),
    ],
)
def test_asking_the_actor(alert: Alert, progress: Progress, steps: tuple[Step, ...]) -> None:
    assert due(alert, progress, ASKING, later(3)).steps == steps


@pytest.mark.parametrize(
    ("alert", "sent"),
    [
        pytest.param(an_alert(), Direct(), id="finding out who it is"),
        pytest.param(an_alert(QUESTION), Direct(), id="a message"),
        pytest.param(an_alert(QUESTION, benign()), SENT.direct, id="an edit of what is resolved"),
    ],
)
def test_what_fails_in_asking_waits_its_time(alert: Alert, sent: Direct) -> None:
    failing = replace(QUEUED, direct=replace(sent, trouble=Trouble(1, later(9), "down")))
    assert due(alert, failing, ASKING, later(3)) == Due((), later(9))
    assert due(alert, failing, ASKING, later(9)).steps


@pytest.mark.parametrize(
    ("alert", "names"),
    [
        pytest.param(an_alert(), {"status:open", "severity:critical"}, id="open"),
        pytest.param(
            an_alert(acknowledged()),
            {"status:acknowledged", "severity:critical", "holder:U0ROSA"},
            id="acknowledged",
        ),
        pytest.param(
            an_alert(asked(), ended()), {"status:resolved", "reverted:sg-0a1b"}, id="reverted"
        ),
    ],
)
def test_index(alert: Alert, names: set[str]) -> None:
    assert index(alert) == names | {"principal:arn:aws:iam::123456789012:user/alice"}


def test_trouble_backs_off_and_never_ends() -> None:
    trouble, waits = None, []
    for _ in range(10):
        trouble = troubled(trouble, "down", NOON)
        waits.append((trouble.next_try - NOON).total_seconds())
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_what_failed_together_is_not_tried_together() -> None:
    waits = {troubled(None, "down", NOON, f"SGW-{number}").next_try - NOON for number in range(20)}
    assert len(waits) > 15
    assert all(timedelta(seconds=1.5) <= wait <= timedelta(seconds=2) for wait in waits)


def test_trouble_remembers_since_when() -> None:
    first = troubled(None, "down", NOON)
    assert troubled(first, "down", NOON + timedelta(minutes=5)).since == NOON
