"""The Web API over HTTP: token, scope, faults, rates, then the method."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.slack.arguments import Arguments
from sandbox.slack.calls import ApiCall, Calls
from sandbox.slack.faults import Broken, Fault, Faults, Limited, Lost, Refused, Slow
from sandbox.slack.files import mimetype
from sandbox.slack.methods.table import METHODS, SCOPES, UNLIMITED, Answer, Method
from sandbox.slack.rates import Limits, ratelimited
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.responding import respond
from sandbox.slack.team import Team

CONNECTIONS_OPEN = "apps.connections.open"
APP_SCOPE = "connections:write"


@dataclass(slots=True)
class Tokens:
    """The app's two tokens, what the bot's may do, and what requests to it are signed with."""

    bot: str = "xoxb-sandbox-bot-token"
    app: str = "xapp-sandbox-app-token"
    signing: str = "sandbox-signing-secret"
    scopes: frozenset[str] = SCOPES


@dataclass(slots=True)
class WebApi:
    """Answers /api/METHOD."""

    team: Team
    tokens: Tokens
    limits: Limits
    open_connection: Answer
    calls: Calls = field(default_factory=Calls)
    faults: Faults = field(default_factory=Faults)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, unless a test ordered that it fail."""
        name = request.match_info["method"]
        given = await _given(request)
        fault = self.faults.next(name)
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        arguments = Arguments(given)
        status, body, headers = self._answer(request, name, arguments, fault)
        self.calls.add(ApiCall(name, arguments.shown(), status, body, self.team.clock()))
        if isinstance(fault, Lost):
            await asyncio.sleep(fault.after)
            return _broken_off(request)
        if isinstance(fault, Broken):
            return web.Response(status=status, text="Something went wrong on our side.")
        headers["X-OAuth-Scopes"] = ",".join(sorted(self.tokens.scopes))
        return web.json_response(body, status=status, headers=headers)

    def _answer(
        self, request: web.Request, name: str, arguments: Arguments, fault: Fault | None
    ) -> tuple[int, Json, dict[str, str]]:
        try:
            match fault:
                case Broken(status):
                    return status, {}, {}
                case Limited(seconds):
                    raise ratelimited(seconds)
                case Refused(error):
                    raise RefusedError(error)
                case Lost() | Slow() | None:
                    pass
            method = self._allowed(request, name, arguments)
            channel = arguments.text("channel")
            self.limits.check(name, method, channel, self.team.clock())
            return 200, {"ok": True, **method.answer(self.team, arguments)}, {}
        except RefusedError as refused:
            return refused.status, refused.answer(), refused.headers

    def _allowed(self, request: web.Request, name: str, arguments: Arguments) -> Method:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = token or arguments.text("token")
        if not token:
            raise RefusedError("not_authed")
        if token not in (self.tokens.bot, self.tokens.app):
            raise RefusedError("invalid_auth")
        if name == CONNECTIONS_OPEN:
            if token != self.tokens.app:
                raise RefusedError("not_allowed_token_type")
            return Method(self.open_connection, APP_SCOPE, UNLIMITED)
        method = METHODS.get(name)
        if method is None:
            raise RefusedError("unknown_method", detail={"req_method": name})
        if token != self.tokens.bot:
            raise RefusedError("not_allowed_token_type")
        self._check_scope(method, arguments)
        return method

    def _check_scope(self, method: Method, arguments: Arguments) -> None:
        """Reading a conversation with one person needs the ``im:`` scope instead."""
        needed = method.scope
        direct = self.team.channels.get(arguments.text("channel"))
        if direct and direct.is_direct and needed.startswith("channels:"):
            needed = needed.replace("channels:", "im:")
        if needed and needed not in self.tokens.scopes:
            provided = ",".join(sorted(self.tokens.scopes))
            raise RefusedError("missing_scope", detail={"needed": needed, "provided": provided})

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take a file at the address that it was told to be sent to."""
        try:
            self.team.files.receive(request.match_info["file"], await request.read())
        except RefusedError as refused:
            return web.Response(status=400, text=refused.error)
        return web.Response(text="OK")

    async def hand_out(self, request: web.Request) -> web.StreamResponse:
        """Give a file to whoever has its address: everybody here is one person."""
        try:
            file = self.team.files.sent(request.match_info["file"])
        except RefusedError:
            raise web.HTTPNotFound from None
        name = file.name.encode("ascii", "replace").decode().replace('"', "")
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=file.content, content_type=mimetype(file), headers=headers)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer a POST to a response address."""
        try:
            given = await request.json()
            respond(self.team, request.match_info["key"], given)
        except (RefusedError, ValueError) as error:
            refused = error if isinstance(error, RefusedError) else RefusedError("invalid_payload")
            return web.json_response(refused.answer(), status=refused.status)
        return web.json_response({"ok": True})


async def _given(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except json.JSONDecodeError:
            body = {}
        given |= body if isinstance(body, dict) else {}
    else:
        given |= dict((await request.post()).items())
    return given


def _broken_off(request: web.Request) -> web.Response:
    """Break the connection, so that the caller does not know what became of the call."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
