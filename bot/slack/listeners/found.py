"""What was found: the whole of the investigation, in a modal."""

from slack_sdk import WebClient

from bot.slack.listeners.desk import Desk, to_view
from bot.slack.listeners.modals import ask
from bot.slack.listeners.payloads import Asked
from bot.slack.views.found import TITLE, found_view


def show_found(client: WebClient, desk: Desk, asked: Asked) -> None:
    """Open it for somebody who may see the alert."""
    ask(client, desk, asked, TITLE, to_view, lambda r: found_view(r.alert, desk.shown.asked))
