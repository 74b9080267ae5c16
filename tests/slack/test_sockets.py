"""Two connections: while one is renewed or broken, no click is lost."""

import logging
import socket
import ssl
from threading import Event, Thread
from typing import cast

import pytest
from slack_sdk.socket_mode.builtin.connection import Connection

from bot.alerts.alert import Status
from bot.slack.bolt import web_client
from bot.slack.messages import SlackError
from bot.slack.sockets import Socket, has_ended
from bot.store.store import Store
from sandbox.slack.faults import Refused
from sandbox.slack.server import SlackServer
from tests.slack.office import Office, office


def acknowledged_by_click(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    at_work.press("rosa", at_work.show(alert_id), "Acknowledge")
    at_work.wait_for(alert_id, Status.ACKNOWLEDGED)


def test_the_app_keeps_two_connections(at_work: Office) -> None:
    assert at_work.sockets is not None
    assert at_work.server.connections() == 2
    assert at_work.sockets.connected == 2


def test_clicks_are_answered_while_connections_are_renewed(at_work: Office) -> None:
    at_work.server.disconnect()
    at_work.server.wait_connections(2)
    for _ in range(4):
        acknowledged_by_click(at_work)


def test_clicks_are_answered_after_connections_broke_without_a_word(at_work: Office) -> None:
    assert at_work.server.break_connections() == 2
    at_work.server.wait_connections(2)
    acknowledged_by_click(at_work)


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize(
    ("fault", "retry"),
    [
        pytest.param(Refused("invalid_auth"), False, id="a bad token will not get better"),
        pytest.param(Refused("internal_error"), True, id="trouble at Slack may"),
    ],
)
def test_a_start_that_fails_says_whether_to_try_again(
    slack: SlackServer, store: Store, method: str, fault: Refused, retry: bool
) -> None:
    slack.order_fault(method, fault)
    with pytest.raises(SlackError) as raised, office(slack, store):
        pass
    assert raised.value.retry is retry


def test_a_connection_is_ended_only_if_the_other_side_ended_it() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        ours.settimeout(3)
        assert not has_ended(ours)
        theirs.send(b"x")
        assert not has_ended(ours)
        assert ours.recv(1) == b"x"
        theirs.close()
        assert has_ended(ours)
    assert has_ended(ours)


def test_renewing_waits_for_no_reader(slack: SlackServer) -> None:
    """The library's reader would hold its lock for as long as nothing comes."""
    ours, theirs = socket.socketpair()
    ours.settimeout(60)
    client = Socket("xapp-1", web_client=web_client(slack.bot_token, slack.api_url))
    session = client.current_session = Connection(slack.url, logging.getLogger(__name__))
    session.sock = cast(ssl.SSLSocket, ours)
    reading = Event()

    def read() -> None:
        with session.sock_receive_lock:
            reading.set()
            ours.recv(1)

    reader, closing = Thread(target=read), Thread(target=client.close, daemon=True)
    reader.start()
    assert reading.wait(5)
    closing.start()
    closing.join(20)
    assert not closing.is_alive()
    reader.join()
    theirs.close()


def test_a_close_that_comes_as_the_reading_begins_is_not_forgotten(slack: SlackServer) -> None:
    """The library's reader would take back that the connection is to end, and read for ever."""
    client = Socket("xapp-1", web_client=web_client(slack.bot_token, slack.api_url))
    client.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
    ours, theirs = socket.socketpair()
    ours.settimeout(0.1)
    with ours, theirs:
        session = client.current_session = Connection(slack.url, logging.getLogger(__name__))
        session.sock = cast(ssl.SSLSocket, ours)
        client.current_session_state.terminated = True
        late = Thread(target=client._run_current_session, daemon=True)
        late.start()
        late.join(20)
        assert not late.is_alive()
        client.close()


def test_a_connection_made_while_closing_is_closed(slack: SlackServer) -> None:
    client = Socket(slack.app_token, web_client=web_client(slack.bot_token, slack.api_url))
    client.closed = True
    client.connect()
    assert not client.is_connected()
    client.close()
