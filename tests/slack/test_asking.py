"""Asking whoever did it, and their answers: pressed by each person, over real sockets."""

import pytest

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import AskActor, MarkBenign
from bot.alerts.entries import ActorAsked, Reply
from bot.changes.severity import Severity
from bot.slack.views.question import question_message
from bot.store.deciding import decide_on
from sandbox.slack.faults import Broken
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from tests.builders import ALICE, MARCUS
from tests.slack.alerts import quiet_sighting
from tests.slack.cases import SHOWN
from tests.slack.office import Office
from tests.slack.test_actors import DIRECT, asked_alert

ASK = "Ask alice@example.com"
YES, NO, UNSURE = "Yes, that was me", "No, not me", "Not sure"


def question(at_work: Office, alert_id: str, channel: str = DIRECT) -> SeenMessage:
    """Post the question as it is now."""
    message = question_message(at_work.alert(alert_id), SHOWN)
    blocks = list(message.blocks)
    answer = at_work.client.chat_postMessage(channel=channel, text=message.text, blocks=blocks)
    return at_work.workspace.wait_message(channel, lambda seen: seen.ts == answer["ts"])


def answered(at_work: Office, alert_id: str) -> Alert:
    def is_so() -> bool:
        actor = at_work.alert(alert_id).actor
        return actor is not None and actor.answer is not None

    at_work.wait_until(is_so)
    return at_work.alert(alert_id)


def test_a_responder_has_the_actor_asked_and_is_told_who_that_is(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.person("rosa").choose(at_work.show(alert_id), ASK)
    told = at_work.person("rosa").wait_ephemeral(lambda seen: "direct message" in seen.plain)
    assert "Alice Moreau is asked in a direct message." in told.plain
    (entry,) = (e for e in at_work.entries(alert_id) if isinstance(e, ActorAsked))
    assert (entry.by.name, entry.slack_id) == ("Rosa Lindqvist", ALICE.slack_id)


def test_asked_twice_they_are_asked_once(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    for who in ("rosa", "marcus"):
        at_work.person(who).choose(message, ASK)
        at_work.person(who).wait_ephemeral(lambda seen: "is asked" in seen.plain)
    assert len([e for e in at_work.entries(alert_id) if isinstance(e, ActorAsked)]) == 1


@pytest.mark.parametrize(
    ("who", "said"),
    [
        pytest.param("oscar", "right of a responder", id="an outsider"),
        pytest.param("alice", "your own change", id="the actor"),
    ],
)
def test_who_may_not_ask(at_work: Office, who: str, said: str) -> None:
    alert_id = at_work.raise_alert()
    at_work.person(who).choose(at_work.show(alert_id), ASK)
    at_work.person(who).wait_ephemeral(lambda seen: said in seen.plain)
    assert at_work.alert(alert_id).actor is None
    assert at_work.refused(alert_id)


def test_whom_slack_does_not_name_now_is_not_asked(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.server.order_fault("users.lookupByEmail", Broken())
    at_work.person("rosa").choose(at_work.show(alert_id), ASK)
    at_work.person("rosa").wait_ephemeral(lambda seen: "nothing was decided" in seen.plain)
    assert at_work.alert(alert_id).actor is None


def test_no_is_one_press_and_makes_it_critical(at_work: Office) -> None:
    alert_id = at_work.raise_alert(quiet_sighting())
    decide_on(at_work.store, alert_id, AskActor(ALICE.slack_id, ALICE.name), None)
    at_work.press("alice", question(at_work, alert_id), NO)
    alert = answered(at_work, alert_id)
    assert (alert.actor and alert.actor.answer, alert.severity) == (Reply.NO, Severity.CRITICAL)


def test_not_sure_is_one_press(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    at_work.press("alice", question(at_work, alert_id), UNSURE)
    actor = answered(at_work, alert_id).actor
    assert actor is not None
    assert actor.answer is Reply.UNSURE


def test_yes_asks_what_it_was_for(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    alice = at_work.person("alice")
    form = at_work.form("alice", question(at_work, alert_id), YES)
    assert alice.submit(form, {"reason": {"value": "ok"}}) == {
        "reason": "Say what it was for, such as a ticket."
    }
    assert alice.submit(form, {"reason": {"value": "CHG-7, vendor tests"}}) == {}
    alice.wait_no_modal()
    alert = answered(at_work, alert_id)
    assert alert.actor is not None
    assert (alert.actor.reason, alert.actor.seen) == ("CHG-7, vendor tests", 1)
    assert alert.status is Status.OPEN


@pytest.mark.parametrize("label", [NO, UNSURE])
def test_nobody_answers_for_another(at_work: Office, label: str) -> None:
    alert_id = asked_alert(at_work)
    at_work.press("rosa", question(at_work, alert_id, ALERTS.id), label)
    at_work.person("rosa").wait_ephemeral(lambda seen: "Only the person" in seen.plain)
    actor = at_work.alert(alert_id).actor
    assert actor is not None
    assert actor.answer is None


def test_nor_the_same_that_they_have_answered(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    message = question(at_work, alert_id, ALERTS.id)
    at_work.press("alice", message, NO)
    answered(at_work, alert_id)
    at_work.press("rosa", message, NO)
    at_work.person("rosa").wait_ephemeral(lambda seen: "Only the person" in seen.plain)


def test_nobody_gets_the_form_of_another(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    at_work.press("rosa", question(at_work, alert_id, ALERTS.id), YES)
    modal = at_work.person("rosa").wait_modal(lambda seen: "Only the person" in seen.plain)
    assert not modal.inputs()


def test_a_message_that_is_older_than_the_answer_says_so(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    message = question(at_work, alert_id)
    at_work.press("alice", message, NO)
    answered(at_work, alert_id)
    at_work.press("alice", message, UNSURE)
    told = at_work.person("alice").wait_ephemeral(lambda seen: "already" in seen.plain)
    assert "You have answered “No, not me” already." in told.plain


@pytest.mark.parametrize(
    ("label", "counts"),
    [pytest.param(UNSURE, False, id="not sure"), pytest.param(NO, True, id="but no does")],
)
def test_what_is_settled_needs_no_answer(at_work: Office, label: str, counts: bool) -> None:
    alert_id = asked_alert(at_work)
    message = question(at_work, alert_id)
    decide_on(at_work.store, alert_id, MarkBenign("CHG-7", 1), MARCUS)
    at_work.press("alice", message, label)
    if counts:
        assert "not them" in at_work.wait_for(alert_id, Status.OPEN).reopened
    else:
        at_work.person("alice").wait_ephemeral(lambda seen: "settled" in seen.plain)
        assert at_work.alert(alert_id).status is Status.RESOLVED
