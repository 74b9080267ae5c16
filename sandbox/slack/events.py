"""The Events API over Socket Mode: what happened, for the app, tried again if not acknowledged."""

import asyncio
from itertools import count

from sandbox.slack.changes import (
    Change,
    Edited,
    HomeOpened,
    Joined,
    Posted,
    Reacted,
    Removed,
)
from sandbox.slack.channels import Channel
from sandbox.slack.payloads import event_callback
from sandbox.slack.people import BOT_USER, direct_channel
from sandbox.slack.refused import Json
from sandbox.slack.shapes import message_json, view_json
from sandbox.slack.sockets import NotAnsweredError, Sockets
from sandbox.slack.team import Team

SUBSCRIBED = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "member_joined_channel",
        "message.channels",
        "message.im",
        "reaction_added",
        "reaction_removed",
    }
)
"""What the app is told of, unless a test says otherwise."""


class Events:
    """Turns changes into events and sees them delivered."""

    def __init__(self, team: Team, sockets: Sockets, subscribed: frozenset[str]) -> None:
        self._team, self._sockets, self._subscribed = team, sockets, subscribed
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def hear(self, change: Change) -> None:
        """Send the events that a change is, each on its own."""
        for event in self._events(change):
            task = asyncio.get_running_loop().create_task(self._deliver(event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop trying."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, event: Json) -> None:
        payload = event_callback(event, next(self._numbers), self._team.clock())
        retry: Json = {"retry_attempt": 0, "retry_reason": ""}
        for attempt, wait in enumerate((*self._team.timing.event_retries, None), 1):
            try:
                await self._sockets.deliver("events_api", payload, retry)
            except NotAnsweredError:
                if wait is None:
                    return
                await asyncio.sleep(wait)
                retry = {"retry_attempt": attempt, "retry_reason": "timeout"}
            else:
                return

    def _events(self, change: Change) -> list[Json]:
        channel = getattr(change, "channel", None)
        if isinstance(channel, Channel) and BOT_USER not in channel.members:
            return []
        event_ts = self._team.stamps.next()
        found = _messages(change, event_ts) + _others(self._team, change, event_ts)
        return [event for event in found if self._wanted(event)]

    def _wanted(self, event: Json) -> bool:
        kind = str(event["type"])
        if kind == "message":
            kind = "message.im" if event["channel_type"] == "im" else "message.channels"
        return kind in self._subscribed


def _messages(change: Change, event_ts: str) -> list[Json]:
    """Return the message events of a change, a mention of the bot included."""
    if not isinstance(change, Posted | Edited | Removed) or change.message.only_for:
        return []
    channel, message = change.channel, change.message
    shown = message_json(channel, message)
    place = {
        "channel": channel.id,
        "channel_type": "im" if channel.is_direct else "channel",
        "event_ts": event_ts,
    }
    hidden: Json = {"type": "message", "hidden": True, "ts": event_ts}
    match change:
        case Posted():
            posted = [shown | place | {"event_ts": message.ts}]
            if f"<@{BOT_USER}>" in message.text and message.author != BOT_USER:
                posted.append(posted[0] | {"type": "app_mention"})
            return posted
        case Edited():
            changed = {"message": shown, "previous_message": change.before}
            return [hidden | place | changed | {"subtype": "message_changed"}]
        case Removed():
            gone = {"deleted_ts": message.ts, "previous_message": shown}
            return [hidden | place | gone | {"subtype": "message_deleted"}]


def _others(team: Team, change: Change, event_ts: str) -> list[Json]:
    match change:
        case Reacted():
            return [_reaction(change, event_ts)]
        case Joined():
            joined = {"type": "member_joined_channel", "user": change.user, "event_ts": event_ts}
            return [joined | {"channel": change.channel.id, "channel_type": "C"}]
        case HomeOpened():
            opened: Json = {"type": "app_home_opened", "user": change.user, "tab": "home"}
            opened |= {"channel": direct_channel(change.user), "event_ts": event_ts}
            home = team.views.home(change.user)
            return [opened | ({"view": view_json(home)} if home else {})]
        case _:
            return []


def _reaction(change: Reacted, event_ts: str) -> Json:
    item = {"type": "message", "channel": change.channel.id, "ts": change.message.ts}
    return {
        "type": "reaction_added" if change.added else "reaction_removed",
        "user": change.user,
        "reaction": change.emoji,
        "item": item,
        "item_user": change.message.author,
        "event_ts": event_ts,
    }
