"""Socket Mode: two connections to Slack, so that while one is renewed the other serves."""

import logging
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import time
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.slack.bolt import LISTENERS, PLAIN, SlackApp, translating

CONNECTIONS = 2
PING = 2.0
"""Seconds. One that was ended without a word is noticed after one, a silent one after five."""

BUFFER = 64 * 1024
"""Bytes read at once. The library drops a message whose parts come more than 3 seconds apart."""


class Socket(SocketModeClient):
    """One connection: the library's, mended where it waits for its own threads."""

    closed = False  # The library starts its reader before it says so.

    def issue_new_wss_url(self) -> str:
        """Return where to connect; the library would use a proxy even for a host that has none."""
        url = super().issue_new_wss_url()
        if proxy_bypass(urlsplit(url).hostname or ""):
            self.proxy = None
        return url

    def connect(self) -> None:
        """Connect anew, without waiting for the reader of the old connection."""
        self._wake_reader()
        super().connect()
        if self.closed:
            super().disconnect()

    def disconnect(self) -> None:
        """Close the connection, without waiting for its reader."""
        self._wake_reader()
        super().disconnect()

    def close(self) -> None:
        """Close for good, without waiting for the thread that waits for a message."""
        self.closed = True
        self.message_queue.put(None)
        super().close()

    def _run_current_session(self) -> None:
        """Read until the connection ends: the library forgets a close that comes as it begins."""
        session, state = self.current_session, self.current_session_state
        if not self.closed and session is not None and session.is_active():
            session.run_until_completion(state)

    def _monitor_current_session(self) -> None:
        """Notice an ended connection at once: the library waits for five pings to fail."""
        session = self.current_session
        if session is not None and session.sock is not None and has_ended(session.sock):
            session.disconnect()
        super()._monitor_current_session()  # type: ignore[no-untyped-call]

    def _wake_reader(self) -> None:
        """End the reading of the connection: the reader holds its lock for up to 3 seconds.

        An acknowledgement on the new connection would wait for that as well, for too long.
        """
        session = self.current_session
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)


def has_ended(connection: socket.socket) -> bool:
    """Return at once whether the other side has ended the connection; reads nothing from it."""
    try:
        # A second handle on the plain socket, beneath TLS: its own recv waits for the time limit.
        with socket.socket(fileno=os.dup(connection.fileno())) as peeking:
            peeking.settimeout(0)
            return not peeking.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


class Sockets:
    """The app's connections. Raises SlackError from ``start``."""

    def __init__(self, slack: SlackApp, app_token: str, ping: float = PING) -> None:
        self._threads: ThreadPoolExecutor = slack.threads
        self._clients = [_client(slack.app, app_token, PLAIN, ping) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        """Connect; after that, connections that end are renewed for as long as it takes."""
        with translating():
            for client in self._clients:
                client.connect()

    @property
    def connected(self) -> int:
        """Return how many connections there are right now."""
        return sum(client.is_connected() for client in self._clients)

    def stop(self) -> None:
        """Take nothing more, then let the listeners finish what they have begun."""
        for client in self._clients:
            client.close()
        self._threads.shutdown()


def _client(app: App, app_token: str, logger: logging.Logger, ping: float) -> Socket:
    client = Socket(
        app_token=app_token,
        logger=logger,
        web_client=app.client,
        ping_interval=ping,
        concurrency=LISTENERS,
        receive_buffer_size=BUFFER,
    )

    def handle(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        send_response(client, request, run_bolt_app(app, request), started)

    client.socket_mode_request_listeners.append(handle)
    return client
