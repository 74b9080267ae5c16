"""The page's two panels: scenarios to play, and what AWS really looks like now."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from sandbox.slack.aside import aside
from sandbox.slack.live import Live
from sandbox.slack.refused import Json

AwsGroups = Callable[[], list[Json]]
"""Returns groups: ``{id, name, rules: [{direction, protocol, ports, peer, rule_id, world}]}``."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to play. ``play`` may return a line that says what it did."""

    name: str
    title: str
    description: str
    play: Callable[[], str | None]


class Panels:
    """Routes under /scenarios and /aws."""

    def __init__(self, live: Live, scenarios: Sequence[Scenario], groups: AwsGroups | None) -> None:
        self._live, self._groups = live, groups
        self._scenarios = {scenario.name: scenario for scenario in scenarios}
        self._playing: dict[str, asyncio.Task[None]] = {}

    def routes(self) -> list[web.RouteDef]:
        """Return every route."""
        return [
            web.get("/panels", self._list),
            web.post("/scenarios/{name}", self._play),
            web.get("/aws/groups", self._aws),
        ]

    async def close(self) -> None:
        """Wait for nothing that still plays."""
        for task in list(self._playing.values()):
            task.cancel()

    async def _list(self, _: web.Request) -> web.StreamResponse:
        scenarios = [
            {"name": s.name, "title": s.title, "description": s.description}
            for s in self._scenarios.values()
        ]
        return web.json_response({"scenarios": scenarios, "aws": self._groups is not None})

    async def _play(self, request: web.Request) -> web.StreamResponse:
        scenario = self._scenarios.get(request.match_info["name"])
        if scenario is None:
            raise web.HTTPNotFound
        if scenario.name in self._playing:
            return web.json_response({"ok": False, "error": "already playing"}, status=409)
        task = asyncio.create_task(self._run(scenario))
        self._playing[scenario.name] = task
        task.add_done_callback(lambda _: self._playing.pop(scenario.name, None))
        return web.json_response({"ok": True}, status=202)

    async def _run(self, scenario: Scenario) -> None:
        self._tell(scenario, "playing", "")
        try:
            said = await aside(scenario.play)
        except Exception as error:  # noqa: BLE001 — a scenario may fail in any way; the viewer is told
            self._tell(scenario, "failed", f"{type(error).__name__}: {error}")
        else:
            self._tell(scenario, "played", said or "")

    def _tell(self, scenario: Scenario, state: str, detail: str) -> None:
        told = {"name": scenario.name, "title": scenario.title, "state": state, "detail": detail}
        self._live.broadcast({"type": "scenario", **told})

    async def _aws(self, _: web.Request) -> web.StreamResponse:
        if self._groups is None:
            raise web.HTTPNotFound
        try:
            return web.json_response({"groups": await aside(self._groups)})
        except Exception as error:  # noqa: BLE001 — AWS may be away; the panel says so
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=502)
