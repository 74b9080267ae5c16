"""Revert: exactly the plan that was shown, made again and compared when it is submitted."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import AskRevert, Refusal
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from bot.slack.listeners.desk import TO_BE_GIVEN, Desk, to_resolve
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.revert import TITLE, revert_form

REVERT = Intent(Does.REVERT)
MOVED = "The rules have changed since you looked. This is what would be done now: read it again."


def register(app: App, desk: Desk) -> None:
    """Listen for the button and the form."""

    @app.action(Action.REVERT)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(client, desk, asked, TITLE, to_resolve, lambda r: _planned(desk, asked, r.alert))

    @app.view(Form.REVERT)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, TITLE) as answer:
            plan = desk.plan(ref.alert, REVERT)
            if isinstance(plan, Refusal):
                answer.settle(plan, desk, "")
            elif digest_of(plan) != ref.digest:
                _show_again(answer, desk, sent, plan)
            else:
                refusal = desk.decide(
                    ref.alert,
                    sent.user.id,
                    lambda r, _: _command(desk, r.alert, plan, sent.text("reason"), ref.seen),
                )
                answer.settle(refusal, desk, "It is asked for; the alert says how it ends.")


def _command(desk: Desk, alert: Alert, plan: Plan, reason: str, seen: int) -> AskRevert:
    return AskRevert(plan, reason, seen, desk.terms(alert, REVERT.action, plan))


def _planned(desk: Desk, asked: Asked, alert: Alert) -> Json:
    """Return the form, or why this person may not ask for this plan."""
    plan = desk.plan(alert.id, REVERT)
    if isinstance(plan, Refusal):
        return refusal_modal(TITLE, plan)
    if plan.calls:
        seen = alert.counts.changes
        found = desk.look(
            asked.alert,
            asked.user,
            TITLE.lower(),
            lambda a: _command(desk, a, plan, TO_BE_GIVEN, seen),
        )
        if isinstance(found, Refusal):
            return refusal_modal(TITLE, found, desk.who_may(found))
    return _form(desk, alert, plan)


def _show_again(answer: Answer, desk: Desk, sent: Sent, plan: Plan) -> None:
    """Show the plan as it would be now, with the reason that was typed."""
    found = desk.look(sent.ref.alert, sent.user.id, TITLE.lower(), to_resolve)
    if isinstance(found, Refusal):
        answer.settle(found, desk, "")
    else:
        answer.show(_form(desk, found.alert, plan, sent.text("reason"), MOVED))


def _form(desk: Desk, alert: Alert, plan: Plan, reason: str = "", problem: str = "") -> Json:
    terms = desk.terms(alert, REVERT.action, plan)
    return revert_form(alert, desk.shown, plan, digest_of(plan), reason, problem, terms)
