"""Approve: a second person puts into force what waits for one, by a button or a command."""

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.alerts.exemption_approval import Approve
from bot.slack.listeners.answers import privately, refuse
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.exempt import resolve_approved
from bot.slack.listeners.payloads import Click
from bot.slack.views.exemption_request import approved_message
from bot.slack.views.message import Message
from bot.slack.views.names import Action
from bot.slack.views.version_ref import read_version
from bot.store.previewing import callers_hidden


def register(app: App, desk: Desk) -> None:
    """Listen for the button."""

    @app.action(Action.EXEMPTION_APPROVE)
    def press(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        ref = read_version(click.actions[0].carried if click.actions else "")
        decided = approve(desk, click.user.id, ref.exemption, ref.version)
        if isinstance(decided, Refusal):
            refuse(client, desk, click, decided)
        else:
            privately(client, click, decided)


def approve(desk: Desk, user: str, name: str, seen: int | None = None) -> Message | Refusal:
    """Approve it as version ``seen``, or as it is now; the alert it was asked from is resolved."""
    person = desk.viewer(user)
    if isinstance(person, Refusal):
        return person
    store, now = desk.store, desk.store.attention.now()
    held = store.exemptions.read(name)
    if held is None:
        return Refusal(f"There is no exemption {name}.")
    pending = held.exemption.pending
    hides = callers_hidden(store, pending.exemption, now) if pending else ()
    shown = held.exemption.version if seen is None else seen
    decided = store.exemptions.decide(name, Approve(shown, hides), person, now, desk.exemptions)
    if isinstance(decided, Refusal):
        return decided
    exemption, line = decided
    if not exemption.alert or line.before is not None:
        return approved_message(replace(exemption, alert=""))
    refusal = resolve_approved(desk, user, exemption)
    return approved_message(exemption, refusal.why if refusal else "")
