"""What is in force keeps its alert, and is released when it has lasted as long as it was to."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.approving import LASTED, releases_by_itself
from bot.alerts.commands import Refusal, ReleaseByItself
from bot.alerts.decide import author
from bot.alerts.due import Forget, Release, due
from bot.alerts.entries import (
    CallBegun,
    CallEnded,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    MarkedBenign,
)
from bot.alerts.in_force import in_force, to_release
from bot.alerts.people import SGWATCH
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress, Trouble
from bot.containment.action import Action
from bot.containment.choice import Stop
from bot.containment.plan import Plan
from bot.containment.restrict import Actor, restrict_plan
from tests.builders import ROSA, an_alert, later

ID, RELEASE = "SGW-TEST0001-c1", "SGW-TEST0001-c2"
STOP = Stop(hours=1)
PLAN = restrict_plan(Actor("role", "ci", "123456789012", "us-east-1"), STOP, ID)
POLICY = AlertPolicy(channel="C0ALERTS", retention=timedelta(days=1))
QUEUED = Progress(queued=99)
UNTIL = later(60)


def asked(action: Action = Action.RESTRICT, *, of: str = "", plan: Plan = PLAN) -> ContainmentAsked:
    return ContainmentAsked(
        at=later(0),
        by=author(ROSA),
        seen=1,
        containment=RELEASE if of else ID,
        plan=plan,
        reason="not them",
        action=action,
        of=of,
        choice=None if of else STOP,
        until=None if of else UNTIL,
    )


def ended(containment: str = ID, *, verified: bool = True, dry: bool = False) -> Entry:
    return ContainmentEnded(
        at=later(1), by=SGWATCH, containment=containment, verified=verified, told="so", dry=dry
    )


CALLED = (
    CallBegun(at=later(1), by=SGWATCH, containment=ID, call=0),
    CallEnded(at=later(1), by=SGWATCH, containment=ID, call=0, request_id="r-1"),
)
FAILED = (
    CallBegun(at=later(1), by=SGWATCH, containment=ID, call=0),
    CallEnded(
        at=later(1), by=SGWATCH, containment=ID, call=0, request_id="", error="no permission"
    ),
)
BENIGN = MarkedBenign(at=later(2), by=author(ROSA), seen=1, reason="fine")


def held(*entries: Entry) -> Alert:
    return an_alert(asked(), *CALLED, ended(), *entries)


@pytest.mark.parametrize(
    ("alert", "holds"),
    [
        pytest.param(held(), True, id="done"),
        pytest.param(an_alert(asked(), *CALLED), False, id="under way"),
        pytest.param(an_alert(asked(), *CALLED, ended(verified=False)), True, id="done in part"),
        pytest.param(an_alert(asked(), *FAILED, ended(verified=False)), False, id="nothing done"),
        pytest.param(an_alert(asked(), ended(verified=False, dry=True)), False, id="dry run"),
        pytest.param(held(asked(Action.RELEASE, of=ID), ended(RELEASE)), False, id="released"),
        pytest.param(
            held(asked(Action.RELEASE, of=ID), ended(RELEASE, verified=False)),
            True,
            id="release that failed",
        ),
    ],
)
def test_what_holds_in_aws_is_in_force(alert: Alert, holds: bool) -> None:
    assert bool(in_force(alert)) is holds


def test_an_alert_is_not_forgotten_while_something_is_in_force() -> None:
    year = later(60 * 24 * 365)
    forever = replace(held(BENIGN).containments[0], until=None)
    alert = replace(held(BENIGN), containments=(forever,))
    assert due(alert, QUEUED, POLICY, year).steps == ()
    released = held(BENIGN, asked(Action.RELEASE, of=ID), ended(RELEASE))
    assert due(released, QUEUED, POLICY, year).steps == (Forget(),)


@pytest.mark.parametrize("resolved", [True, False])
def test_it_is_released_when_it_has_lasted_and_looked_at_again_then(resolved: bool) -> None:
    alert = held(BENIGN) if resolved else held()
    early = due(alert, QUEUED, POLICY, later(59))
    assert early.steps == ()
    assert early.next == UNTIL
    assert due(alert, QUEUED, POLICY, UNTIL).steps == (Release(ID),)


def test_a_release_that_fails_waits() -> None:
    failing = replace(QUEUED, contain=Trouble(1, later(70), "throttled"))
    found = due(held(), failing, POLICY, UNTIL)
    assert (found.steps, found.next) == ((), later(70))


def test_it_is_tried_by_itself_once() -> None:
    alert = held(asked(Action.RELEASE, of=ID), ended(RELEASE, verified=False))
    assert to_release(alert, UNTIL) is None


def by_itself(alert: Alert, at: datetime) -> object:
    return releases_by_itself(alert, ReleaseByItself(ID, Plan(())), at)


def test_the_release_says_why_and_by_whom() -> None:
    found = by_itself(held(), UNTIL)
    assert isinstance(found, tuple)
    (entry,) = found
    assert isinstance(entry, ContainmentAsked)
    assert (entry.by, entry.reason, entry.of) == (SGWATCH, LASTED, ID)
    assert entry.action is Action.RELEASE
    assert isinstance(by_itself(held(), later(59)), Refusal)
