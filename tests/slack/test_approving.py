"""Approving in Slack: what comes of each button and form, over real sockets and a real Redis."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.alerts.alert import Alert, Containment
from bot.alerts.approval import (
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentPlanned,
    Standing,
    Terms,
)
from bot.alerts.commands import Approve, AskRevert, EndContainment
from bot.alerts.entries import Refused
from bot.alerts.people import Right
from bot.alerts.terms import ContainmentPolicy
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from bot.slack.messages import Mark, SlackMessages
from bot.slack.views.thread import thread_line
from bot.store.deciding import decide_on
from bot.store.store import Store
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from sandbox.slack.server import SlackServer
from tests.builders import MARCUS, ROSA
from tests.slack.alerts import PLAN, PLAN_WITH_ALL
from tests.slack.approvals import OPENING
from tests.slack.office import RIGHTS, Office, office

REASON = {"reason": {"value": "Planned, CHG-77"}}
TWO = ContainmentPolicy(always_two=True)


@pytest.fixture
def at_work(slack: SlackServer, store: Store) -> Iterator[Office]:
    """Open an office where one person is never enough; Marcus is an admin."""
    with office(slack, store, replace(RIGHTS, admins=(MARCUS.slack_id,))) as opened:
        opened.policy = TWO
        yield opened


def requested(at_work: Office, by: str = "rosa") -> tuple[str, SeenMessage]:
    """Have somebody ask for a revert in Slack; return the alert, and its message after that."""
    alert_id = at_work.raise_alert()
    person = at_work.person(by)
    form = at_work.form(by, at_work.show(alert_id), "Revert")
    assert "A second person has to approve this" in form.plain
    assert person.submit(form, REASON) == {}
    person.wait_no_modal()
    assert at_work.alert(alert_id).running is None
    return alert_id, at_work.show(alert_id)


def last(at_work: Office, alert_id: str) -> Containment:
    alert: Alert = at_work.alert(alert_id)
    return alert.containments[-1]


def test_a_second_person_sees_the_plan_and_approves_it(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    at_work.press("marcus", message, "Approve")
    marcus = at_work.person("marcus")
    form = marcus.wait_modal(lambda seen: "Rosa Lindqvist asks for the revert" in seen.plain)
    assert "sgr-07c1d2" in form.plain
    assert "Planned, CHG-77" in form.plain
    marcus.submit(form)
    at_work.wait_until(lambda: at_work.alert(alert_id).running is not None)
    [approved] = [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentApproved)]
    assert (approved.by.name, approved.digest) == ("Marcus Hale", digest_of(PLAN))


def test_it_can_be_approved_from_the_reply_that_calls_for_it(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    entries, alert = at_work.entries(alert_id), at_work.alert(alert_id)
    number = len(entries) - 1
    reply = thread_line(entries[number], number, alert)
    assert reply is not None
    assert reply.broadcast
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    mark = Mark(alert_id, number)
    ts = messages.reply(
        ALERTS.id, message.ts, reply.text, mark, broadcast=True, blocks=reply.blocks
    )
    shown = at_work.workspace.wait_message("sg-alerts", lambda seen: seen.ts == ts)
    at_work.press("marcus", shown, "Approve")
    at_work.person("marcus").wait_modal(lambda seen: "asks for the revert" in seen.plain)


def test_nobody_approves_their_own_request(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    at_work.press("rosa", message, "Approve")
    told = at_work.person("rosa").wait_modal(lambda seen: "right of an approver" in seen.plain)
    assert "Approvers may: @Marcus Hale, @sec-leads" in told.plain
    assert at_work.alert(alert_id).running is None
    assert [(e.by.name, e.command) for e in at_work.refused(alert_id)] == [
        ("Rosa Lindqvist", "approve")
    ]


def test_nobody_approves_on_their_own_change(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    at_work.press("alice", message, "Decline")
    at_work.person("alice").wait_modal(lambda seen: "right of an approver" in seen.plain)
    at_work.press("alice", message, "Approve")
    at_work.person("alice").wait_modal(lambda seen: seen.title == "Approve")
    at_work.wait_until(lambda: len(at_work.refused(alert_id)) == 2)
    assert at_work.alert(alert_id).waiting is not None


def test_a_plan_that_moved_is_made_again_and_read_again(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    marcus = at_work.person("marcus")
    at_work.press("marcus", message, "Approve")
    form = marcus.wait_modal(lambda seen: "asks for the revert" in seen.plain)
    at_work.plan = PLAN_WITH_ALL
    marcus.submit(form)
    again = marcus.wait_modal(lambda seen: "The rules have moved" in seen.plain)
    assert "AuthorizeSecurityGroupEgress" in again.plain
    assert at_work.alert(alert_id).running is None
    assert [e.plan for e in at_work.entries(alert_id) if isinstance(e, ContainmentPlanned)] == [
        PLAN_WITH_ALL
    ]
    marcus.submit(again)
    at_work.wait_until(lambda: at_work.alert(alert_id).running is not None)
    assert last(at_work, alert_id).plan == PLAN_WITH_ALL


def test_where_nothing_is_left_to_do_the_request_is_over(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    at_work.plan = Plan(())
    at_work.press("marcus", message, "Approve")
    at_work.person("marcus").wait_modal(lambda seen: "Nothing is left to do" in seen.plain)
    assert last(at_work, alert_id).standing is Standing.DECLINED


def test_a_request_is_declined_with_a_reason(at_work: Office) -> None:
    alert_id, message = requested(at_work)
    form = at_work.form("marcus", message, "Decline")
    at_work.person("marcus").submit(form, REASON)
    at_work.wait_until(lambda: at_work.alert(alert_id).waiting is None)
    [declined] = [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentDeclined)]
    assert (declined.by.name, declined.reason) == ("Marcus Hale", "Planned, CHG-77")
    at_work.press("marcus", message, "Approve")
    at_work.person("marcus").wait_modal(lambda seen: "Marcus Hale declined" in seen.plain)


def test_an_admin_breaks_the_glass_on_their_own_request(at_work: Office) -> None:
    alert_id, message = requested(at_work, by="marcus")
    form = at_work.form("marcus", message, "Approve")
    assert "the channel and the operators are told at once" in form.plain
    marcus = at_work.person("marcus")
    marcus.submit(form, REASON)
    at_work.wait_until(lambda: at_work.alert(alert_id).running is not None)
    assert last(at_work, alert_id).glass
    [approved] = [e for e in at_work.entries(alert_id) if isinstance(e, ContainmentApproved)]
    assert (approved.by.right, approved.reason) == (Right.ADMIN, "Planned, CHG-77")


def test_two_responders_at_once_make_one_request(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    forms = {who: at_work.form(who, message, "Revert") for who in ("rosa", "marcus")}
    for who, form in forms.items():
        at_work.person(who).submit(form, REASON)
    at_work.wait_until(lambda: bool(at_work.refused(alert_id)))
    assert len(at_work.alert(alert_id).containments) == 1
    [refused] = at_work.refused(alert_id)
    assert isinstance(refused, Refused)
    assert "waits for approval" in refused.why


def test_a_revert_is_undone_by_whoever_may_open(at_work: Office) -> None:
    at_work.policy = ContainmentPolicy()
    alert_id = reverted(at_work)
    message = at_work.show(alert_id)
    at_work.plan = OPENING
    at_work.press("rosa", message, "Undo")
    told = at_work.person("rosa").wait_modal(lambda seen: "right of an approver" in seen.plain)
    assert not told.inputs()
    form = at_work.form("marcus", message, "Undo")
    assert "This opens again what the revert has closed" in form.plain
    at_work.person("marcus").submit(form, REASON)
    at_work.wait_until(lambda: at_work.alert(alert_id).running is not None)
    asked = last(at_work, alert_id)
    assert (asked.plan, asked.of) == (OPENING, f"{alert_id}-c1")


def reverted(at_work: Office) -> str:
    """Store an alert that was reverted."""
    alert_id = at_work.raise_alert()
    decide_on(at_work.store, alert_id, AskRevert(PLAN, "not us", 1, Terms(two=True)), ROSA)
    decide_on(at_work.store, alert_id, Approve(digest_of(PLAN)), MARCUS)
    ended = EndContainment(f"{alert_id}-c1", verified=True, told="closed")
    decide_on(at_work.store, alert_id, ended, None)
    return alert_id
