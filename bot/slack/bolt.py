"""The app: slack-bolt with our listeners, sized so that an acknowledgement never waits in line."""

import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.slack.counting import counted
from bot.slack.listeners import (
    acknowledge,
    answer,
    approve,
    aside,
    benign,
    changes,
    commands,
    escalate,
    exempt,
    exemption_approval,
    exemption_edit,
    fallback,
    guide,
    home,
    how_to_revert,
    isolation,
    more,
    reminded,
    reopen,
    revert,
    storm,
    undo,
)
from bot.slack.listeners.desk import Desk
from bot.slack.messages import SlackError, translated

ACTIONS = (
    acknowledge,
    benign,
    exempt,
    exemption_approval,
    exemption_edit,
    revert,
    how_to_revert,
    undo,
    approve,
    isolation,
    reopen,
    guide,
    changes,
    more,
    reminded,
    answer,
    escalate,
    storm,
    aside,
    commands,
    home,
)

LISTENERS = 24
"""Threads: each listener holds one for as long as it talks to Slack, Redis or AWS."""

REMEMBERED = 4096
"""Event ids: Slack sends an event again within 5 minutes, or not at all."""

PLAIN = logging.getLogger("bot.slack.library")
"""What the libraries log. Never below INFO: at DEBUG they write down what people said."""


@dataclass(frozen=True, slots=True)
class SlackApp:
    """The app, and the threads that its listeners run on."""

    app: App
    threads: ThreadPoolExecutor


class Recent:
    """Remembers the last keys that it was asked about, in this process."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size, self._lock = size, Lock()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def first(self, key: str) -> bool:
        """Return whether the key is new, and remember it."""
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            while len(self._keys) > self._size:
                self._keys.popitem(last=False)
            return True


def web_client(token: str, base_url: str, timeout: int = 10) -> WebClient:
    """Return a client that never sleeps or repeats a call on its own.

    A retry after a broken connection can post twice, and one after a 429 sleeps in our thread.
    """
    _spare_loopback(base_url)
    PLAIN.setLevel(logging.INFO)
    return counted(
        WebClient(token=token, base_url=base_url, timeout=timeout, retry_handlers=[], logger=PLAIN)
    )


def build_app(
    client: WebClient,
    desk: Desk,
    *,
    verify: bool = True,
    signing_secret: str = "",
    guard: Callable[..., BoltResponse] | None = None,
) -> SlackApp:
    """Return the app. ``verify`` asks Slack at once whether the token is good: SlackError if not.

    Over HTTP, Slack's requests are signed with ``signing_secret``, and ``guard`` is the first to
    see those that are well signed.
    """
    if verify:
        with translating():
            client.auth_test()
    threads = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
    app = App(
        name="sgwatch",
        client=client,
        signing_secret=signing_secret,
        token_verification_enabled=False,
        listener_executor=threads,
        logger=PLAIN,
    )
    if guard is not None:
        app.use(guard)
    app.use(_once(Recent().first))
    app.use(_counted)
    for action in ACTIONS:
        action.register(app, desk)
    fallback.register(app)
    return SlackApp(app, threads)


@contextmanager
def translating() -> Iterator[None]:
    """Turn what Slack's library raises into SlackError."""
    try:
        yield
    except SlackApiError as error:
        raise translated(error) from error
    except (SlackClientError, OSError) as error:
        raise SlackError(type(error).__name__, retry=True) from error


def _once(first_time: Callable[[str], bool]) -> Callable[..., BoltResponse | None]:
    """Return a middleware that drops an event that was delivered before."""

    def once(body: dict[str, Any], next_: Callable[[], BoltResponse]) -> BoltResponse | None:
        event_id = body.get("event_id")
        if isinstance(event_id, str) and not first_time(event_id):
            return BoltResponse(status=200, body="")
        return next_()

    return once


def _counted(client: WebClient, next_: Callable[[], BoltResponse]) -> BoltResponse:
    """Have the calls counted of the client that bolt makes for each listener."""
    counted(client)
    return next_()


def _spare_loopback(base_url: str) -> None:
    """Keep a stand-in on this machine from being asked for through a proxy.

    Bolt makes clients of its own, which take the proxy from the environment: so it is told there.
    """
    host = urlsplit(base_url).hostname or ""
    if not is_loopback(host):
        return
    spared = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if host not in spared.split(","):
        os.environ["no_proxy"] = ",".join(filter(None, (spared, host)))


def is_loopback(host: str) -> bool:
    """Return whether the host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
