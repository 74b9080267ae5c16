"""A workspace with a small app in it, for the tests of the page."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.slack.act import Shortcut
from sandbox.slack.panels import Scenario
from sandbox.slack.refused import Json
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import Timing
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack_bot import (
    ALERTS,
    actions,
    button,
    connected,
    modal,
    no_proxy,
    section,
    text_input,
    web_client,
)

OPS = "C0SGOPS"
WORLD: Json = {
    "direction": "in", "protocol": "tcp", "ports": "22", "peer": "0.0.0.0/0",
    "rule_id": "sgr-1", "world": True,
}  # fmt: skip
CONFIRM: Json = {
    "title": {"type": "plain_text", "text": "Revert?"},
    "text": {"type": "plain_text", "text": "This changes AWS."},
    "confirm": {"type": "plain_text", "text": "Revert"},
    "deny": {"type": "plain_text", "text": "Keep"},
    "style": "danger",
}
SHORTCUTS = (Shortcut("hi", "Say hi"), Shortcut("look", "Look closer", on_message=True))
ROW = actions(
    button("Acknowledge", "finish", style="primary"),
    button("Explain…", "explain"),
    button("Revert…", "finish_sure", style="danger", confirm=CONFIRM),
    button("Ignored", "ignored"),
)


@dataclass
class World:
    """A workspace with an app in it, and an AWS of one group."""

    server: SlackServer
    client: WebClient
    workspace: Workspace
    groups: list[Json]
    go_on: threading.Event

    def post(self, *blocks: Json, text: str = "an alert", channel: str = ALERTS) -> str:
        return str(self.client.chat_postMessage(channel=channel, text=text, blocks=blocks)["ts"])

    def close_all(self) -> None:
        """Leave nothing open for the next test."""
        rosa = self.workspace.person("rosa")
        for view in rosa.modals()[:1]:
            rosa.close(view, everything=True)


@contextmanager
def a_world() -> Iterator[World]:
    """Start it all, and leave nothing behind."""
    groups: list[Json] = [{"id": "sg-1", "name": "web-prod", "rules": [WORLD]}]
    go_on = threading.Event()

    def play() -> str:
        go_on.wait(10)
        return "SSH is open"

    def fail() -> str:
        raise RuntimeError("AWS is away")

    scenarios = [
        Scenario("ssh", "Open SSH", "To the whole internet.", play),
        Scenario("fails", "Break", "Something fails.", fail),
    ]
    quick = Timing(ack=0.5, ping=0.2)
    with (
        no_proxy(),
        SlackServer(
            limits=False,
            timing=quick,
            scenarios=scenarios,
            shortcuts=SHORTCUTS,
            aws_groups=lambda: groups,
        ) as server,
    ):
        client = web_client(server)
        app = App(client=client)
        _listen_to_clicks(app)
        _listen_to_the_rest(app)
        made = World(server, client, Workspace(server.url), groups, go_on)
        with connected(server, app):
            yield made


def _listen_to_clicks(app: App) -> None:
    for action_id in ("finish", "finish_sure"):

        @app.action(action_id)
        def finish(ack: Ack, body: Json, client: WebClient) -> None:
            ack()
            where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
            done = section(f"done by <@{body['user']['id']}>")
            client.chat_update(**where, text="done", blocks=[done])

    @app.action("explain")
    def explain(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        form = modal("Explain", text_input("reason", "Reason"), text_input("more", "Details"))
        client.views_open(trigger_id=body["trigger_id"], view=form)


def _listen_to_the_rest(app: App) -> None:
    @app.view("form")
    def submitted(ack: Ack, body: Json) -> None:
        reason = body["view"]["state"]["values"]["reason"]["text"]["value"]
        if reason == "bad":
            ack(response_action="errors", errors={"reason": "Say more."})
        elif reason == "on":
            ack(response_action="push", view=modal("Deeper", section("one more step")))
        else:
            ack()

    @app.command("/sgwatch")
    def command(ack: Ack, body: Json) -> None:
        ack(text=f"you said {body['text']}")

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        view = {"type": "home", "blocks": [section(f"Home of <@{event['user']}>")]}
        client.views_publish(user_id=event["user"], view=view)

    @app.shortcut("hi")
    def greet(ack: Ack, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=OPS, text="hi from a shortcut")

    @app.shortcut("look")
    def look(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        where = {"channel": body["channel"]["id"], "thread_ts": body["message"]["ts"]}
        client.chat_postMessage(**where, text="looked closer")

    def heard() -> None:
        """Acknowledge it, so that it is not sent again."""

    for kind in ("message", "reaction_added", "reaction_removed"):
        app.event(kind)(heard)
