"""Slack's rate limits and the faults that tests may order."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack.faults import Broken, Limited, Lost, Refused, Slow
from sandbox.slack.rates import BURST
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import HandClock
from tests.sandbox.slack_bot import ALERTS, no_proxy, web_client


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server(clock: HandClock) -> Iterator[SlackServer]:
    with no_proxy(), SlackServer(clock=clock) as running:
        yield running


@pytest.fixture
def client(server: SlackServer) -> WebClient:
    return web_client(server)


def posted_until_limited(client: WebClient, channel: str = ALERTS) -> tuple[int, SlackApiError]:
    for count in range(200):
        try:
            client.chat_postMessage(channel=channel, text="x")
        except SlackApiError as error:
            return count, error
    raise AssertionError("never limited")


def test_a_channel_takes_a_burst_then_a_message_a_second(
    client: WebClient, clock: HandClock
) -> None:
    count, error = posted_until_limited(client)
    assert count >= BURST
    assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
    assert int(error.response.headers["Retry-After"]) == 1
    clock.advance(1)
    assert client.chat_postMessage(channel=ALERTS, text="later")["ok"]


def test_another_channel_is_not_held_up(client: WebClient) -> None:
    posted_until_limited(client)
    assert client.chat_postMessage(channel="C0SGOPS", text="x")["ok"]


def test_replies_count_on_their_channel(client: WebClient) -> None:
    parent = client.chat_postMessage(channel=ALERTS, text="parent")["ts"]
    posted_until_limited(client)
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel=ALERTS, text="reply", thread_ts=parent)


def test_a_method_has_its_own_rate(client: WebClient, clock: HandClock) -> None:
    for _ in range(20):
        client.usergroups_list()
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        client.usergroups_list()
    wait = int(caught.value.response.headers["Retry-After"])
    assert 1 <= wait <= 3
    clock.advance(wait)
    assert client.usergroups_list()["ok"]


def test_limits_can_be_switched_off(server: SlackServer, client: WebClient) -> None:
    server.limit_rates(enabled=False)
    for _ in range(BURST * 5):
        client.chat_postMessage(channel=ALERTS, text="x")


def test_an_ordered_fault_hits_the_next_calls_only(server: SlackServer, client: WebClient) -> None:
    server.order_fault("auth.test", Broken(), times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            client.auth_test()
        assert caught.value.response.status_code == 500
    assert client.auth_test()["ok"]


def test_a_429_can_be_ordered(server: SlackServer, client: WebClient) -> None:
    server.order_fault("auth.test", Limited(retry_after=7))
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.headers["Retry-After"] == "7"


def test_an_error_word_can_be_ordered(server: SlackServer, client: WebClient) -> None:
    server.order_fault("chat.postMessage", Refused("internal_error"))
    with pytest.raises(SlackApiError, match="internal_error"):
        client.chat_postMessage(channel=ALERTS, text="x")
    assert client.conversations_history(channel=ALERTS)["messages"] == []


def test_a_lost_answer_leaves_the_message_posted(server: SlackServer, client: WebClient) -> None:
    server.order_fault("chat.postMessage", Lost())
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=ALERTS, text="once")
    messages = client.conversations_history(channel=ALERTS)["messages"]
    assert [message["text"] for message in messages] == ["once"]


def test_a_slow_answer_comes_after_a_later_call(server: SlackServer, client: WebClient) -> None:
    server.order_fault("auth.test", Slow(0.15))
    with ThreadPoolExecutor(max_workers=1) as pool:
        slow = pool.submit(client.auth_test)
        while server.fault_waits("auth.test"):
            pass
        client.usergroups_list()
        assert slow.result()["ok"]
    assert [call.method for call in server.calls] == ["usergroups.list", "auth.test"]
