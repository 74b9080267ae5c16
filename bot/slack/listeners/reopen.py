"""Reopen: a resolved alert needs somebody again."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Reopen
from bot.slack.listeners.desk import Desk, to_reopen
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.views.names import Action, Form
from bot.slack.views.reopen import TITLE, reopen_form


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.REOPEN)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(
            client,
            desk,
            asked,
            TITLE,
            to_reopen,
            lambda found: reopen_form(found.alert, desk.shown),
        )

    @app.view(Form.REOPEN)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            command = Reopen(sent.text("reason"))
            refusal = desk.decide(ref.alert, sent.user.id, lambda *_: command)
            answer.settle(refusal, desk, "The alert is open again.")
