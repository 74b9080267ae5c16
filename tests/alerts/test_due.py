"""What is to be done for an alert, and when to look again."""

from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.due import Contain, Due, Forget, Investigate, Present, due
from bot.alerts.entries import Fact, Found, Question
from bot.alerts.index import index
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress, Trouble, troubled
from bot.changes.change import GroupRef
from tests.alerts.test_evolve import acknowledged, asked, benign, ended
from tests.builders import NOON, a_change, a_sighting, an_alert, later

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
    ("alert", "names"),
    [
        pytest.param(an_alert(), {"status:open", "severity:critical"}, id="open"),
        pytest.param(
            an_alert(acknowledged()),
            {"status:acknowledged", "severity:critical", "holder:U0ROSA"},
            id="acknowledged",
        ),
        pytest.param(an_alert(asked(), ended()), {"status:resolved"}, id="resolved"),
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
