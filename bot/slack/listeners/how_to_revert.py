"""How to revert: the commands to copy, where sgwatch itself may not change AWS."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import ask
from bot.slack.listeners.payloads import Click
from bot.slack.listeners.revert import REVERT
from bot.slack.views.blocks import Json
from bot.slack.views.how_to_revert import TITLE, how_to_revert
from bot.slack.views.names import Action
from bot.slack.views.refusal import refusal_modal


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    @app.action(Action.HOW_TO_REVERT)
    def show(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(client, desk, asked, TITLE, to_view, lambda r: _commands(desk, r.alert))


def _commands(desk: Desk, alert: Alert) -> Json:
    plan = desk.plan(alert.id, REVERT)
    if isinstance(plan, Refusal):
        return refusal_modal(TITLE, plan)
    return how_to_revert(alert, desk.shown, plan)
