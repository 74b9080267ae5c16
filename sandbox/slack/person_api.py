"""/person/…: what a person does and sees. The page and the clients in tests use the same."""

import html
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.slack.act import Act, NoSuchThingError, Outcome, Shortcut
from sandbox.slack.acting import Acts
from sandbox.slack.blocks.values import UnknownOptionError
from sandbox.slack.channels import Channel, Message
from sandbox.slack.live import Live
from sandbox.slack.people import Person
from sandbox.slack.refused import Json, RefusedError
from sandbox.slack.sight import channel_seen, message_seen, person_seen, sight
from sandbox.slack.team import Team
from sandbox.slack.views import View

PATIENCE = 10.0
LINK = re.compile(r"\bhttps?://[^\s<>|]+")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PersonApi:
    """Routes under /person."""

    def __init__(self, team: Team, acts: Acts, live: Live, shortcuts: tuple[Shortcut, ...]) -> None:
        self._team, self._acts, self._live, self._shortcuts = team, acts, live, shortcuts

    def routes(self) -> list[web.RouteDef]:
        """Return every route."""
        doing: dict[str, Callable[[Person, Json], Awaitable[Outcome]]] = {
            "post": self._post,
            "click": self._click,
            "view-action": self._view_action,
            "submit": self._submit,
            "close": self._close,
            "command": self._command,
            "react": self._react,
            "home": self._home,
            "dismiss": self._dismiss,
            "shortcut": self._shortcut,
        }
        seeing = [
            web.get("/person/workspace", self._workspace),
            web.get("/person/messages", self._messages),
            web.get("/person/version", self._version),
            web.get("/person/{user}/sight", self._sight),
        ]
        return seeing + [
            web.post(f"/person/{{user}}/{name}", self._done(do)) for name, do in doing.items()
        ]

    def _done(self, do: Callable[[Person, Json], Awaitable[Outcome]]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            try:
                person = self._team.person(request.match_info["user"])
                outcome = await do(person, await request.json())
            except (NoSuchThingError, UnknownOptionError, KeyError, ValueError) as error:
                return web.json_response({"ok": False, "error": str(error)}, status=400)
            except RefusedError as refused:
                return web.json_response(refused.answer(), status=400)
            answer = {"answered": outcome.answered, "errors": dict(outcome.errors)}
            return web.json_response({"ok": True, **answer})

        return handler

    async def _workspace(self, _: web.Request) -> web.StreamResponse:
        shortcuts = [
            {"callback_id": s.callback_id, "title": s.title, "on_message": s.on_message}
            for s in self._shortcuts
        ]
        groups = [
            {"id": g.id, "handle": g.handle, "name": g.name, "users": list(g.users)}
            for g in self._team.groups.values()
        ]
        return web.json_response(
            {
                "people": [person_seen(person) for person in self._team.people.values()],
                "groups": groups,
                "channels": [channel_seen(channel) for channel in self._team.channels.values()],
                "commands": list(self._acts.commands),
                "shortcuts": shortcuts,
            }
        )

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        """Return a channel's messages with their metadata, whoever may see them."""
        channel = self._team.channels.get(request.query.get("channel", ""))
        if channel is None:
            raise web.HTTPNotFound
        shown = [message_seen(channel, m) | {"metadata": m.metadata} for m in channel]
        return web.json_response({"version": self._team.version, "messages": shown})

    async def _version(self, request: web.Request) -> web.StreamResponse:
        """Answer as soon as something changed since a version, or after a while."""
        seconds = min(float(request.query.get("wait", "0")), PATIENCE)
        version = await self._live.moved(int(request.query.get("after", "0")), seconds)
        return web.json_response({"version": version})

    async def _sight(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self._team.person(request.match_info["user"])
        except RefusedError:
            raise web.HTTPNotFound from None
        return web.json_response(sight(self._team, person.id))

    async def _post(self, person: Person, given: Json) -> Outcome:
        channel = self._inside(person, given["channel"])
        thread_ts = given.get("thread_ts") or None
        if thread_ts:
            thread_ts = channel.parent(thread_ts).ts
        message = Message(
            ts=self._team.stamps.next(),
            author=person.id,
            text=self._as_typed(str(given["text"])),
            thread_ts=thread_ts,
            broadcast=bool(thread_ts and given.get("broadcast")),
        )
        self._team.post(channel, message)
        return Outcome(answered=True)

    async def _click(self, person: Person, given: Json) -> Outcome:
        channel = self._inside(person, given["channel"])
        message = channel.seen_by(person.id, given["ts"])
        return await self._acts.act_in_message(person, channel, message, _act(given))

    async def _view_action(self, person: Person, given: Json) -> Outcome:
        return await self._acts.act_in_view(person, self._view(person, given), _act(given))

    async def _submit(self, person: Person, given: Json) -> Outcome:
        values = given.get("values") or {}
        return await self._acts.submit(person, self._view(person, given), values)

    async def _close(self, person: Person, given: Json) -> Outcome:
        everything = bool(given.get("everything"))
        view = self._view(person, given)
        return await self._acts.close(person, view, everything=everything)

    async def _command(self, person: Person, given: Json) -> Outcome:
        channel = self._inside(person, given["channel"])
        text = str(given.get("text") or "").strip()
        return await self._acts.command(person, channel, str(given["command"]), text)

    async def _react(self, person: Person, given: Json) -> Outcome:
        channel = self._inside(person, given["channel"])
        message = channel.message(given["ts"])
        do = self._team.unreact if given.get("remove") else self._team.react
        do(channel, message, person.id, str(given["name"]))
        return Outcome(answered=True)

    async def _home(self, person: Person, _: Json) -> Outcome:
        return self._acts.open_home(person)

    async def _dismiss(self, person: Person, given: Json) -> Outcome:
        channel = self._inside(person, given["channel"])
        message = channel.seen_by(person.id, given["ts"])
        if message.only_for != person.id:
            raise NoSuchThingError("only what nobody else sees can be dismissed")
        self._team.remove(channel, message)
        return Outcome(answered=True)

    async def _shortcut(self, person: Person, given: Json) -> Outcome:
        known = {shortcut.callback_id: shortcut for shortcut in self._shortcuts}
        shortcut = known[given["callback_id"]]
        place = None
        if shortcut.on_message:
            channel = self._inside(person, given["channel"])
            place = (channel, channel.message(given["ts"]))
        return await self._acts.shortcut(person, shortcut, place)

    def _inside(self, person: Person, channel_id: str) -> Channel:
        channel = self._team.channel(channel_id)
        if person.id not in channel.members:
            raise RefusedError("not_in_channel")
        if channel.archived:
            raise RefusedError("is_archived")
        return channel

    def _view(self, person: Person, given: Json) -> View:
        view = self._team.views.find(view_id=given["view_id"])
        if view.user != person.id:
            raise NoSuchThingError("somebody else's view")
        return view

    def _as_typed(self, text: str) -> str:
        """Return what Slack makes of what was typed: entities, links, mentions."""
        escaped = LINK.sub(lambda link: f"<{link[0]}>", html.escape(text, quote=False))
        for person in self._team.people.values():
            mention = re.compile(rf"@({re.escape(person.name)}|{re.escape(person.handle)})\b")
            escaped = mention.sub(f"<@{person.id}>", escaped)
        return escaped


def _act(given: dict[str, Any]) -> Act:
    return Act(
        action_id=str(given["action_id"]),
        block_id=str(given.get("block_id") or ""),
        value=given.get("value"),
        entered=given.get("values") or {},
    )
