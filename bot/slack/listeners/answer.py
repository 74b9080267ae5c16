"""The answers of whoever was asked "did you just…?", from their direct messages."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import AnswerAsActor, PersonCommand
from bot.alerts.entries import Reply
from bot.slack.listeners.answers import refuse
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.payloads import Click
from bot.slack.listeners.reasons import Reasoned, listen
from bot.slack.views.names import Action, Form
from bot.slack.views.question import TITLE, yes_form

AT_ONCE = {Action.ANSWER_NO: Reply.NO, Action.ANSWER_UNSURE: Reply.UNSURE}


def _to_answer(alert: Alert) -> PersonCommand:
    return AnswerAsActor(Reply.YES, "to be given in the form", alert.counts.changes)


YES = Reasoned(
    action=Action.ANSWER_YES,
    form=Form.ANSWER,
    title=TITLE,
    probe=_to_answer,
    view=yes_form,
    command=lambda reason, seen: AnswerAsActor(Reply.YES, reason, seen),
    told="Thank you. The alert shows what you said.",
)


def register(app: App, desk: Desk) -> None:
    """Listen for the three buttons and the form."""
    listen(app, desk, YES)
    for action, reply in AT_ONCE.items():
        _listen(app, desk, action, AnswerAsActor(reply))


def _listen(app: App, desk: Desk, action: Action, command: AnswerAsActor) -> None:
    @app.action(action)
    def answered(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        refusal = desk.decide(click.ref.alert, click.user.id, lambda *_: command)
        if refusal is not None:
            refuse(client, desk, click, refusal)
