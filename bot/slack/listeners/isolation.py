"""Quarantine, restrict, release: what is chosen, then exactly the plan, then it is asked for.

Where sgwatch may not change AWS, the plan is shown as commands to copy.
"""

from functools import partial
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.commands import AskIsolation, AskRelease, PersonCommand, Refusal
from bot.alerts.in_force import in_force
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.choice import Isolate
from bot.containment.plan import Plan
from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.listeners.planned import PlanForm
from bot.slack.views.blocks import Json
from bot.slack.views.isolate import (
    HOURS,
    KEY,
    OPTIONS,
    QUARANTINE,
    REACH,
    RESTRICT,
    TARGETS,
    quarantine_form,
    restrict_form,
    stop_of,
)
from bot.slack.views.isolation import TITLES, isolation_form
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal

RELEASED = Refusal("Nothing of this alert is in force any more.")


def register(app: App, desk: Desk) -> None:
    """Listen for the choices, for the plan, and for the button that releases."""

    @app.view(Form.QUARANTINE)
    def isolate(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ticked = sent.chosen(OPTIONS)
        choice = Isolate(
            sent.chosen(TARGETS),
            standby="standby" in ticked,
            deregister="deregister" in ticked,
            snapshot="snapshot" in ticked,
            tag="tag" in ticked,
            cut="cut" in ticked,
        )
        with Answer(ack, client, sent.view.id, QUARANTINE) as answer:
            intent = Intent(Does.QUARANTINE, choice=choice)
            answer.show(_planned(intent).open(desk, sent.ref.alert, sent.user.id))

    @app.view(Form.RESTRICT)
    def stop(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        reach, hours = sent.choice(REACH), sent.choice(HOURS)
        choice = stop_of(reach, hours, switch_key=bool(sent.chosen(KEY)))
        with Answer(ack, client, sent.view.id, RESTRICT) as answer:
            intent = Intent(Does.RESTRICT, choice=choice)
            answer.show(_planned(intent).open(desk, sent.ref.alert, sent.user.id))

    @app.action(Action.RELEASE)
    def release(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        title = TITLES[Does.RELEASE]
        ask(client, desk, asked, title, to_view, lambda r: _release(desk, asked, r.alert))

    @app.view(Form.ISOLATE)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.planned
        with Answer(ack, client, sent.view.id, TITLES[ref.intent.action]) as answer:
            _planned(ref.intent).submit(desk, sent, ref, answer)


def show_quarantine(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form that chooses what to isolate."""

    def form(alert: Alert) -> Json:
        site = desk.behind(alert)
        if isinstance(site, Refusal):
            return refusal_modal(QUARANTINE, site)
        return quarantine_form(alert, desk.shown, site)

    ask(client, desk, asked, QUARANTINE, to_view, lambda reading: form(reading.alert))


def show_restrict(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form that chooses how to stop the actor."""

    def form(alert: Alert) -> Json:
        actor = desk.whom(alert)
        if isinstance(actor, Refusal):
            return refusal_modal(RESTRICT, actor)
        return restrict_form(alert, desk.shown, actor)

    ask(client, desk, asked, RESTRICT, to_view, lambda reading: form(reading.alert))


def _release(desk: Desk, asked: Asked, alert: Alert) -> Json:
    held = in_force(alert)
    if not held:
        return refusal_modal(TITLES[Does.RELEASE], RELEASED)
    intent = Intent(Does.RELEASE, of=held[-1].id)
    return _planned(intent).open(desk, asked.alert, asked.user)


def _planned(intent: Intent) -> PlanForm:
    """Return the form with the plan for what was chosen."""

    def command(_: Alert, plan: Plan, reason: str, seen: int, terms: Terms) -> PersonCommand:
        if intent.choice is None:
            return AskRelease(intent.of, plan, reason, terms)
        return AskIsolation(intent.action, intent.choice, plan, reason, seen, terms)

    view = partial(isolation_form, intent)
    return PlanForm(TITLES[intent.action], intent, to_view, command, view, copyable=True)
