"""The real slack-bolt over the stand-in's sockets: clicks, commands, events and their answers."""

from collections.abc import Iterator

import pytest
from slack_bolt import Respond

from sandbox.slack.refused import Json
from tests.sandbox.slack_app import GO, Bot, a_bot
from tests.sandbox.slack_bot import ALERTS, actions, button, section


@pytest.fixture(scope="module")
def a_running_bot() -> Iterator[Bot]:
    with a_bot() as running:
        yield running


@pytest.fixture
def bot(a_running_bot: Bot) -> Bot:
    a_running_bot.forget()
    return a_running_bot


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
