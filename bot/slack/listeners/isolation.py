"""Quarantine, restrict, release: what is chosen, then exactly the plan, then it is asked for.

Where sgwatch may not change AWS, the plan is shown as commands to copy.
"""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import AskIsolation, AskRelease, PersonCommand, Refusal
from bot.alerts.in_force import in_force
from bot.containment.action import Action as Does
from bot.containment.action import Intent
from bot.containment.choice import Isolate
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from bot.slack.listeners.desk import TO_BE_GIVEN, Desk, to_view
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.listeners.revert import MOVED
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
from bot.slack.views.isolation import TITLES, isolation_commands, isolation_form
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal

RELEASED = Refusal("Nothing of this alert is in force any more.")
ASKED = "It is asked for; the alert says how it ends."


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
            answer.show(_planned(desk, sent.ref.alert, sent.user.id, intent))

    @app.view(Form.RESTRICT)
    def stop(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        reach, hours = sent.choice(REACH), sent.choice(HOURS)
        choice = stop_of(reach, hours, switch_key=bool(sent.chosen(KEY)))
        with Answer(ack, client, sent.view.id, RESTRICT) as answer:
            intent = Intent(Does.RESTRICT, choice=choice)
            answer.show(_planned(desk, sent.ref.alert, sent.user.id, intent))

    @app.action(Action.RELEASE)
    def release(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        title = TITLES[Does.RELEASE]
        ask(client, desk, asked, title, to_view, lambda r: _release(desk, asked, r.alert))

    @app.view(Form.ISOLATE)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, TITLES[sent.planned.intent.action]) as answer:
            _submitted(desk, sent, answer)


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
    return _planned(desk, asked.alert, asked.user, Intent(Does.RELEASE, of=held[-1].id))


def _planned(desk: Desk, alert_id: str, user: str, intent: Intent) -> Json:
    """Return the form with the plan, or why this person may not ask for it."""
    title = TITLES[intent.action]
    plan = desk.plan(alert_id, intent)
    if isinstance(plan, Refusal):
        return refusal_modal(title, plan)
    asks = plan.calls and desk.shown.containment
    found = desk.look(
        alert_id,
        user,
        title.lower(),
        (lambda a: _command(desk, a, intent, plan, TO_BE_GIVEN)) if asks else to_view,
    )
    if isinstance(found, Refusal):
        return refusal_modal(title, found, desk.who_may(found))
    if not desk.shown.containment:
        return isolation_commands(found.alert, desk.shown, intent.action, plan)
    return _form(desk, found.alert, intent, plan)


def _submitted(desk: Desk, sent: Sent, answer: Answer) -> None:
    """Have it decided if the plan is still the one that was shown; else show what it is now."""
    ref, reason = sent.planned, sent.text("reason")
    plan, reading = desk.plan(ref.alert, ref.intent), desk.store.timelines.read(ref.alert)
    if isinstance(plan, Refusal) or reading is None:
        answer.settle(plan if isinstance(plan, Refusal) else RELEASED, desk, "")
    elif digest_of(plan) != ref.digest:
        answer.show(_form(desk, reading.alert, ref.intent, plan, reason, MOVED))
    else:
        refusal = desk.decide(
            ref.alert,
            sent.user.id,
            lambda r, _: _command(desk, r.alert, ref.intent, plan, reason, ref.seen),
        )
        answer.settle(refusal, desk, ASKED)


def _command(
    desk: Desk, alert: Alert, intent: Intent, plan: Plan, reason: str, seen: int | None = None
) -> PersonCommand:
    terms = desk.terms(alert, intent.action, plan)
    if intent.choice is None:
        return AskRelease(intent.of, plan, reason, terms)
    shown = alert.counts.changes if seen is None else seen
    return AskIsolation(intent.action, intent.choice, plan, reason, shown, terms)


def _form(
    desk: Desk, alert: Alert, intent: Intent, plan: Plan, reason: str = "", problem: str = ""
) -> Json:
    terms = desk.terms(alert, intent.action, plan)
    digest = digest_of(plan)
    return isolation_form(alert, desk.shown, intent, plan, digest, terms, reason, problem)
