"""Asking whoever did it: one direct message, whatever fails, which shows what was answered."""

from dataclasses import replace

import pytest

from bot.alerts.asking import AskPolicy, Whom
from bot.alerts.commands import AnswerAsActor, AskActor
from bot.alerts.entries import Reply
from bot.alerts.progress import Direct
from bot.changes.severity import Severity
from bot.slack.actors import MOST, Actors
from bot.slack.directory import Directory
from bot.slack.messages import SlackMessages
from bot.slack.views.question import question_message
from bot.store.deciding import decide_on
from bot.store.timelines import Reading
from sandbox.slack.faults import Broken, Fault, Limited, Lost, Refused
from sandbox.slack.people import direct_channel
from sandbox.slack.seen import SeenMessage
from tests.builders import ALICE
from tests.slack.cases import SHOWN
from tests.slack.office import RIGHTS, Office

DIRECT = direct_channel(ALICE.slack_id)
ALICE_BY_MAIL = Whom(email="alice@example.com")
POLICY = AskPolicy(severities=tuple(Severity), version="p1")


def actors_of(at_work: Office) -> Actors:
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    directory = Directory(at_work.client, RIGHTS)

    return Actors(
        at_work.store, messages, directory, lambda alert: question_message(alert, SHOWN), POLICY
    )


def reading_of(at_work: Office, alert_id: str) -> Reading:
    reading = at_work.store.timelines.read(alert_id)
    assert reading is not None
    return reading


def direct(at_work: Office, alert_id: str) -> Direct:
    return reading_of(at_work, alert_id).progress.direct


def asked_alert(at_work: Office) -> str:
    """Store an alert whose actor is to be asked."""
    alert_id = at_work.raise_alert()
    decide_on(at_work.store, alert_id, AskActor(ALICE.slack_id, ALICE.name), None)
    return alert_id


def ask(at_work: Office, alert_id: str) -> None:
    actors_of(at_work).ask(reading_of(at_work, alert_id), lambda: None)


def questions(at_work: Office, alert_id: str) -> list[SeenMessage]:
    return [m for m in at_work.workspace.messages(DIRECT) if alert_id in m.plain]


def test_the_question_says_what_where_when_and_from_where(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    ask(at_work, alert_id)
    (question,) = questions(at_work, alert_id)
    for said in (
        "sgwatch asks: did you just do this?",
        "alice@example.com opened SSH (22/tcp) to the whole internet",
        "prod · eu-west-1 · sg-0a1b (web-prod)",
        "AWS console, 198.51.100.9",
    ):
        assert said in question.plain.replace("*", "")
    labels = [button.label for button in question.buttons]
    assert labels == ["Yes, that was me…", "No, not me", "Not sure"]


@pytest.mark.parametrize("reply", list(Reply))
def test_it_is_edited_to_show_what_was_answered(at_work: Office, reply: Reply) -> None:
    alert_id = asked_alert(at_work)
    ask(at_work, alert_id)
    decide_on(at_work.store, alert_id, AnswerAsActor(reply, "CHG-7"), ALICE)
    ask(at_work, alert_id)
    (question,) = questions(at_work, alert_id)
    assert f"You answered “{reply.words}”" in question.plain.replace("*", "")
    assert [button.label for button in question.buttons] == (
        [] if reply is Reply.NO else ["No, not me"]
    )
    assert direct(at_work, alert_id).shown == reply.value


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Lost(), id="killed before it heard of its post"),
        pytest.param(Broken(), id="refused by a broken Slack"),
    ],
)
def test_what_was_begun_is_looked_for_before_it_is_posted_again(
    at_work: Office, fault: Fault
) -> None:
    alert_id = asked_alert(at_work)
    at_work.server.order_fault("chat.postMessage", fault)
    ask(at_work, alert_id)
    assert direct(at_work, alert_id).trouble is not None
    ask(at_work, alert_id)
    ask(at_work, alert_id)
    assert len(questions(at_work, alert_id)) == 1
    assert direct(at_work, alert_id).ts


def test_a_question_that_progress_forgot_is_found_again(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    ask(at_work, alert_id)
    reading = reading_of(at_work, alert_id)
    begun = replace(reading.progress, direct=Direct(DIRECT, posting=reading.now))
    at_work.store.timelines.save_progress(alert_id, reading.progress, begun)
    decide_on(at_work.store, alert_id, AnswerAsActor(Reply.NO), ALICE)
    for _ in range(2):
        ask(at_work, alert_id)
    (question,) = questions(at_work, alert_id)
    assert "You answered" in question.plain


def test_a_deleted_question_is_left_alone(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    ask(at_work, alert_id)
    (question,) = questions(at_work, alert_id)
    at_work.client.chat_delete(channel=DIRECT, ts=question.ts)
    decide_on(at_work.store, alert_id, AnswerAsActor(Reply.UNSURE), ALICE)
    ask(at_work, alert_id)
    assert not questions(at_work, alert_id)
    assert direct(at_work, alert_id).shown == "unsure"


def test_a_429_is_waited_out_and_is_no_failure(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    at_work.server.order_fault("conversations.open", Limited(30))
    ask(at_work, alert_id)
    trouble = direct(at_work, alert_id).trouble
    assert trouble is not None
    assert trouble.attempts == 0
    assert not at_work.store.notices.all()


def test_whoever_cannot_be_written_to_is_told_to_the_operators(at_work: Office) -> None:
    alert_id = asked_alert(at_work)
    at_work.server.order_fault("chat.postMessage", Refused("messages_tab_disabled"))
    ask(at_work, alert_id)
    (notice,) = at_work.store.notices.all()
    assert f"asking whoever did {alert_id} fails: Slack says messages_tab_disabled" in notice.what


def test_the_policy_has_asked_whom_slack_knows(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    actors_of(at_work).choose(reading_of(at_work, alert_id), ALICE_BY_MAIL)
    actor = at_work.alert(alert_id).actor
    assert actor is not None
    assert (actor.slack_id, actor.name) == (ALICE.slack_id, ALICE.name)
    entry = at_work.entries(alert_id)[-1]
    assert (entry.by.name, entry.by.policy) == ("sgwatch", "p1")  # type: ignore[union-attr]


def test_nobody_is_asked_whom_slack_does_not_know(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    actors_of(at_work).choose(reading_of(at_work, alert_id), Whom(email="who@example.com"))
    assert at_work.alert(alert_id).actor is None
    assert direct(at_work, alert_id).nobody


def test_nobody_is_flooded_with_questions(at_work: Office) -> None:
    alerts = [at_work.raise_alert() for _ in range(MOST + 1)]
    for alert_id in alerts:
        actors_of(at_work).choose(reading_of(at_work, alert_id), ALICE_BY_MAIL)
    asked = [alert_id for alert_id in alerts if at_work.alert(alert_id).actor is not None]
    assert asked == alerts[:MOST]
    assert direct(at_work, alerts[MOST]).trouble is not None


def test_where_slack_does_not_say_who_it_is_it_is_tried_again(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.server.order_fault("users.lookupByEmail", Broken())
    actors_of(at_work).choose(reading_of(at_work, alert_id), ALICE_BY_MAIL)
    trouble = direct(at_work, alert_id).trouble
    assert trouble is not None
    assert trouble.attempts == 1
