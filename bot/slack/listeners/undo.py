"""Undo: puts back what a revert has changed, by exactly the plan that was shown."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.approving import NOTHING_UNDOABLE
from bot.alerts.commands import AskUndo, PersonCommand, Refusal
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from bot.slack.listeners.desk import TO_BE_GIVEN, Desk, to_view
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.listeners.revert import MOVED
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
        ask(client, desk, asked, TITLE, to_view, lambda r: _planned(desk, asked, r.alert))

    @app.view(Form.UNDO)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            reading = desk.store.timelines.read(ref.alert)
            plan = _plan(desk, reading.alert) if reading is not None else NOTHING_UNDOABLE
            if isinstance(plan, Refusal) or reading is None:
                answer.settle(plan if isinstance(plan, Refusal) else None, desk, "")
            elif digest_of(plan) != ref.digest:
                reason = sent.text("reason")
                answer.show(_form(desk, reading.alert, plan, reason, MOVED))
            else:
                refusal = desk.decide(
                    ref.alert,
                    sent.user.id,
                    lambda r, _: _command(desk, r.alert, plan, sent.text("reason")),
                )
                answer.settle(refusal, desk, "It is asked for; the alert says how it ends.")


def _plan(desk: Desk, alert: Alert) -> Plan | Refusal:
    revert = alert.undoable
    if revert is None:
        return NOTHING_UNDOABLE
    return desk.plan(alert.id, Intent(Does.UNDO, of=revert.id))


def _command(desk: Desk, alert: Alert, plan: Plan, reason: str) -> PersonCommand:
    revert = alert.undoable.id if alert.undoable else ""
    return AskUndo(revert, plan, reason, desk.terms(alert, Does.UNDO, plan))


def _planned(desk: Desk, asked: Asked, alert: Alert) -> Json:
    """Return the form, or why this person may not ask for it."""
    plan = _plan(desk, alert)
    if isinstance(plan, Refusal):
        return refusal_modal(TITLE, plan)
    if plan.calls:
        found = desk.look(
            asked.alert,
            asked.user,
            TITLE.lower(),
            lambda a: _command(desk, a, plan, TO_BE_GIVEN),
        )
        if isinstance(found, Refusal):
            return refusal_modal(TITLE, found, desk.who_may(found))
    return _form(desk, alert, plan)


def _form(desk: Desk, alert: Alert, plan: Plan, reason: str = "", problem: str = "") -> Json:
    terms = desk.terms(alert, Does.UNDO, plan)
    return undo_form(alert, desk.shown, plan, digest_of(plan), terms, reason, problem)
