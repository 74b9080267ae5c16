"""A small app on the real slack-bolt, and clients, for the tests of the Slack stand-in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from sandbox.slack.refused import Json
from sandbox.slack.server import SlackServer

ALERTS, GENERAL = "C0SGALERTS", "C0GENERAL"
PROXIES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


@contextmanager
def no_proxy() -> Iterator[None]:
    """Slack's libraries would send even loopback through a proxy."""
    with patch.dict(os.environ):
        for name in PROXIES:
            os.environ.pop(name, None)
        yield


def web_client(server: SlackServer, token: str | None = None) -> WebClient:
    return WebClient(token=token or server.bot_token, base_url=server.api_url, retry_handlers=[])


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str, **more: object) -> Json:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": action_id, **more}


def actions(*elements: Json, block_id: str = "buttons") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def text_input(block_id: str, label: str, *, optional: bool = False, **more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "text", **more}
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": label},
        "optional": optional,
        "element": element,
    }


def modal(title: str, *blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Save"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": list(blocks),
        **more,
    }


@contextmanager
def connected(server: SlackServer, app: App) -> Iterator[SocketModeHandler]:
    """Connect an app by Socket Mode, as the bot does."""
    before = server.connections()
    handler = SocketModeHandler(app, server.app_token, ping_interval=2)
    handler.connect()  # type: ignore[no-untyped-call]
    server.wait_connections(before + 1)
    try:
        yield handler
    finally:
        handler.close()  # type: ignore[no-untyped-call]
