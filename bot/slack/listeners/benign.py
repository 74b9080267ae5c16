"""Mark benign: it was fine, and somebody says why."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import MarkBenign
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.views.benign import TITLE, benign_form
from bot.slack.views.names import Action, Form


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.BENIGN)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(
            client,
            desk,
            asked,
            TITLE,
            to_resolve,
            lambda found: benign_form(found.alert, desk.shown),
        )

    @app.view(Form.BENIGN)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            command = MarkBenign(sent.text("reason"), ref.seen)
            refusal = desk.decide(ref.alert, sent.user.id, lambda *_: command)
            answer.settle(refusal, desk, "The alert is marked benign.")
