"""Socket Mode: several connections, goodbyes, broken lines, and an app that does not answer."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import Queue
from typing import Any, TypeVar

import pytest
from aiohttp import ClientSession, WSMsgType
from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from sandbox.slack.person import NotAnsweredError
from sandbox.slack.refused import Json
from sandbox.slack.seen import SeenMessage
from sandbox.slack.server import SlackServer
from sandbox.slack.sockets import MOST
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
    web_client,
)

Result = TypeVar("Result")
BLOCKS = [actions(button("Count", "count"), button("Ignored", "ignored"))]
QUICK = Timing(ack=0.15, event_retries=(0.0, 0.05), farewell=0.05, ping=0.1)


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with no_proxy(), SlackServer(timing=QUICK, limits=False, events=frozenset()) as running:
        yield running


@pytest.fixture
def message(server: SlackServer) -> SeenMessage:
    web_client(server).chat_postMessage(channel=ALERTS, text="x", blocks=BLOCKS)
    return Workspace(server.url).wait_message("sg-alerts")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run something in a thread of its own: a browser test may have left a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


def counting_app(server: SlackServer, counted: "Queue[Json]") -> App:
    logger = logging.getLogger("tests.slack")
    logger.disabled = True
    app = App(client=web_client(server), logger=logger)

    @app.action("count")
    def count(ack: Ack, body: Json) -> None:
        ack()
        counted.put(body)

    return app


def test_each_envelope_goes_to_exactly_one_of_two_sockets() -> None:
    counted: Queue[Json] = Queue()
    with ExitStack() as stack:
        stack.enter_context(no_proxy())
        patient = SlackServer(timing=Timing(ack=30), limits=False, events=frozenset())
        server = stack.enter_context(patient)
        web_client(server).chat_postMessage(channel=ALERTS, text="x", blocks=BLOCKS)
        message = Workspace(server.url).wait_message("sg-alerts")
        rosa = Workspace(server.url).person("rosa")
        for _ in range(2):
            stack.enter_context(connected(server, counting_app(server, counted)))
        for _ in range(6):
            rosa.click(message, "count")
        shares = server.envelopes()
    assert counted.qsize() == 6
    assert [len(share) for share in shares] == [3, 3]
    assert not set(shares[0]) & set(shares[1])


def test_an_app_that_is_asked_to_reconnect_does() -> None:
    counted: Queue[Json] = Queue()
    patient = Timing(ack=30, ping=0.1, farewell=60)
    with (
        no_proxy(),
        SlackServer(timing=patient, limits=False, events=frozenset()) as server,
        connected(server, counting_app(server, counted)),
    ):
        web_client(server).chat_postMessage(channel=ALERTS, text="x", blocks=BLOCKS)
        message = Workspace(server.url).wait_message("sg-alerts")
        server.disconnect()
        server.wait_connections(1)
        Workspace(server.url).person("rosa").click(message, "count")
    assert counted.qsize() == 1


def test_who_does_not_reconnect_is_cut_off(server: SlackServer) -> None:
    client = web_client(server, server.app_token)

    async def listen() -> list[object]:
        async with ClientSession() as session:
            url = client.apps_connections_open(app_token=server.app_token)["url"]
            socket = await session.ws_connect(url)
            hello = await socket.receive_json()
            await asyncio.to_thread(server.disconnect, "warning")
            goodbye = await socket.receive_json()
            end = await socket.receive()
            return [hello["type"], goodbye["type"], goodbye["reason"], end.type]

    assert run(listen()) == ["hello", "disconnect", "warning", WSMsgType.CLOSE]


def test_a_broken_line_carries_nothing(server: SlackServer, message: SeenMessage) -> None:
    with connected(server, counting_app(server, Queue())):
        assert server.break_connections() == 1
        assert server.connections() == 0
        with pytest.raises(NotAnsweredError):
            Workspace(server.url).person("rosa").click(message, "count")


def test_a_click_that_nobody_answers_is_told_to_the_person(
    server: SlackServer, message: SeenMessage
) -> None:
    with connected(server, counting_app(server, Queue())), pytest.raises(NotAnsweredError):
        Workspace(server.url).person("rosa").click(message, "ignored")


def test_a_click_without_an_app_is_told_at_once(server: SlackServer, message: SeenMessage) -> None:
    with pytest.raises(NotAnsweredError):
        Workspace(server.url).person("rosa").click(message, "count")


def test_a_command_without_an_app_is_told_by_slackbot(server: SlackServer) -> None:
    rosa = Workspace(server.url).person("rosa")
    with pytest.raises(NotAnsweredError):
        rosa.command("/sgwatch", "help")
    assert "operation_timeout" in rosa.ephemerals()[-1].plain


def test_a_command_that_no_app_has_is_told_by_slackbot(server: SlackServer) -> None:
    rosa = Workspace(server.url).person("rosa")
    rosa.command("/nonsense")
    assert rosa.ephemerals()[-1].plain == "`/nonsense` is not a valid command."


def test_a_submission_that_nobody_answers_keeps_the_modal(server: SlackServer) -> None:
    rosa = Workspace(server.url).person("rosa")
    trigger_id = server.do(lambda team: team.triggers.issue("U0ROSA"))
    web_client(server).views_open(trigger_id=trigger_id, view=modal("Form", section("x")))
    with pytest.raises(NotAnsweredError):
        rosa.submit(rosa.wait_modal())
    assert [view.title for view in rosa.modals()] == ["Form"]


def test_an_event_that_nobody_answers_is_sent_again() -> None:
    told: Queue[Json] = Queue()
    events = frozenset({"app_mention"})
    with (
        no_proxy(),
        SlackServer(timing=QUICK, limits=False, events=events) as server,
        connected(server, counting_app(server, Queue())) as handler,
    ):
        handler.client.socket_mode_request_listeners[:] = [
            lambda _, request: told.put(
                {"id": request.payload["event_id"], "attempt": request.retry_attempt}
            )
        ]
        Workspace(server.url).person("rosa").post("sg-alerts", "@sgwatch hello")
        heard = [told.get(timeout=10) for _ in range(3)]
    assert [one["attempt"] for one in heard] == [0, 1, 2]
    assert len({one["id"] for one in heard}) == 1


def test_an_eleventh_socket_is_refused(server: SlackServer) -> None:
    client = web_client(server, server.app_token)

    async def open_all() -> str:
        async with ClientSession() as session:
            kept = []
            for _ in range(MOST):
                url = client.apps_connections_open(app_token=server.app_token)["url"]
                kept.append(await session.ws_connect(url))
                assert (await kept[-1].receive_json())["type"] == "hello"
            with pytest.raises(SlackApiError) as caught:
                client.apps_connections_open(app_token=server.app_token)
            return str(caught.value.response["error"])

    assert run(open_all()) == "too_many_websockets"
