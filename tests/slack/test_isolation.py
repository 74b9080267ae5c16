"""Quarantine, restrict and release in Slack: what is chosen is what is planned, shown and asked."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.entries import ContainmentAsked
from bot.containment.action import Action, Intent
from bot.containment.choice import Isolate, Reach, Stop
from bot.containment.restrict import IDENTITY_CENTER
from bot.store.store import Store
from sandbox.slack.seen import SeenMessage, SeenModal
from sandbox.slack.server import SlackServer
from tests.slack.isolations import ID, MALLORY, OFF, QUARANTINE, RESTRICT, held_entries
from tests.slack.office import Office, office

REASON = {"reason": {"value": "It talks to an unknown host"}}


def form(at_work: Office, who: str, message: SeenMessage, label: str) -> SeenModal:
    at_work.person(who).choose(message, label)
    return at_work.person(who).wait_modal(lambda modal: bool(modal.inputs()))


def plan_after(at_work: Office, who: str, modal: SeenModal, values: dict[str, Any]) -> SeenModal:
    assert at_work.person(who).submit(modal, values) == {}
    return at_work.person(who).wait_modal(lambda seen: seen.callback_id == "isolate_form")


def asked(at_work: Office, alert_id: str) -> ContainmentAsked:
    (entry,) = [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentAsked)]
    return entry


def test_what_is_chosen_is_planned_shown_and_asked_for(at_work: Office) -> None:
    at_work.plan = QUARANTINE
    alert_id = at_work.raise_alert()
    modal = form(at_work, "rosa", at_work.show(alert_id), "Quarantine")
    assert "elbv2 set-security-groups" in modal.plain
    values = {"targets": {"value": ["i-1"]}, "options": {"value": ["snapshot", "cut"]}}
    plan = plan_after(at_work, "rosa", modal, values)
    assert "ModifyNetworkInterfaceAttribute" in plan.plain
    assert "A second person has to approve this" in plan.plain
    choice = Isolate(("i-1",), standby=False, deregister=False, snapshot=True, tag=False, cut=True)
    assert at_work.intents == [Intent(Action.QUARANTINE, choice=choice)]
    assert at_work.person("rosa").submit(plan, REASON) == {}
    at_work.person("rosa").wait_no_modal()
    entry = asked(at_work, alert_id)
    assert (entry.action, entry.choice, entry.plan) == (Action.QUARANTINE, choice, QUARANTINE)
    assert entry.approval is not None


def test_a_restriction_ends_when_it_was_chosen_to(at_work: Office) -> None:
    at_work.plan, at_work.actor = RESTRICT, MALLORY
    alert_id = at_work.raise_alert()
    modal = form(at_work, "rosa", at_work.show(alert_id), "Restrict")
    values = {"reach": {"value": "all"}, "hours": {"value": "1"}, "key": {"value": ["switch"]}}
    plan = plan_after(at_work, "rosa", modal, values)
    at_work.person("rosa").submit(plan, REASON)
    at_work.person("rosa").wait_no_modal()
    entry = asked(at_work, alert_id)
    assert entry.choice == Stop(Reach.ALL, switch_key=True, hours=1)
    assert entry.until is not None
    assert (entry.until - entry.at).total_seconds() == 3600


def test_a_plan_that_moved_is_shown_again_and_not_asked_for(at_work: Office) -> None:
    at_work.plan, at_work.actor = RESTRICT, MALLORY
    alert_id = at_work.raise_alert()
    plan = plan_after(at_work, "rosa", form(at_work, "rosa", at_work.show(alert_id), "Restr"), {})
    at_work.plan = replace(RESTRICT, calls=RESTRICT.calls[:1])
    assert at_work.person("rosa").submit(plan, REASON) == {}
    again = at_work.person("rosa").wait_modal(lambda seen: "have changed" in seen.plain)
    assert "UpdateAccessKey" not in again.plain
    assert not [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentAsked)]


def test_whom_it_cannot_stop_is_refused_with_the_way_out(at_work: Office) -> None:
    at_work.actor = Refusal(IDENTITY_CENTER)
    message = at_work.show(at_work.raise_alert())
    at_work.person("rosa").choose(message, "Restrict")
    told = at_work.person("rosa").wait_modal(lambda seen: "Identity Center" in seen.plain)
    assert "service control policy" in told.plain


def test_somebody_without_the_right_is_refused_at_the_plan_and_it_is_kept(at_work: Office) -> None:
    at_work.plan = QUARANTINE
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    at_work.person("oscar").choose(message, "Quarantine")
    at_work.person("oscar").wait_modal(lambda seen: "You need the right" in seen.plain)
    assert [entry.by.name for entry in at_work.refused(alert_id)] == ["Oscar Quill"]


def test_what_is_in_force_is_released_by_an_approver(at_work: Office) -> None:
    alert_id = at_work.raise_alert(after=held_entries())
    at_work.plan = replace(QUARANTINE, calls=QUARANTINE.calls[:1])
    message = at_work.show(alert_id)
    assert "Isolated" in message.plain
    at_work.press("rosa", message, "Release")
    at_work.person("rosa").wait_modal(lambda seen: "approver" in seen.plain)
    at_work.press("marcus", message, "Release")
    plan = at_work.person("marcus").wait_modal(lambda seen: seen.callback_id == "isolate_form")
    assert at_work.intents[-1] == Intent(Action.RELEASE, of=ID)
    at_work.person("marcus").submit(plan, REASON)
    at_work.person("marcus").wait_no_modal()
    running = at_work.alert(alert_id).running
    assert running is not None
    assert (running.action, running.of) == (Action.RELEASE, ID)


@pytest.fixture
def switched_off(slack: SlackServer, store: Store) -> Iterator[Office]:
    with office(slack, store, shown=OFF) as opened:
        yield opened


def test_where_aws_is_not_changed_the_commands_are_shown(switched_off: Office) -> None:
    switched_off.plan = QUARANTINE
    alert_id = switched_off.raise_alert()
    message = switched_off.show(alert_id, OFF)
    modal = form(switched_off, "rosa", message, "How to quarantine")
    values = {"targets": {"value": ["i-1"]}}
    assert switched_off.person("rosa").submit(modal, values) == {}
    told = switched_off.person("rosa").wait_modal(lambda seen: "made_3=$(aws ec2" in seen.plain)
    assert told.callback_id == ""
    assert not [e for e in switched_off.entries(alert_id) if isinstance(e, ContainmentAsked)]
