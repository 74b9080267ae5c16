"""Escalate now and snooze: from an alert's menu or typed, each with a reason."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.alert import Alert
from bot.alerts.climb_commands import EscalateNow, SnoozeUntil
from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.modals import Answer, ask
from bot.slack.listeners.payloads import Asked, Sent
from bot.slack.views.escalate import ESCALATE, FOR, SNOOZE, SPANS, escalate_form, snooze_form
from bot.slack.views.names import Form
from bot.store.timelines import Reading

TO_BE_GIVEN = "to be given in the form"


def register(app: App, desk: Desk) -> None:
    """Listen for the two forms."""

    @app.view(Form.ESCALATE)
    def escalate(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, ESCALATE) as answer:
            refusal = desk.decide(
                sent.ref.alert,
                sent.user.id,
                lambda reading, _: _escalate(desk, reading, sent.text("reason")),
            )
            answer.settle(refusal, desk, "The next level is being called.")

    @app.view(Form.SNOOZE)
    def snooze(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        with Answer(ack, client, sent.view.id, SNOOZE) as answer:
            lasts = SPANS.get(sent.choice(FOR), SPANS["30"])[1]
            command = SnoozeUntil(lasts, sent.text("reason"))
            refusal = desk.decide(sent.ref.alert, sent.user.id, lambda *_: command)
            answer.settle(refusal, desk, "Nobody is called meanwhile.")


def ask_escalate(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form that calls the next level now."""

    def probe(alert: Alert) -> EscalateNow:
        ladder = desk.escalation.gravest(_account(alert), desk.store.attention.now())
        return EscalateNow(TO_BE_GIVEN, ladder)

    ask(client, desk, asked, ESCALATE, probe, lambda r: escalate_form(r.alert, desk.shown))


def ask_snooze(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the form that calls nobody for a while."""
    probe = SnoozeUntil(SPANS["30"][1], TO_BE_GIVEN)
    ask(client, desk, asked, SNOOZE, lambda _: probe, lambda r: snooze_form(r.alert, desk.shown))


def _escalate(desk: Desk, reading: Reading, reason: str) -> EscalateNow | Refusal:
    ladder = desk.escalation.gravest(_account(reading.alert), reading.now)
    return EscalateNow(reason, ladder)


def _account(alert: Alert) -> str:
    return alert.worst[0].change.account if alert.worst else ""
