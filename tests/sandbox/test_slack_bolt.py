"""The real slack-bolt over the stand-in's sockets: what a person does, and what comes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

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


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    clock = HandClock()
    shortcuts = (Shortcut("look", "Look closer", on_message=True), Shortcut("hi", "Say hi"))
    with no_proxy(), SlackServer(limits=False, clock=clock, shortcuts=shortcuts) as server:
        client = web_client(server)
        app = App(client=client)
        made = Bot(server, clock, client, app, Workspace(server.url))
        _listen(made)
        with connected(server, app):
            yield made


@pytest.fixture(autouse=True)
def clean(bot: Bot) -> None:
    for queue in (bot.bodies, bot.events):
        while not queue.empty():
            queue.get_nowait()
    for who in ("rosa", "oscar"):
        person = bot.workspace.person(who)
        for view in person.modals()[:1]:
            person.close(view)


def _listen(bot: Bot) -> None:
    _listen_to_clicks(bot)
    _listen_to_modals(bot)
    _listen_to_the_rest(bot)


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


GO = actions(button("Finish", "finish", value="v1", style="primary"))
ASK = actions(button("Ask…", "ask"))


def test_a_click_is_answered_and_the_message_edited(bot: Bot) -> None:
    message = bot.posted(section("open"), GO)
    bot.workspace.person("rosa").click(message, "finish")
    body = bot.told()
    now = bot.workspace.wait_change(message, lambda m: m.text == "done")
    assert (now.plain, now.edited, now.buttons) == ("*done*", True, ())
    assert body["user"] == {
        "id": "U0ROSA", "username": "rosa", "name": "rosa", "team_id": "T0EXAMPLE",
    }  # fmt: skip
    assert body["channel"] == {"id": ALERTS, "name": "sg-alerts"}
    assert body["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": ALERTS, "is_ephemeral": False,
    }  # fmt: skip
    assert body["message"]["blocks"] == list(message.blocks)
    action = body["actions"][0]
    assert action.pop("action_ts")
    assert action == {
        "type": "button", "action_id": "finish", "block_id": "buttons", "value": "v1",
        "style": "primary", "text": {"type": "plain_text", "text": "Finish"},
    }  # fmt: skip
    assert body["trigger_id"]
    assert body["response_url"].startswith(bot.server.url)


OPTIONS = [
    {"text": {"type": "plain_text", "text": label}, "value": label.lower()}
    for label in ("One", "Two")
]


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        pytest.param({"type": "static_select", "options": OPTIONS}, "two",
            {"selected_option": OPTIONS[1]}, id="a menu"),
        pytest.param({"type": "overflow", "options": OPTIONS}, "one",
            {"selected_option": OPTIONS[0]}, id="an overflow menu"),
        pytest.param({"type": "checkboxes", "options": OPTIONS}, ["one", "two"],
            {"selected_options": OPTIONS}, id="checkboxes"),
        pytest.param({"type": "users_select"}, "U0ALICE", {"selected_user": "U0ALICE"},
            id="a choice of people"),
        pytest.param({"type": "datepicker"}, "2030-01-31", {"selected_date": "2030-01-31"},
            id="a date"),
    ],
)  # fmt: skip
def test_what_was_chosen_is_told(bot: Bot, element: Json, value: object, held: Json) -> None:
    message = bot.posted(actions(element | {"action_id": "act"}, block_id="keep"))
    bot.workspace.person("rosa").click(message, "act", value=value)
    body = bot.told()
    action = body["actions"][0]
    assert {name: action[name] for name in held} == held
    if element["type"] != "overflow":
        assert body["state"]["values"] == {"keep": {"act": {"type": element["type"], **held}}}


def test_a_modal_opens_refuses_and_closes(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    assert (form.title, form.inputs()) == ("Why?", {"Reason": ("reason", "text")})
    assert rosa.submit(form, {"reason": {"text": "bad"}}) == {"reason": "Say more."}
    assert rosa.modals()[0].values["reason"]["text"]["value"] == "bad"
    assert rosa.submit(form, {"reason": {"text": "fine"}}) == {}
    assert rosa.modals() == []


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        pytest.param("", "Please complete this required field.", id="nothing"),
        pytest.param("no", "Please enter at least 3 characters.", id="too little"),
    ],
)
def test_slacks_client_lets_no_wrong_input_pass(bot: Bot, typed: str, problem: str) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    assert rosa.submit(rosa.wait_modal(), {"reason": {"text": typed}}) == {"reason": problem}
    assert bot.bodies.empty()


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param("next", ["Step two"], id="update shows another in its place"),
        pytest.param("deep", ["Why?", "On top"], id="push lays another on top"),
    ],
)
def test_a_submission_may_lead_on(bot: Bot, typed: str, titles: list[str]) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    rosa.submit(rosa.wait_modal(), {"reason": {"text": typed}})
    views = rosa.modals()
    assert [view.title for view in views] == titles


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        pytest.param("fine", ["Why?"], id="nothing closes the topmost"),
        pytest.param("clear", [], id="clear closes all"),
    ],
)
def test_a_submission_on_top_may_close_all(bot: Bot, typed: str, titles: list[str]) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    rosa.submit(rosa.wait_modal(), {"reason": {"text": "deep"}})
    rosa.submit(rosa.modals()[-1], {"reason": {"text": typed}})
    assert [view.title for view in rosa.modals()] == titles


def test_a_modal_is_only_for_the_one_who_opened_it(bot: Bot) -> None:
    rosa, oscar = bot.workspace.person("rosa"), bot.workspace.person("oscar")
    rosa.click(bot.posted(ASK), "ask")
    rosa.wait_modal()
    assert oscar.modals() == []


def test_closing_is_told_if_the_modal_asked_for_it(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    bot.client.views_update(view_id=form.id, view=modal("Why?", notify_on_close=True))
    rosa.close(rosa.modals()[0])
    body = bot.told()
    assert (body["type"], body["is_cleared"], body["view"]["id"]) == ("view_closed", False, form.id)


def test_an_update_against_an_old_hash_is_refused(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.click(bot.posted(ASK), "ask")
    form = rosa.wait_modal()
    bot.client.views_update(view_id=form.id, hash=form.hash, view=modal("Newer"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        bot.client.views_update(view_id=form.id, hash=form.hash, view=modal("Older"))
    assert rosa.modals()[0].title == "Newer"


def test_a_trigger_opens_one_modal(bot: Bot) -> None:
    bot.workspace.person("rosa").click(bot.posted(actions(button("K", "k"), block_id="keep")), "k")
    trigger_id = bot.told()["trigger_id"]
    bot.client.views_open(trigger_id=trigger_id, view=modal("First"))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        bot.client.views_open(trigger_id=trigger_id, view=modal("Second"))


def test_a_trigger_expires_in_three_seconds(bot: Bot) -> None:
    bot.workspace.person("rosa").click(bot.posted(actions(button("K", "k"), block_id="keep")), "k")
    trigger_id = bot.told()["trigger_id"]
    bot.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bot.client.views_open(trigger_id=trigger_id, view=modal("Late"))


def test_three_modals_lie_on_each_other_and_no_more(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    keeping = actions(button("K", "k"), block_id="keep")
    rosa.click(bot.posted(keeping), "k")
    bot.client.views_open(trigger_id=bot.told()["trigger_id"], view=modal("1", keeping))
    for title in ("2", "3"):
        rosa.click_in(rosa.modals()[-1], "k")
        bot.client.views_push(trigger_id=bot.told()["trigger_id"], view=modal(title, keeping))
    rosa.click_in(rosa.modals()[-1], "k")
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        bot.client.views_push(trigger_id=bot.told()["trigger_id"], view=modal("4", keeping))
    modals = rosa.modals()
    assert [view.title for view in modals] == ["1", "2", "3"]
    assert {view.root_id for view in modals} == {modals[0].id}


def test_a_command_is_answered_to_its_author_only(bot: Bot) -> None:
    rosa, oscar = bot.workspace.person("rosa"), bot.workspace.person("oscar")
    rosa.command("/sgwatch", "help me", "sg-alerts")
    answer = rosa.wait_ephemeral(lambda message: "help me" in message.plain)
    body = bot.told()
    assert answer.plain == "you said help me"
    assert (body["command"], body["channel_id"], body["user_id"]) == ("/sgwatch", ALERTS, "U0ROSA")
    assert not [message for message in oscar.ephemerals() if "help me" in message.plain]


def test_a_command_may_be_answered_later(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.command("/sgwatch", "later")
    rosa.wait_ephemeral(lambda message: message.plain == "here it is")


def test_a_response_url_takes_five_answers(bot: Bot) -> None:
    bot.workspace.person("rosa").command("/sgwatch", "x")
    respond = Respond(response_url=bot.told()["response_url"])
    statuses = [respond(text=str(number)).status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]


def test_an_ephemeral_message_has_buttons_and_may_be_replaced(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    blocks = [section("only you"), actions(button("K", "k"), block_id="keep")]
    bot.client.chat_postEphemeral(channel=ALERTS, user="U0ROSA", text="psst", blocks=blocks)
    message = rosa.wait_ephemeral(lambda m: "only you" in m.plain)
    rosa.click(message, "k")
    body = bot.told()
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    Respond(response_url=body["response_url"])(text="replaced", replace_original=True)
    assert rosa.wait_ephemeral(lambda m: m.plain == "replaced").ts == message.ts
    Respond(response_url=body["response_url"])(delete_original=True)
    assert message.ts not in {m.ts for m in rosa.ephemerals()}


def test_shortcuts_tell_where_they_were_used(bot: Bot) -> None:
    rosa, message = bot.workspace.person("rosa"), bot.posted(section("look here"))
    rosa.shortcut("look", message)
    body = bot.told()
    assert (body["type"], body["message_ts"]) == ("message_action", message.ts)
    rosa.shortcut("hi")
    assert bot.told()["type"] == "shortcut"


def test_what_people_write_and_mention_is_an_event(bot: Bot) -> None:
    rosa = bot.workspace.person("rosa")
    rosa.post("sg-alerts", "@sgwatch is a < b & c?")
    mention = bot.event("app_mention")
    assert mention["text"] == "<@U0SGWATCH> is a &lt; b &amp; c?"
    assert (mention["user"], mention["channel"]) == ("U0ROSA", ALERTS)


def test_emoji_and_the_home_are_events(bot: Bot) -> None:
    rosa, message = bot.workspace.person("rosa"), bot.posted(section("react"))
    rosa.react(message, "eyes")
    event = bot.event("reaction_added")
    assert (event["reaction"], event["item"]["ts"], event["user"]) == ("eyes", message.ts, "U0ROSA")
    rosa.open_home()
    assert bot.event("app_home_opened")["user"] == "U0ROSA"
    bot.client.views_publish(user_id="U0ROSA", view={"type": "home", "blocks": [section("Home")]})
    rosa.wait_home(lambda home: home.plain == "Home")
