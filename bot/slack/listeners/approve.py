"""Approve, decline, break the glass: what a second person, or an admin alone, says to a plan.

The plan is made again when the form opens and when it is submitted. Where it has moved, the new
one is put in the request's place and shown: what is approved is what was read.
"""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert, Containment
from bot.alerts.commands import Approve, Decline, PersonCommand, PlanAgain, Refusal
from bot.alerts.people import Person, Right
from bot.containment.digest import digest_of
from bot.slack.listeners.desk import TO_BE_GIVEN, Desk, to_view
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Click, Sent
from bot.slack.listeners.reasons import Reasoned, listen
from bot.slack.views.approve import DECLINE, GLASS, TITLE, approve_form, decline_form, glass_form
from bot.slack.views.blocks import Json
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal
from bot.store.deciding import Decision, decide_on
from bot.store.timelines import Reading

MOVED = (
    "The rules have moved since it was asked for. This is what would be done now: read it again."
)
NOTHING_LEFT = Refusal("Nothing is left to do: what it was asked for is no longer there.")
UNDER_WAY = "It goes ahead; the alert says how it ends."

DECLINING = Reasoned(
    action=Action.DECLINE,
    form=Form.DECLINE,
    title=DECLINE,
    probe=lambda _: Decline(TO_BE_GIVEN),
    view=decline_form,
    command=lambda reason, _: Decline(reason),
    told="It is declined: nothing is changed.",
)


def register(app: App, desk: Desk) -> None:
    """Listen for both buttons and the three forms."""
    listen(app, desk, DECLINING)

    @app.action(Action.APPROVE)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(client, desk, asked, TITLE, to_view, lambda found: _opened(desk, asked, found))

    @app.view(Form.APPROVE)
    def approve(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _submitted(ack, client, desk, Sent.model_validate(body), glass=False)

    @app.view(Form.GLASS)
    def break_glass(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        _submitted(ack, client, desk, Sent.model_validate(body), glass=True)


def _opened(desk: Desk, asked: Asked, found: Reading) -> Json:
    """Return the form with the plan as it is now, or why this person may not approve it."""
    person = desk.viewer(asked.user)
    if isinstance(person, Refusal):
        return refusal_modal(TITLE, person, desk.who_may(person))
    glass = _goes_alone(found.alert, person)
    looked = desk.look(asked.alert, asked.user, "approve", lambda a: _probe(a, glass=glass))
    if isinstance(looked, Refusal):
        return refusal_modal(TITLE, looked, desk.who_may(looked))
    moved = _plan_again(desk, looked.alert)
    if isinstance(moved, Refusal):
        return refusal_modal(TITLE, moved)
    alert = moved or looked.alert
    return _form(desk, alert, "", MOVED if moved else "", glass=glass)


def _submitted(ack: Ack, client: WebClient, desk: Desk, sent: Sent, *, glass: bool) -> None:
    ref, reason = sent.ref, sent.text("reason")
    title = GLASS if glass else TITLE
    with Answer(ack, client, sent.view.id, title) as answer:
        reading = desk.store.timelines.read(ref.alert)
        moved = _plan_again(desk, reading.alert) if reading and reading.alert.waiting else None
        if isinstance(moved, Refusal):
            answer.settle(moved, desk, "")
        elif moved is not None:
            answer.show(_form(desk, moved, reason, MOVED, glass=glass))
        else:
            command = Approve(ref.digest, glass, reason)
            refusal = desk.decide(ref.alert, sent.user.id, lambda *_: command)
            answer.settle(refusal, desk, UNDER_WAY)


def _goes_alone(alert: Alert, person: Person) -> bool:
    """Return whether an admin could only approve what they have asked for by breaking the glass."""
    waiting = alert.waiting
    own = waiting is not None and waiting.by.slack_id == person.slack_id
    return own and person.right is Right.ADMIN


def _probe(alert: Alert, *, glass: bool) -> PersonCommand:
    digest = digest_of(alert.waiting.plan) if alert.waiting else ""
    return Approve(digest, glass, TO_BE_GIVEN if glass else "")


def _plan_again(desk: Desk, alert: Alert) -> Alert | Refusal | None:
    """Put the plan as it is now in the request's place; None if it is what was asked for."""
    waiting = alert.waiting
    if waiting is None:
        return None
    plan = desk.plan(alert.id, waiting.intent)
    if isinstance(plan, Refusal):
        return plan
    if digest_of(plan) == digest_of(waiting.plan):
        return None
    decided = decide_on(desk.store, alert.id, PlanAgain(waiting.id, plan), None)
    return decided.alert if isinstance(decided, Decision) else decided


def _form(desk: Desk, alert: Alert, reason: str, problem: str, *, glass: bool) -> Json:
    waiting: Containment | None = alert.waiting
    if waiting is None:
        return refusal_modal(TITLE, NOTHING_LEFT)
    digest = digest_of(waiting.plan)
    if glass:
        return glass_form(alert, desk.shown, waiting, digest, reason, problem)
    return approve_form(alert, desk.shown, waiting, digest, problem)
