"""What comes of each button and form, pressed by each person, over real sockets."""

from dataclasses import replace

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.commands import Refusal
from bot.alerts.entries import Acknowledged, ContainmentAsked, Reopened
from bot.alerts.people import Right
from bot.containment.plan import Plan
from bot.slack.views.message import Shown
from tests.builders import seen
from tests.slack.alerts import PLAN, PLAN_WITH_ALL, quiet_sighting
from tests.slack.office import Office

REASON = {"reason": {"value": "Planned, CHG-77"}}
DECIDING = ("Mark benign", "Exempt", "Revert")


def test_a_responder_acknowledges(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("rosa", at_work.show(alert_id), "Acknowledge")
    held = at_work.wait_for(alert_id, Status.ACKNOWLEDGED).hold
    assert held is not None
    assert (held.by.name, held.by.right, held.by.policy) == (
        "Rosa Lindqvist",
        Right.RESPONDER,
        "p1",
    )


def test_two_clicks_count_once_and_nobody_is_scolded(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    for _ in range(2):
        at_work.press("rosa", message, "Acknowledge")
    at_work.wait_for(alert_id, Status.ACKNOWLEDGED)
    at_work.press("rosa", message, "Acknowledge")
    at_work.finish()
    held = [entry for entry in at_work.entries(alert_id) if isinstance(entry, Acknowledged)]
    assert len(held) == 1
    assert not at_work.refused(alert_id)
    assert not at_work.person("rosa").ephemerals()


def test_a_second_responder_is_told_who_holds_it(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    at_work.press("rosa", message, "Acknowledge")
    at_work.wait_for(alert_id, Status.ACKNOWLEDGED)
    at_work.press("marcus", message, "Acknowledge")
    told = at_work.person("marcus").wait_ephemeral(lambda seen: "already holds" in seen.plain)
    assert "Rosa Lindqvist already holds this alert." in told.plain


def test_an_outsider_is_refused_in_private_and_told_who_may(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    at_work.press("oscar", message, "Acknowledge")
    told = at_work.person("oscar").wait_ephemeral(lambda seen: "right of a responder" in seen.plain)
    assert "Responders may: @sec-leads, @sec-oncall" in told.plain
    [refused] = at_work.refused(alert_id)
    assert (refused.by.name, refused.command) == ("Oscar Quill", "acknowledge")
    assert at_work.alert(alert_id).hold is None


@pytest.mark.parametrize("label", DECIDING)
def test_an_outsider_gets_a_refusal_in_place_of_each_form(at_work: Office, label: str) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("oscar", at_work.show(alert_id), label)
    modal = at_work.person("oscar").wait_modal(lambda seen: "right of a responder" in seen.plain)
    assert "Responders may: @sec-leads, @sec-oncall" in modal.plain
    assert not modal.inputs()
    assert [refused.command for refused in at_work.refused(alert_id)] == [modal.title.lower()]


@pytest.mark.parametrize("label", DECIDING)
def test_the_actor_gets_no_form_about_their_own_change(at_work: Office, label: str) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("alice", at_work.show(alert_id), label)
    modal = at_work.person("alice").wait_modal(lambda seen: "your own change" in seen.plain)
    assert not modal.inputs()
    assert at_work.refused(alert_id)


def test_the_actor_may_acknowledge(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("alice", at_work.show(alert_id), "Acknowledge")
    at_work.wait_for(alert_id, Status.ACKNOWLEDGED)


def test_benign_needs_a_reason_that_says_something(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    rosa = at_work.person("rosa")
    form = at_work.form("rosa", at_work.show(alert_id), "Mark benign")
    wrong = rosa.submit(form, {"reason": {"value": "ok"}})
    assert wrong == {"reason": "Give a reason that somebody can read in six months."}
    assert rosa.submit(form, REASON) == {}
    end = at_work.wait_for(alert_id, Status.RESOLVED).resolution
    assert end is not None
    assert (end.kind, end.by.name, end.reason) == (
        ResolutionKind.BENIGN,
        "Rosa Lindqvist",
        "Planned, CHG-77",
    )
    rosa.wait_no_modal()


def test_a_decision_covers_only_the_changes_that_its_form_showed(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    rosa = at_work.person("rosa")
    form = at_work.form("rosa", at_work.show(alert_id), "Mark benign")
    at_work.store.timelines.observe(alert_id, seen(quiet_sighting()))
    rosa.submit(form, REASON)
    told = rosa.wait_modal(lambda seen: "you were shown 1" in seen.plain)
    assert not told.inputs()
    assert at_work.alert(alert_id).status is Status.OPEN


def test_revert_makes_exactly_the_plan_that_was_shown(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.plan = PLAN_WITH_ALL
    marcus = at_work.person("marcus")
    form = at_work.form("marcus", at_work.show(alert_id), "Revert")
    assert "sgr-07c1d2" in form.plain
    assert marcus.submit(form, REASON) == {}
    marcus.wait_no_modal()
    [asked] = [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentAsked)]
    assert (asked.plan, asked.reason, asked.seen) == (PLAN_WITH_ALL, "Planned, CHG-77", 1)


def test_a_plan_that_moved_is_shown_again_with_what_was_typed(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    marcus = at_work.person("marcus")
    form = at_work.form("marcus", at_work.show(alert_id), "Revert")
    at_work.plan = replace(PLAN, drift=("sg-0a1b: somebody edited it.",))
    marcus.submit(form, REASON)
    again = marcus.wait_modal(lambda seen: "have changed since you looked" in seen.plain)
    assert "somebody edited it" in again.plain
    assert at_work.alert(alert_id).running is None
    marcus.submit(again, {"reason": {"value": again.values["reason"]["value"]["value"]}})
    marcus.wait_no_modal()
    running = at_work.alert(alert_id).running
    assert running is not None
    assert (running.plan, running.reason) == (at_work.plan, "Planned, CHG-77")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        pytest.param(Plan((), leaves=PLAN.leaves), "nothing to revert", id="nothing to do"),
        pytest.param(Refusal("AWS cannot be read."), "AWS cannot be read.", id="no plan"),
        pytest.param(RuntimeError("a bug"), "something went wrong on our side", id="a failure"),
    ],
)
def test_without_a_plan_there_is_nothing_to_submit(
    at_work: Office, plan: Plan | Refusal | Exception, said: str
) -> None:
    alert_id = at_work.raise_alert()
    at_work.plan = plan
    at_work.press("marcus", at_work.show(alert_id), "Revert")
    modal = at_work.person("marcus").wait_modal(lambda seen: said in seen.plain)
    assert not modal.inputs()


def test_a_failure_is_told_once(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.plan = RuntimeError("a bug")
    marcus = at_work.person("marcus")
    at_work.press("marcus", at_work.show(alert_id), "Revert")
    marcus.wait_modal(lambda seen: "our side" in seen.plain)
    at_work.finish()
    assert not marcus.ephemerals()


def test_a_submission_that_fails_is_told_in_place_of_the_form(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    marcus = at_work.person("marcus")
    form = at_work.form("marcus", at_work.show(alert_id), "Revert")
    at_work.plan = RuntimeError("a bug")
    marcus.submit(form, REASON)
    marcus.wait_modal(lambda seen: "Nothing was decided" in seen.plain)
    assert at_work.alert(alert_id).running is None


def test_an_alert_is_reopened_with_a_reason(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    rosa = at_work.person("rosa")
    rosa.submit(at_work.form("rosa", at_work.show(alert_id), "Mark benign"), REASON)
    at_work.wait_for(alert_id, Status.RESOLVED)
    rosa.wait_no_modal()
    form = at_work.form("rosa", at_work.show(alert_id), "Reopen")
    rosa.submit(form, {"reason": {"value": "It was not them"}})
    rosa.wait_no_modal()
    assert isinstance(at_work.entries(alert_id)[-1], Reopened)


def test_whoever_may_not_change_aws_gets_the_commands(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("rosa", at_work.show(alert_id, Shown(containment=False)), "How to revert")
    modal = at_work.person("rosa").wait_modal(lambda seen: "revoke-security-group" in seen.plain)
    assert "--security-group-rule-ids sgr-07c1d2" in modal.plain
