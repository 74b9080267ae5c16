"""The question to whoever did it: a direct message with three answers, and the form of a "yes"."""

from collections.abc import Iterator

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.alerts.alert import Actor, Alert
from bot.alerts.asking import SETTLED, question_state
from bot.alerts.entries import Reply
from bot.slack.views.blocks import (
    Json,
    as_json,
    button,
    buttons,
    context,
    modal,
    reason_input,
    section,
    sure,
)
from bot.slack.views.facts import origin
from bot.slack.views.headline import NOTIFICATION, SENTENCE, happened
from bot.slack.views.message import Message, Shown, place
from bot.slack.views.mrkdwn import bold, both_clocks, clock, escape
from bot.slack.views.names import Action, Form
from bot.slack.views.refs import AlertRef, form_ref, written

TITLE = "Yes, that was me"
ASKS = "sgwatch asks: did you just do this?"
REASON, FROM = 500, 200
SURE = sure(
    "It was not you?",
    "Then somebody else uses your access: the security team is told at once. "
    "This cannot be taken back.",
    "It was not me",
    "Wait",
)


def question_message(alert: Alert, shown: Shown) -> Message:
    """Return the direct message, with what was answered or that no answer is needed any more."""
    blocks: list[Block] = [section(f"{bold(ASKS)}\n{escape(happened(alert), SENTENCE)}")]
    blocks += _about(alert, shown)
    if alert.actor is not None and (told := _told(alert.actor, question_state(alert))):
        blocks.append(section(told))
    answers = list(_answers(alert))
    if answers:
        blocks.append(buttons(answers))
    blocks.append(context(f"{alert.id} · If it was not you, say so, whatever else you do."))
    start = "Did you just do this? "
    return Message(start + escape(happened(alert), NOTIFICATION - len(start)), as_json(blocks))


def yes_form(alert: Alert, shown: Shown) -> Json:
    """Return the form that asks what it was for."""
    what = bold(escape(happened(alert), SENTENCE))
    if alert.counts.changes > 1:
        what += f"\nYou answer for all {alert.counts.changes} changes."
    return modal(
        TITLE,
        [
            section(what),
            *_about(alert, shown),
            reason_input("What was it for?", hint="A sentence or a ticket number."),
        ],
        form=Form.ANSWER,
        submit="Answer",
        close="Cancel",
        metadata=written(form_ref(alert)),
    )


def asked_message(name: str) -> Message:
    """Return what a responder is told who had somebody asked."""
    text = f"✉️ {escape(name)} is asked in a direct message. The alert shows what they say."
    return Message(text, as_json([section(text)]))


def _about(alert: Alert, shown: Shown) -> Iterator[Block]:
    """Yield when and where it was done, and from where."""
    where = " · ".join(
        filter(None, (both_clocks(alert.first_at or alert.raised_at), place(alert, shown)))
    )
    came = escape(origin(alert), FROM)
    yield context(f"{where}\nFrom {came}" if came else where)


def _told(actor: Actor, state: str) -> str:
    if actor.answer is not None and actor.answered_at is not None:
        thanks = " The security team has been told." if actor.answer is Reply.NO else " Thank you."
        reason = f": “{escape(actor.reason, REASON)}”" if actor.reason else ""
        said = f"You answered {bold(f'“{actor.answer.words}”')} {clock(actor.answered_at)}"
        return f"{said}{reason}.{thanks}"
    return "This has been settled meanwhile: you need not answer." if state == SETTLED else ""


def _answers(alert: Alert) -> Iterator[InteractiveElement]:
    """Yield the answers that still count: a "yes" can be taken back, a "no" cannot."""
    ref, state = AlertRef(alert.id, alert.version), question_state(alert)
    if state == Reply.NO.value:
        return
    waiting = alert.actor is not None and alert.actor.answer is None and state != SETTLED
    if waiting:
        yield button(f"{Reply.YES.words}…", Action.ANSWER_YES, ref)
    yield button(Reply.NO.words, Action.ANSWER_NO, ref, "danger", SURE)
    if waiting:
        yield button(Reply.UNSURE.words, Action.ANSWER_UNSURE, ref)
