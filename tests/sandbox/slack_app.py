"""An app on the real slack-bolt that keeps what it was told, for the Slack stand-in's tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from sandbox.slack.act import Shortcut
from sandbox.slack.refused import Json
from sandbox.slack.seen import SeenMessage
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import HandClock
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

GO = actions(button("Finish", "finish", value="v1", style="primary"))
ASK = actions(button("Ask…", "ask"))


@dataclass
class Bot:
    """A little app that keeps what it was told."""

    server: SlackServer
    clock: HandClock
    client: WebClient
    app: App
    workspace: Workspace
    bodies: Queue[Json] = field(default_factory=Queue)
    events: Queue[Json] = field(default_factory=Queue)

    def told(self) -> Json:
        return self.bodies.get(timeout=10)

    def event(self, kind: str) -> Json:
        """Return the next event of a kind, past the others."""
        while True:
            event = self.events.get(timeout=10)
            if event["type"] == kind:
                return event

    def posted(self, *blocks: Json, text: str = "hello") -> SeenMessage:
        ts = self.client.chat_postMessage(channel=ALERTS, text=text, blocks=list(blocks))["ts"]
        return self.workspace.wait_message("sg-alerts", lambda message: message.ts == ts)

    def forget(self) -> None:
        """Begin anew: nothing told, nothing open."""
        for queue in (self.bodies, self.events):
            while not queue.empty():
                queue.get_nowait()
        for who in ("rosa", "oscar"):
            person = self.workspace.person(who)
            for view in person.modals()[:1]:
                person.close(view, everything=True)


@contextmanager
def a_bot() -> Iterator[Bot]:
    """Start a workspace with the app in it, and leave nothing behind."""
    clock = HandClock()
    shortcuts = (Shortcut("look", "Look closer", on_message=True), Shortcut("hi", "Say hi"))
    with no_proxy(), SlackServer(limits=False, clock=clock, shortcuts=shortcuts) as server:
        client = web_client(server)
        app = App(client=client)
        made = Bot(server, clock, client, app, Workspace(server.url))
        _listen_to_clicks(made)
        _listen_to_modals(made)
        _listen_to_the_rest(made)
        with connected(server, app):
            yield made


def _listen_to_clicks(bot: Bot) -> None:
    @bot.app.action("finish")
    def finish(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        bot.bodies.put(body)
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        client.chat_update(**where, text="done", blocks=[section("*done*")])

    @bot.app.action({"block_id": "keep"})
    def keep(ack: Ack, body: Json) -> None:
        ack()
        bot.bodies.put(body)

    @bot.app.action("ask")
    def ask(ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        reason = text_input("reason", "Reason", min_length=3)
        client.views_open(trigger_id=body["trigger_id"], view=modal("Why?", reason))


LEADING_ON: dict[str, dict[str, Any]] = {
    "bad": {"response_action": "errors", "errors": {"reason": "Say more."}},
    "next": {"response_action": "update", "view": modal("Step two")},
    "deep": {"response_action": "push", "view": modal("On top", text_input("reason", "Why?"))},
    "clear": {"response_action": "clear"},
}
"""What the app answers to a submission, by the reason given."""


def _listen_to_modals(bot: Bot) -> None:
    @bot.app.view("form")
    def submitted(ack: Ack, body: Json) -> None:
        bot.bodies.put(body)
        reason = body["view"]["state"]["values"]["reason"]["text"]["value"]
        ack(**LEADING_ON.get(reason, {}))

    @bot.app.view_closed("form")
    def closed(ack: Ack, body: Json) -> None:
        ack()
        bot.bodies.put(body)


def _listen_to_the_rest(bot: Bot) -> None:
    @bot.app.command("/sgwatch")
    def command(ack: Ack, body: Json, respond: Respond) -> None:
        bot.bodies.put(body)
        if body["text"] == "later":
            ack()
            respond(text="here it is")
        else:
            ack(text=f"you said {body['text']}")

    @bot.app.shortcut(re.compile("look|hi"))
    def shortcut(ack: Ack, body: Json) -> None:
        ack()
        bot.bodies.put(body)

    def keep_event(event: Json) -> None:
        bot.events.put(event)

    for kind in ("message", "app_mention", "reaction_added", "app_home_opened"):
        bot.app.event(kind)(keep_event)
