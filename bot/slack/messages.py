"""The Slack edge for messages: posting, editing, replying, and looking for what was posted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

EVENT_TYPE = "sgwatch"
CLOCKS_APART = timedelta(minutes=2)
"""How far Slack's clock and Redis's may differ when we look for a message by time."""

A_MINUTE = timedelta(minutes=1)
POST = "chat.postMessage"
BUDGETS = {
    POST: 300,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "conversations.open": 50,
}
"""Calls a minute of the whole workspace. Slack's tiers: docs.slack.dev/apis/web-api/rate-limits."""

LONGEST_WAIT = 86400
"""Seconds. Slack asks for less."""

TRANSIENT = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)


class SlackError(Exception):
    """Slack refused or could not be reached.

    ``wait`` is how long Slack told us to wait (a 429), ``code`` its word for the error,
    ``retry`` whether the same call may work later, and ``method`` what was called.
    """

    def __init__(
        self, code: str, *, retry: bool, wait: timedelta | None = None, method: str = POST
    ) -> None:
        super().__init__(code)
        self.code, self.retry, self.wait, self.method = code, retry, wait, method

    @property
    def silences(self) -> bool:
        """Return whether nothing can be posted meanwhile: other methods have other limits."""
        return self.method == POST


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message carries as metadata, so that the next worker finds it: alert and entry."""

    alert: str
    entry: int


class Messages(Protocol):
    """What the presenter needs of Slack. Every method raises SlackError."""

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        """Post a message and return its ts."""
        ...

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Replace a message."""
        ...

    def reply(
        self,
        channel: str,
        ts: str,
        text: str,
        mark: Mark,
        *,
        broadcast: bool,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """Reply in a message's thread and return the reply's ts."""
        ...

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        """Return the ts of the message with the mark posted after a time, if there is one."""
        ...

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        """Return the ts of the reply with the mark in a thread, if there is one."""
        ...


class DirectMessages(Messages, Protocol):
    """Messages to one person."""

    def direct(self, user: str) -> str:
        """Return the channel of the direct messages with somebody. Raises SlackError."""
        ...


class Spending(Protocol):
    """What counts the calls of every process together."""

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        """Count one more; return how long to wait instead if there is nothing left."""
        ...

    def rest(self, name: str, wait: timedelta) -> None:
        """Leave nothing for so long."""
        ...


class SlackMessages:
    """Messages over the Web API, within the workspace's budget for each method."""

    def __init__(self, client: WebClient, budgets: Spending) -> None:
        self._client, self._budgets = client, budgets

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        """Post a message and return its ts."""
        return self._sent(channel=channel, text=text, blocks=blocks, metadata=_metadata(mark))

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Replace a message."""
        self._call("chat.update", {"channel": channel, "ts": ts, "text": text, "blocks": blocks})

    def reply(
        self,
        channel: str,
        ts: str,
        text: str,
        mark: Mark,
        *,
        broadcast: bool,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        """Reply in a message's thread and return the reply's ts."""
        return self._sent(
            channel=channel,
            text=text,
            thread_ts=ts,
            reply_broadcast=broadcast,
            metadata=_metadata(mark),
            **({"blocks": blocks} if blocks else {}),
        )

    def direct(self, user: str) -> str:
        """Return the channel of the direct messages with somebody."""
        opened = self._call("conversations.open", {"users": user})
        return str((opened.get("channel") or {})["id"])

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        """Return the ts of the message with the mark posted after a time, if there is one."""
        oldest = f"{(since - CLOCKS_APART).timestamp():.6f}"
        return self._search("conversations.history", {"channel": channel, "oldest": oldest}, mark)

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        """Return the ts of the reply with the mark in a thread, if there is one."""
        return self._search("conversations.replies", {"channel": channel, "ts": ts}, mark)

    def _sent(self, **message: object) -> str:
        # Nothing that nobody marked up may become a link: a group may be named like a domain.
        options = {"unfurl_links": False, "unfurl_media": False, "parse": "none"}
        return str(self._call(POST, message | options)["ts"])

    def _search(self, method: str, arguments: dict[str, object], mark: Mark) -> str | None:
        wanted = _metadata(mark)
        cursor = ""
        while True:
            page = self._call(
                method,
                arguments | {"include_all_metadata": True, "limit": 200, "cursor": cursor},
                form=True,
            )
            for message in page.get("messages", []):
                if message.get("metadata") == wanted:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    def _call(
        self, method: str, arguments: Mapping[str, object], *, form: bool = False
    ) -> dict[str, Any]:
        wait = self._budgets.spend(method, BUDGETS[method], A_MINUTE)
        if wait is not None:
            raise SlackError("budget_spent", retry=True, wait=wait, method=method)
        try:
            answer = (
                self._client.api_call(method, params=dict(arguments))
                if form
                else self._client.api_call(method, json=dict(arguments))
            )
        except SlackApiError as error:
            refusal = translated(error, method)
            if refusal.wait is not None and not refusal.silences:
                self._budgets.rest(method, refusal.wait)
            raise refusal from error
        except (SlackClientError, OSError) as error:
            raise SlackError(type(error).__name__, retry=True, method=method) from error
        return answer.data if isinstance(answer.data, dict) else {}


def translated(error: SlackApiError, method: str = POST) -> SlackError:
    """Return our error for Slack's answer."""
    response = error.response
    if response.status_code == 429:
        wait = _told_to_wait(response.headers)
        return SlackError("ratelimited", retry=True, wait=wait, method=method)
    data = response.data if isinstance(response.data, dict) else {}
    code = str(data.get("error") or f"http_{response.status_code}")
    passing = response.status_code >= 500 or code in TRANSIENT
    return SlackError(code, retry=passing, method=method)


def _told_to_wait(headers: Mapping[str, str]) -> timedelta:
    """Return Retry-After in whole seconds; a second where Slack does not say, or not readably."""
    told = headers.get("Retry-After", "")
    if not told.isdecimal():
        return timedelta(seconds=1)
    return timedelta(seconds=min(int(told), LONGEST_WAIT) if len(told) < 20 else LONGEST_WAIT)


def _metadata(mark: Mark) -> dict[str, Any]:
    payload = {"alert": mark.alert, "entry": mark.entry}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
