"""Socket Mode: the app's connections, and envelopes that each go to exactly one of them."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from aiohttp import WSMsgType, web

from sandbox.slack.arguments import Arguments
from sandbox.slack.people import APP_ID
from sandbox.slack.posting import Posting
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.team import Team

MOST = 10
PING = b"Ping from the sandbox"
"""Never empty: the built-in client waits for a third byte and loses the first two."""
DEBUG_INFO = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}


class NotAnsweredError(Exception):
    """Nobody acknowledged an envelope in time."""


@dataclass(slots=True, eq=False)
class Connection:
    """One open connection. ``leaving`` takes no new envelopes."""

    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    received: list[str] = field(default_factory=list)


class Sockets:
    """All of the app's connections, used in turn."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._numbers, self._turn = count(1), count()
        self.copies = 1
        self.posting: Posting | None = None
        self._background: set[asyncio.Task[None]] = set()

    @property
    def open(self) -> list[Connection]:
        """The connections that take envelopes."""
        return [one for one in self._connections if not one.leaving and not one.socket.closed]

    def open_connection(self, team: Team, _: Arguments) -> Json:
        """Answer apps.connections.open."""
        if len(self.open) >= MOST:
            raise RefusedError("too_many_websockets")
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return {"url": f"{team.url.replace('http://', 'ws://')}/link?ticket={ticket}"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, request)
        self._connections.append(connection)
        hello = {"type": "hello", "num_connections": len(self.open), "debug_info": DEBUG_INFO}
        await socket.send_json(hello | {"connection_info": {"app_id": APP_ID}})
        pings = asyncio.create_task(self._ping(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._connections.remove(connection)
            pings.cancel()
        return socket

    async def _ping(self, socket: web.WebSocketResponse) -> None:
        with suppress(ConnectionError):
            while True:
                await asyncio.sleep(self._team.timing.ping)
                await socket.ping(PING)

    async def deliver(self, kind: str, payload: Json, extra: Json | None = None) -> Json:
        """Send one envelope to one connection and return the payload of its ack.

        With ``posting`` it goes over HTTP instead.
        """
        if self.posting is not None:
            answer = await self.posting.post(kind, payload, extra or {}, self._team.timing.ack)
            if answer is None:
                raise NotAnsweredError
            return answer
        envelope_id = f"00000000-0000-4000-8000-{next(self._numbers):012x}"
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            **(extra or {}),
        }
        ack: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = ack
        try:
            await self._send(envelope)
            return await asyncio.wait_for(ack, self._team.timing.ack)
        except (TimeoutError, ConnectionError) as error:
            raise NotAnsweredError from error
        finally:
            del self._waiting[envelope_id]

    async def _send(self, envelope: Json) -> None:
        connections = self.open
        if not connections:
            raise NotAnsweredError
        for _ in range(self.copies):
            connection = connections[next(self._turn) % len(connections)]
            connection.received.append(envelope["envelope_id"])
            await connection.socket.send_json(envelope)

    def _acknowledge(self, data: str) -> None:
        """Envelopes acknowledged too late, or by nobody we know, are ignored."""
        with suppress(ValueError):
            ack = json.loads(data)
            answer = self._waiting.get(ack["envelope_id"]) if "envelope_id" in ack else None
            if answer is not None and not answer.done():
                answer.set_result(ack.get("payload") or {})

    async def say_goodbye(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to reconnect, and end it a little later, as Slack does."""
        for connection in self.open:
            connection.leaving = True
            goodbye = {"type": "disconnect", "reason": reason, "debug_info": DEBUG_INFO}
            await connection.socket.send_json(goodbye)
            task = asyncio.create_task(self._end(connection))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def _end(self, connection: Connection) -> None:
        await asyncio.sleep(self._team.timing.farewell)
        await connection.socket.close()

    def break_off(self) -> int:
        """Break every connection without a word; return how many there were."""
        broken = self.open
        for connection in broken:
            connection.leaving = True
            if connection.request.transport is not None:
                connection.request.transport.abort()
        return len(broken)

    async def close(self) -> None:
        """End everything."""
        for task in self._background:
            task.cancel()
        for connection in list(self._connections):
            with suppress(ConnectionError):
                await connection.socket.close()
