"""Revert: exactly the plan that was shown, made again and compared when it is submitted."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.commands import AskRevert
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.plan import Plan
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.listeners.planned import PlanForm
from bot.slack.views.names import Action, Form
from bot.slack.views.revert import TITLE, revert_form

REVERT = Intent(Does.REVERT)


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.REVERT)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(
            client,
            desk,
            asked,
            TITLE,
            to_resolve,
            lambda _: PLANNED.open(desk, asked.alert, asked.user),
        )

    @app.view(Form.REVERT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            PLANNED.submit(desk, sent, sent.ref, answer)


def _command(_: Alert, plan: Plan, reason: str, seen: int, terms: Terms) -> AskRevert:
    return AskRevert(plan, reason, seen, terms)


PLANNED = PlanForm(TITLE, REVERT, to_resolve, _command, revert_form)
