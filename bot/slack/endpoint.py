"""Slack's requests over HTTP, for those who cannot have Socket Mode: the same listeners.

Bolt checks each request's signature and time. Slack's documentation of both:
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from socket import AF_INET, AF_INET6
from socket import create_server as listen
from threading import Thread
from typing import TYPE_CHECKING, Any, cast

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from waitress.server import BaseWSGIServer, create_server

from bot.slack.bolt import LISTENERS, SlackApp
from bot.store.budgets import Budgets

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

PATH = "/slack"
HEALTH = "/healthz"

LARGEST = 1024 * 1024
"""Bytes of a request. Slack's largest, a modal with all that it holds, has a quarter of that."""

SLOWEST = 2.0
"""Seconds in which it is to stop listening."""

REPLAYABLE = timedelta(minutes=10)
"""Bolt takes a request that is up to five minutes old, or ahead of our clock by as much."""


class EndpointError(Exception):
    """The address cannot be listened at. The text says why, and what to do."""


class Endpoint:
    """Listens at ``host:port``. Raises EndpointError.

    ``port`` is the one that the system chose where the address ends with :0.
    """

    def __init__(self, slack: SlackApp, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._threads = slack.threads
        family = AF_INET6 if ":" in host else AF_INET
        try:
            listening = listen((host.strip("[]"), int(port)), family=family)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            mend = "set it to a free address of this machine"
            raise EndpointError(f"SGWATCH_SLACK_ADDRESS {address}: {why}; {mend}") from error
        self.port: int = listening.getsockname()[1]
        slack_app = SlackRequestHandler(slack.app, path=PATH)
        server = create_server(
            _routed(slack_app),
            sockets=[listening],
            threads=LISTENERS,
            max_request_body_size=LARGEST,
            ident="",
        )
        self._server = cast(BaseWSGIServer, server)
        self._thread = Thread(target=self._server.run, name="endpoint", daemon=True)

    @property
    def connected(self) -> bool:
        """Return whether it listens."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Take requests from now on."""
        self._thread.start()
        log.info("taking Slack's requests at port %s, path %s", self.port, PATH)

    def stop(self) -> None:
        """Take nothing more, then let the listeners finish what they have begun."""
        self._server.task_dispatcher.shutdown()
        trigger: Any = self._server.trigger
        trigger.pull_trigger(self._server.close)
        self._thread.join(SLOWEST)
        self._threads.shutdown()


def once_each(budgets: Budgets) -> Callable[..., BoltResponse]:
    """Return a middleware that refuses a signed request which was taken before, by any of us.

    Slack signs what it sends again anew, so only somebody who listened in sends the same.
    """

    def once(request: BoltRequest, next_: Callable[[], BoltResponse]) -> BoltResponse:
        signature = next(iter(request.headers.get("x-slack-signature", [])), "")
        if signature and budgets.spend(f"request:{signature}", 1, REPLAYABLE) is not None:
            log.warning("a request of Slack's came twice; the second was refused")
            return BoltResponse(status=401, body="")
        return next_()

    return once


def _routed(
    slack_app: SlackRequestHandler,
) -> "Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]":
    """Return the application: Slack's path, and one that says that the process is alive."""

    def route(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == HEALTH:
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"alive\n"]
        return slack_app(environ, start)

    return route
