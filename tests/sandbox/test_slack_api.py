"""The Web API of the Slack stand-in, called by the real slack_sdk."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.arguments import Arguments
from sandbox.slack.methods.table import SCOPES
from sandbox.slack.people import BOT_USER
from sandbox.slack.server import SlackServer
from tests.sandbox.slack_bot import ALERTS, GENERAL, no_proxy, section, web_client

NOWHERE = "1700000000.000001"


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with no_proxy(), SlackServer(limits=False) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: SlackServer) -> WebClient:
    return web_client(server)


def refusal(client: WebClient, method: str, **arguments: object) -> SlackApiError:
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=arguments)
    return caught.value


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        pytest.param("no.such", {}, "unknown_method", id="a method that Slack lacks"),
        pytest.param(
            "chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found",
            id="an unknown channel",
        ),
        pytest.param(
            "chat.postMessage", {"channel": GENERAL, "text": "x"}, "not_in_channel",
            id="a channel that the bot is not in",
        ),
        pytest.param("chat.postMessage", {"text": "x"}, "invalid_arguments", id="no channel"),
        pytest.param("chat.postMessage", {"channel": ALERTS}, "no_text", id="nothing to say"),
        pytest.param(
            "chat.postMessage", {"channel": ALERTS, "text": "x" * 40_001}, "msg_too_long",
            id="a text over 40,000 characters",
        ),
        pytest.param(
            "chat.postMessage",
            {"channel": ALERTS, "text": "x", "blocks": [section("y" * 2900)] * 5},
            "msg_blocks_too_long",
            id="blocks over 13,000 characters together",
        ),
        pytest.param(
            "chat.postMessage", {"channel": ALERTS, "text": "x", "blocks": "{"},
            "invalid_blocks_format",
            id="blocks that are no JSON",
        ),
        pytest.param(
            "chat.postMessage", {"channel": ALERTS, "text": "x", "thread_ts": NOWHERE},
            "thread_not_found",
            id="a reply to nothing",
        ),
        pytest.param(
            "chat.postMessage", {"channel": ALERTS, "text": "x", "metadata": {"event_type": "a"}},
            "invalid_metadata_format",
            id="metadata without a payload",
        ),
        pytest.param(
            "chat.update", {"channel": ALERTS, "ts": NOWHERE, "text": "x"}, "message_not_found",
            id="an edit of nothing",
        ),
        pytest.param(
            "chat.delete", {"channel": ALERTS, "ts": NOWHERE}, "message_not_found",
            id="a deletion of nothing",
        ),
        pytest.param(
            "chat.postEphemeral", {"channel": ALERTS, "user": "U0NOBODY", "text": "x"},
            "user_not_in_channel",
            id="an ephemeral message to a stranger",
        ),
        pytest.param(
            "conversations.history", {"channel": GENERAL}, "not_in_channel",
            id="the history of a channel that the bot is not in",
        ),
        pytest.param(
            "conversations.history", {"channel": ALERTS, "limit": 1001}, "invalid_limit",
            id="too long a page",
        ),
        pytest.param(
            "conversations.replies", {"channel": ALERTS, "ts": NOWHERE}, "thread_not_found",
            id="the replies to nothing",
        ),
        pytest.param("users.info", {"user": "U0NOBODY"}, "user_not_found", id="a stranger"),
        pytest.param(
            "users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found",
            id="an unknown address",
        ),
        pytest.param(
            "usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam",
            id="an unknown user group",
        ),
        pytest.param(
            "views.update", {"view_id": "V0NONE", "view": {"type": "home", "blocks": []}},
            "not_found",
            id="an update of a view that is not open",
        ),
        pytest.param(
            "reactions.add", {"channel": ALERTS, "timestamp": NOWHERE, "name": "eyes"},
            "message_not_found",
            id="an emoji on nothing",
        ),
    ],
)  # fmt: skip
def test_refuses_what_slack_refuses(
    client: WebClient, method: str, arguments: dict[str, object], error: str
) -> None:
    assert refusal(client, method, **arguments).response["error"] == error


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        pytest.param("xoxb-wrong", "auth.test", "invalid_auth", id="a wrong token"),
        pytest.param("bot", "apps.connections.open", "not_allowed_token_type", id="the bot's"),
        pytest.param("app", "chat.postMessage", "not_allowed_token_type", id="the app's"),
    ],
)
def test_looks_at_the_token(server: SlackServer, token: str, method: str, error: str) -> None:
    tokens = {"bot": server.bot_token, "app": server.app_token}
    client = web_client(server, tokens.get(token, token))
    assert refusal(client, method).response["error"] == error


def test_asks_for_a_token(server: SlackServer) -> None:
    client = WebClient(base_url=server.api_url, retry_handlers=[])
    assert refusal(client, "auth.test").response["error"] == "not_authed"


def test_names_the_scope_that_is_missing(server: SlackServer, client: WebClient) -> None:
    server.allow(SCOPES - {"usergroups:read"})
    try:
        response = refusal(client, "usergroups.list").response
    finally:
        server.allow(SCOPES)
    assert (response["error"], response["needed"]) == ("missing_scope", "usergroups:read")
    assert "chat:write" in response["provided"]


def test_tells_the_scopes_with_every_answer(client: WebClient) -> None:
    headers = {name.lower(): value for name, value in client.auth_test().headers.items()}
    assert "chat:write" in headers["x-oauth-scopes"].split(",")


def test_an_archived_channel_takes_nothing(server: SlackServer, client: WebClient) -> None:
    server.do(lambda team: setattr(team.channel("C0SGOPS"), "archived", True))
    try:
        error = refusal(client, "chat.postMessage", channel="C0SGOPS", text="x")
    finally:
        server.do(lambda team: setattr(team.channel("C0SGOPS"), "archived", False))
    assert error.response["error"] == "is_archived"


def test_people_groups_and_channels_are_as_the_docs_say(client: WebClient) -> None:
    alice = client.users_lookupByEmail(email="alice@example.com")["user"]
    assert (alice["id"], alice["real_name"]) == ("U0ALICE", "Alice Moreau")
    assert client.usergroups_users_list(usergroup="S0ONCALL")["users"] == ["U0ROSA", "U0ALICE"]
    assert client.usergroups_users_list(usergroup="S0LEADS")["users"] == ["U0MARCUS"]
    channels = client.conversations_list()["channels"]
    members = {channel["name"]: channel["is_member"] for channel in channels}
    assert members == {"sg-alerts": True, "sgwatch-ops": True, "general": False}


def test_who_is_in_a_group_may_change(server: SlackServer, client: WebClient) -> None:
    server.do(lambda team: team.set_group("S0LEADS", "U0MARCUS", "U0ROSA"))
    try:
        users = client.usergroups_users_list(usergroup="S0LEADS")["users"]
    finally:
        server.do(lambda team: team.set_group("S0LEADS", "U0MARCUS"))
    assert users == ["U0MARCUS", "U0ROSA"]


def test_a_direct_message_goes_to_one_person(server: SlackServer, client: WebClient) -> None:
    channel = client.conversations_open(users="U0MARCUS")["channel"]["id"]
    client.chat_postMessage(channel="U0MARCUS", text="for you")
    newest = client.conversations_history(channel=channel)["messages"][0]
    assert newest["text"] == "for you"


def test_the_bot_may_join(client: WebClient) -> None:
    assert client.conversations_join(channel=GENERAL)["channel"]["is_member"]
    assert client.chat_postMessage(channel=GENERAL, text="hello")["ok"]


def test_emoji_are_counted_once_a_person(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=ALERTS, text="look")["ts"]
    client.reactions_add(channel=ALERTS, timestamp=ts, name="eyes")
    again = refusal(client, "reactions.add", channel=ALERTS, timestamp=ts, name="eyes")
    shown = client.reactions_get(channel=ALERTS, timestamp=ts)["message"]["reactions"]
    assert again.response["error"] == "already_reacted"
    assert shown == [{"name": "eyes", "users": [BOT_USER], "count": 1}]


def test_every_call_is_recorded_without_its_token(server: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel=ALERTS, text="kept", blocks=[section("b")])
    call = server.calls_of("chat.postMessage")[-1]
    assert (call.status, call.answer["ok"]) == (200, True)
    assert call.arguments["text"] == "kept"
    assert Arguments({"token": "secret", "text": "kept"}).shown() == {"text": "kept"}
