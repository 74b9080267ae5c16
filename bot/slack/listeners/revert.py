"""Revert: exactly the plan that was shown, made again and compared when it is submitted."""

import hashlib
from typing import Any

from pydantic import TypeAdapter
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import AskRevert, Refusal
from bot.containment.plan import Plan
from bot.slack.listeners.desk import Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.revert import TITLE, revert_form

PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
MOVED = "The rules have changed since you looked. This is what would be done now: read it again."


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.REVERT)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(client, desk, asked, TITLE, to_resolve, lambda r: _planned(desk, r.alert))

    @app.view(Form.REVERT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            plan = desk.plan(ref.alert)
            if isinstance(plan, Refusal):
                answer.settle(plan, desk, "")
            elif digest_of(plan) != ref.digest:
                _show_again(answer, desk, sent, plan)
            else:
                command = AskRevert(plan, sent.text("reason"), ref.seen)
                refusal = desk.decide(ref.alert, sent.user.id, lambda *_: command)
                answer.settle(refusal, desk, "The revert is under way; the alert says how it ends.")


def digest_of(plan: Plan) -> str:
    """Return what tells one plan from another: all that it would do and all that it says."""
    return hashlib.sha256(PLAN.dump_json(plan)).hexdigest()[:32]


def _planned(desk: Desk, alert: Alert) -> Json:
    plan = desk.plan(alert.id)
    return refusal_modal(TITLE, plan) if isinstance(plan, Refusal) else _form(desk, alert, plan)


def _show_again(answer: Answer, desk: Desk, sent: Sent, plan: Plan) -> None:
    """Show the plan as it would be now, with the reason that was typed."""
    found = desk.look(sent.ref.alert, sent.user.id, TITLE.lower(), to_resolve)
    if isinstance(found, Refusal):
        answer.settle(found, desk, "")
    else:
        answer.show(_form(desk, found.alert, plan, sent.text("reason"), MOVED))


def _form(desk: Desk, alert: Alert, plan: Plan, reason: str = "", problem: str = "") -> Json:
    return revert_form(alert, desk.shown, plan, digest_of(plan), reason, problem)
