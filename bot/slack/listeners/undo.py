"""Undo: puts back what a revert has changed, by exactly the plan that was shown."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.approving import NOTHING_UNDOABLE
from bot.alerts.commands import AskUndo
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.plan import Plan
from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.listeners.planned import PlanForm
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.undo import TITLE, undo_form


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.UNDO)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(client, desk, asked, TITLE, to_view, lambda r: _opened(desk, asked, r.alert))

    @app.view(Form.UNDO)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            reading = desk.store.timelines.read(sent.ref.alert)
            planned = _planned(reading.alert) if reading is not None else None
            if planned is None:
                answer.settle(NOTHING_UNDOABLE, desk, "")
            else:
                planned.submit(desk, sent, sent.ref, answer)


def _opened(desk: Desk, asked: Asked, alert: Alert) -> Json:
    planned = _planned(alert)
    if planned is None:
        return refusal_modal(TITLE, NOTHING_UNDOABLE)
    return planned.open(desk, asked.alert, asked.user)


def _planned(alert: Alert) -> PlanForm | None:
    """Return the form that undoes the alert's revert, if there is one to undo."""
    revert = alert.undoable
    if revert is None:
        return None
    of = revert.id

    def command(_: Alert, plan: Plan, reason: str, __: int, terms: Terms) -> AskUndo:
        return AskUndo(of, plan, reason, terms)

    return PlanForm(TITLE, Intent(Does.UNDO, of=of), to_view, command, undo_form)
