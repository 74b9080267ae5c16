"""What becomes of messages on the Slack stand-in: history, threads, edits, deletion."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.people import BOT_USER
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import Stamps
from sandbox.slack.workspace import Workspace
from tests.sandbox.slack_bot import ALERTS, no_proxy, section, web_client


@pytest.fixture(scope="module")
def server() -> Iterator[SlackServer]:
    with no_proxy(), SlackServer(limits=False) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: SlackServer) -> WebClient:
    return web_client(server)


def test_a_message_is_found_by_its_metadata_only_if_asked(client: WebClient) -> None:
    metadata = {"event_type": "sgwatch", "event_payload": {"alert": "SGW-1", "entry": 0}}
    posted = client.chat_postMessage(channel="#sg-alerts", text="found", metadata=metadata)
    silent = client.conversations_history(channel=ALERTS, limit=1)["messages"][0]
    telling = client.conversations_history(channel=ALERTS, limit=1, include_all_metadata=True)
    assert (silent["ts"], "metadata" in silent) == (posted["ts"], False)
    assert telling["messages"][0]["metadata"] == metadata


def test_history_is_newest_first_in_pages_without_replies(client: WebClient) -> None:
    first = client.chat_postMessage(channel=ALERTS, text="first")["ts"]
    client.chat_postMessage(channel=ALERTS, text="quiet", thread_ts=first)
    client.chat_postMessage(channel=ALERTS, text="loud", thread_ts=first, reply_broadcast=True)
    client.chat_postMessage(channel=ALERTS, text="last")
    texts: list[str] = []
    for page in client.conversations_history(channel=ALERTS, oldest=first, inclusive=True, limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["last", "loud", "first"]


def test_a_thread_is_told_with_its_parent(client: WebClient) -> None:
    parent = client.chat_postMessage(channel=ALERTS, text="parent")["ts"]
    for text in ("one", "two"):
        client.chat_postMessage(channel=ALERTS, text=text, thread_ts=parent)
    thread = client.conversations_replies(channel=ALERTS, ts=parent)["messages"]
    assert [message["text"] for message in thread] == ["parent", "one", "two"]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (2, thread[2]["ts"])
    assert {message["thread_ts"] for message in thread} == {parent}


def test_timestamps_are_unique_and_increase_even_if_the_clock_does_not() -> None:
    times = iter([1_700_000_000.5, 1_700_000_000.5, 1_600_000_000.0])
    stamps = Stamps(lambda: next(times))
    assert [stamps.next() for _ in range(3)] == [
        "1700000000.500000", "1700000000.500001", "1700000000.500002",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "text", "blocks"),
    [
        pytest.param({"text": "new"}, "new", 0, id="a text alone removes the blocks"),
        pytest.param({"blocks": [section("b")] * 2}, "old", 2, id="blocks alone keep the text"),
        pytest.param({"text": "new", "blocks": []}, "new", 0, id="an empty list removes them"),
        pytest.param({"metadata": {}}, "old", 1, id="neither keeps both"),
    ],
)
def test_an_edit_changes_what_it_names(
    client: WebClient, change: dict[str, object], text: str, blocks: int
) -> None:
    ts = client.chat_postMessage(channel=ALERTS, text="old", blocks=[section("a")])["ts"]
    client.api_call("chat.update", json={"channel": ALERTS, "ts": ts, **change})
    now = client.conversations_history(channel=ALERTS, limit=1)["messages"][0]
    assert (now["text"], len(now.get("blocks", [])), now["edited"]["user"]) == (
        text, blocks, BOT_USER,
    )  # fmt: skip


def test_only_the_author_may_edit_or_delete(server: SlackServer, client: WebClient) -> None:
    workspace = Workspace(server.url)
    workspace.person("rosa").post("sg-alerts", "mine")
    ts = workspace.wait_message("sg-alerts", lambda message: message.text == "mine").ts
    with pytest.raises(SlackApiError, match="cant_update_message"):
        client.chat_update(channel=ALERTS, ts=ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        client.chat_delete(channel=ALERTS, ts=ts)


def test_a_deleted_parent_leaves_a_grave(client: WebClient) -> None:
    parent = client.chat_postMessage(channel=ALERTS, text="parent")["ts"]
    client.chat_postMessage(channel=ALERTS, text="reply", thread_ts=parent)
    client.chat_delete(channel=ALERTS, ts=parent)
    thread = client.conversations_replies(channel=ALERTS, ts=parent)["messages"]
    assert [message.get("subtype") for message in thread] == ["tombstone", None]


def test_ids_are_given_where_the_app_left_them_out(client: WebClient) -> None:
    element = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    posted = client.chat_postMessage(
        channel=ALERTS, text="x", blocks=[{"type": "actions", "elements": [element]}]
    )
    block = posted["message"]["blocks"][0]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
