"""Acknowledge: somebody looks after the alert."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Acknowledge
from bot.slack.listeners.answers import refuse
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.payloads import Click
from bot.slack.views.names import Action


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    @app.action(Action.ACKNOWLEDGE)
    def acknowledge(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        refusal = desk.decide(click.ref.alert, click.user.id, lambda *_: Acknowledge())
        if refusal is not None:
            refuse(client, desk, click, refusal)
