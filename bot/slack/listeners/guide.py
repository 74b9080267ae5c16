"""Guide: what the detections of an alert say, in a modal whose pages can be turned."""

from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import ask, replace_view
from bot.slack.listeners.payloads import Asked, Click, Turned
from bot.slack.views.blocks import Json
from bot.slack.views.guide import TITLE, guide, matched
from bot.slack.views.names import Action
from bot.slack.views.refusal import refusal_modal
from bot.store.timelines import Reading


def register(app: App, desk: Desk) -> None:
    """Listen for the alert's button, and for those in the modal."""

    @app.action(Action.GUIDE)
    def show(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        show_guide(client, desk, Click.model_validate(body).asked)

    def turn(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        turned = Turned.model_validate(body)
        found = desk.look(turned.ref.alert, turned.user.id, TITLE.lower(), to_view)
        if isinstance(found, Refusal):
            view = refusal_modal(TITLE, found, desk.who_may(found))
        else:
            view = _page(desk, found, turned.ref.page)
        replace_view(client, turned.view.id, view)

    for action in (Action.GUIDE_BACK, Action.GUIDE_ON):
        app.action(action)(turn)


def show_guide(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open the guide for somebody who may see the alert."""
    ask(client, desk, asked, TITLE, to_view, lambda reading: _page(desk, reading, 0))


def _page(desk: Desk, reading: Reading, page: int) -> Json:
    return guide(reading.alert, matched(reading.alert, desk.find), page)
