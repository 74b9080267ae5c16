"""Decisions that take nothing but a reason: one form, opened by a button, for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.commands import PersonCommand
from bot.slack.listeners.desk import Desk, Probe
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.message import Shown
from bot.slack.views.names import Action, Form


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One such decision: its button, its form, and the command that a reason makes of it.

    ``command`` takes the reason and how many changes the form showed; ``told`` says what was done.
    """

    action: Action
    form: Form
    title: str
    probe: Probe
    view: Callable[[Alert, Shown], Json]
    command: Callable[[str, int], PersonCommand]
    told: str


def listen(app: App, desk: Desk, decision: Reasoned) -> None:
    """Listen for the button and the form."""

    @app.action(decision.action)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        asked = Click.model_validate(body).asked
        ask(
            client,
            desk,
            asked,
            decision.title,
            decision.probe,
            lambda found: decision.view(found.alert, desk.shown),
        )

    @app.view(decision.form)
    def submit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        ref = sent.ref
        with Answer(ack, client, sent.view.id, decision.title) as answer:
            command = decision.command(sent.text("reason"), ref.seen)
            refusal = desk.decide(ref.alert, sent.user.id, lambda *_: command)
            answer.settle(refusal, desk, decision.told)
