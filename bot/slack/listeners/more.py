"""The alert's menu: what more there is to look at, and having whoever did it asked."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.asking import whom
from bot.alerts.commands import AskActor, Refusal
from bot.slack.directory import DirectoryError
from bot.slack.listeners.answers import privately, refuse
from bot.slack.listeners.changes import show_changes
from bot.slack.listeners.desk import NOBODY_KNOWN, Desk
from bot.slack.listeners.escalate import ask_escalate, ask_snooze
from bot.slack.listeners.found import show_found
from bot.slack.listeners.guide import show_guide
from bot.slack.listeners.isolation import show_quarantine, show_restrict
from bot.slack.listeners.payloads import Asked, Click
from bot.slack.views.names import Action
from bot.slack.views.question import asked_message
from bot.store.timelines import Reading

UNKNOWN = Refusal(
    "Slack knows no member of this workspace who is that person, so nobody was asked. The policy "
    "file can say who they are, under [people]."
)

SHOWS: Mapping[str, Callable[[WebClient, Desk, Asked], None]] = {
    "quarantine": show_quarantine,
    "restrict": show_restrict,
    "guide": show_guide,
    "found": show_found,
    "changes": show_changes,
    "escalate": ask_escalate,
    "snooze": ask_snooze,
}


def register(app: App, desk: Desk) -> None:
    """Listen for the menu."""

    @app.action(Action.MORE)
    def more(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        if click.menu.show == "ask":
            _ask_actor(client, desk, click)
        else:
            asked = Asked(click.menu.alert, click.user.id, click.trigger_id)
            SHOWS[click.menu.show](client, desk, asked)


def _ask_actor(client: WebClient, desk: Desk, click: Click) -> None:
    """Have the actor asked, and tell whoever wanted it who that is."""
    alert_id = click.menu.alert
    refusal = desk.decide(alert_id, click.user.id, lambda reading, _: _command(desk, reading))
    if refusal is not None:
        refuse(client, desk, click, refusal)
        return
    reading = desk.store.timelines.read(alert_id)
    if reading is not None and reading.alert.actor is not None:
        privately(client, click, asked_message(reading.alert.actor.name))


def _command(desk: Desk, reading: Reading) -> AskActor | Refusal:
    who = whom(reading.alert.principal, desk.shown.people)
    try:
        person = desk.directory.find(who) if who is not None else None
    except DirectoryError:
        return NOBODY_KNOWN
    return AskActor(person.slack_id, person.name) if person is not None else UNKNOWN
