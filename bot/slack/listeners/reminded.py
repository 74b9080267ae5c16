"""Extend and End: the buttons of a reminder, and of whatever else lists an exemption."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.alerts.life import End, Extend, LifeCommand, decide_life
from bot.exemptions.fields import parse_duration
from bot.exemptions.model import Exemption
from bot.exemptions.policy import ExemptionPolicy
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.exemptions import told_whose
from bot.slack.listeners.modals import Answer, fill
from bot.slack.listeners.payloads import Click, Sent
from bot.slack.views.blocks import Json
from bot.slack.views.durations import durations
from bot.slack.views.exemption_request import waiting_modal
from bot.slack.views.names import Action, Form
from bot.slack.views.refusal import refusal_modal
from bot.slack.views.reminder import END, EXTEND, end_form, extend_form, longer

GIVEN = "to be given in the form"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A form, and a command that asks whether somebody might submit it."""

    title: str
    view: Callable[[Exemption, str, ExemptionPolicy], Json]
    probe: Callable[[ExemptionPolicy], LifeCommand]


TO_EXTEND = _Asked(EXTEND, extend_form, lambda policy: Extend(policy.longest, GIVEN))
TO_END = _Asked(END, lambda held, hid, _: end_form(held, hid), lambda _: End(GIVEN))


def register(app: App, desk: Desk) -> None:
    """Listen for both buttons and their forms."""
    _listen(app, desk, Action.EXEMPTION_EXTEND, TO_EXTEND)
    _listen(app, desk, Action.EXEMPTION_END, TO_END)

    @app.view(Form.EXEMPTION_EXTEND)
    def extend(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        chosen = sent.choice("expiry")
        policy = desk.exemptions
        lasts = parse_duration(chosen if chosen in durations(policy) else longer(policy))
        told = "It is extended."
        _decide(
            desk,
            Answer(ack, client, sent.view.id, EXTEND),
            sent,
            told,
            lambda why: Extend(lasts, why),
        )

    @app.view(Form.EXEMPTION_END)
    def end(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        sent = Sent.model_validate(body)
        told = "It has ended: such changes raise alerts again."
        _decide(desk, Answer(ack, client, sent.view.id, END), sent, told, End)


def _listen(app: App, desk: Desk, action: Action, asked: _Asked) -> None:
    @app.action(action)
    def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        click = Click.model_validate(body)
        name, user = click.exemption.exemption, click.user.id
        fill(client, click.trigger_id, asked.title, lambda: _form(desk, user, name, asked))


def _form(desk: Desk, user: str, name: str, asked: _Asked) -> Json:
    """Return the form, for somebody who might submit it."""
    store, person = desk.store, desk.viewer(user)
    if isinstance(person, Refusal):
        return refusal_modal(asked.title, person, desk.who_may(person))
    held = store.exemptions.read(name)
    if held is None:
        return refusal_modal(asked.title, Refusal(f"There is no exemption {name}."))
    now = store.attention.now()
    policy = desk.exemptions
    decided = decide_life(held.exemption, asked.probe(policy), person, now, policy)
    if isinstance(decided, Refusal):
        return refusal_modal(asked.title, decided, desk.who_may(decided))
    return asked.view(held.exemption, store.events.hid(name).told, policy)


def _decide(
    desk: Desk, answer: Answer, sent: Sent, told: str, command: Callable[[str], LifeCommand]
) -> None:
    with answer:
        person = desk.viewer(sent.user.id)
        if isinstance(person, Refusal):
            answer.settle(person, desk, told)
            return
        name, now = sent.exemption.exemption, desk.store.attention.now()
        wanted = command(sent.text("reason"))
        if isinstance(wanted, Extend):
            wanted = told_whose(desk.store, name, wanted, now)
        decided = desk.store.exemptions.decide(name, wanted, person, now, desk.exemptions)
        if isinstance(decided, Refusal):
            answer.settle(decided, desk, told)
        elif decided[0].pending:
            answer.show(waiting_modal(EXTEND, decided[0].pending))
        else:
            answer.close(told)
