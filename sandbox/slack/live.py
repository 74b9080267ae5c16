"""The page's websocket: what changes is sent to those who may see it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.slack.changes import (
    Change,
    Edited,
    HomePublished,
    Joined,
    Noticed,
    Posted,
    Reacted,
    Removed,
    Shown,
    WindowsChanged,
)
from sandbox.slack.channels import Channel
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.sight import channel_seen, home_of, message_seen, sight, windows_of
from sandbox.slack.team import Team

HEARTBEAT = 20.0


@dataclass(eq=False, slots=True)
class Viewer:
    """One open page."""

    user: str
    socket: web.WebSocketResponse
    waiting: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)


class Live:
    """All open pages."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._viewers: set[Viewer] = set()
        self._moved = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it goes."""
        try:
            user = self._team.person(request.query.get("person", "")).id
        except RefusedError:
            raise web.HTTPNotFound from None
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        await socket.prepare(request)
        viewer = Viewer(user, socket)
        viewer.waiting.put_nowait({"type": "sight", **sight(self._team, user)})
        self._viewers.add(viewer)
        sender = asyncio.create_task(_send(viewer))
        try:
            async for _ in socket:
                pass  # the page speaks over /person/…, here it only listens
        finally:
            self._viewers.discard(viewer)
            sender.cancel()
        return socket

    def hear(self, change: Change) -> None:
        """Tell every page that may see it."""
        self._moved.set()
        self._moved = asyncio.Event()
        for viewer in self._viewers:
            told = self._told(change, viewer.user)
            if told is not None:
                viewer.waiting.put_nowait(told)

    def broadcast(self, told: Json) -> None:
        """Tell every page something that is no change of the workspace."""
        for viewer in self._viewers:
            viewer.waiting.put_nowait(told)

    async def moved(self, version: int, seconds: float) -> int:
        """Wait until something changed since a version, or for so long; return the version."""
        if self._team.version <= version:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), seconds)
        return self._team.version

    async def close(self) -> None:
        """End every page's connection."""
        for viewer in list(self._viewers):
            await viewer.socket.close()

    def _told(self, change: Change, user: str) -> Json | None:
        match change:
            case Posted() | Edited() | Shown() | Reacted() | Removed():
                return self._of_message(change, user)
            case Joined(channel, _):
                return {"type": "channel", "channel": channel_seen(channel)}
            case WindowsChanged(whose) if whose == user:
                return {"type": "windows", "windows": windows_of(self._team, user)}
            case HomePublished(whose) if whose == user:
                return {"type": "home", "home": home_of(self._team, user)}
            case Noticed(whose, text, tone) if whose in ("", user):
                return {"type": "notice", "text": text, "tone": tone}
            case _:
                return None

    def _of_message(
        self, change: Posted | Edited | Shown | Reacted | Removed, user: str
    ) -> Json | None:
        channel, message = change.channel, change.message
        if user not in channel.members or message.only_for not in (None, user):
            return None
        if isinstance(change, Removed) and not message.deleted:
            return {"type": "gone", "channel": channel.id, "ts": message.ts, **_parent(change)}
        return {"type": "message", "message": message_seen(channel, message), **_parent(change)}


def _parent(change: Posted | Edited | Shown | Reacted | Removed) -> Json:
    """Return the message that a thread hangs from, for its count of replies."""
    channel: Channel = change.channel
    message = change.message
    if message.only_for or not message.is_reply:
        return {}
    return {"parent": message_seen(channel, channel.parent(message.thread_ts or ""))}


async def _send(viewer: Viewer) -> None:
    with suppress(ConnectionError):
        while True:
            await viewer.socket.send_json(await viewer.waiting.get())
