"""The Slack stand-in: Web API, Socket Mode and the page, in a thread of its own on loopback."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from sandbox.slack.act import Shortcut
from sandbox.slack.acting import Acts
from sandbox.slack.calls import ApiCall
from sandbox.slack.events import SUBSCRIBED, Events
from sandbox.slack.faults import Fault
from sandbox.slack.files import LARGEST
from sandbox.slack.guard import guard
from sandbox.slack.live import Live
from sandbox.slack.methods.table import SCOPES
from sandbox.slack.panels import AwsGroups, Panels, Scenario
from sandbox.slack.person_api import PersonApi
from sandbox.slack.posting import Posting
from sandbox.slack.rates import Limits
from sandbox.slack.sockets import Sockets
from sandbox.slack.team import Team
from sandbox.slack.timing import Clock, Timing
from sandbox.slack.web_api import Tokens, WebApi

PAGE = Path(__file__).parent / "page"
START_LIMIT = 10.0
Result = TypeVar("Result")


class SlackServer:
    """A context manager; between its ends, slack-bolt and slack_sdk work against ``api_url``."""

    def __init__(
        self,
        port: int = 0,
        *,
        scopes: frozenset[str] = SCOPES,
        events: frozenset[str] = SUBSCRIBED,
        commands: tuple[str, ...] = ("/sgwatch",),
        shortcuts: tuple[Shortcut, ...] = (),
        scenarios: Sequence[Scenario] = (),
        aws_groups: AwsGroups | None = None,
        clock: Clock = time.time,
        timing: Timing | None = None,
        limits: bool = True,
    ) -> None:
        self._port = port
        self._team = Team(clock, timing or Timing())
        self._tokens, self._limits = Tokens(scopes=scopes), Limits(enabled=limits)
        self._sockets = Sockets(self._team)
        self._api = WebApi(self._team, self._tokens, self._limits, self._sockets.open_connection)
        self._live = Live(self._team)
        self._events = Events(self._team, self._sockets, events)
        self._panels = Panels(self._live, scenarios, aws_groups)
        acts = Acts(self._team, self._sockets, commands)
        self._persons = PersonApi(self._team, acts, self._live, shortcuts)
        self._team.listeners += [self._events.hear, self._live.hear]
        self._listening: socket.socket
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="sandbox-slack")

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._team.url

    @property
    def api_url(self) -> str:
        """What slack_sdk's ``base_url`` is to be."""
        return f"{self._team.url}/api/"

    @property
    def bot_token(self) -> str:
        """The token for the Web API."""
        return self._tokens.bot

    @property
    def app_token(self) -> str:
        """The token for Socket Mode."""
        return self._tokens.app

    @property
    def signing_secret(self) -> str:
        """What requests over HTTP are signed with."""
        return self._tokens.signing

    @property
    def calls(self) -> list[ApiCall]:
        """Every call of the Web API so far."""
        return self._api.calls.all()

    def calls_of(self, method: str) -> list[ApiCall]:
        """Return the calls of one method so far."""
        return self._api.calls.of(method)

    def order_fault(self, method: str, fault: Fault, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self.do(lambda _: self._api.faults.order(method, fault, times))

    def fault_waits(self, method: str) -> bool:
        """Whether an ordered fault has not happened yet."""
        return self.do(lambda _: self._api.faults.waits(method))

    def limit_rates(self, *, enabled: bool) -> None:
        """Switch Slack's rate limits."""
        self._limits.enabled = enabled

    def allow(self, scopes: frozenset[str]) -> None:
        """Change what the bot's token may do."""
        self._tokens.scopes = scopes

    def do(self, work: Callable[[Team], Result]) -> Result:
        """Read or change the workspace, in the server's own thread."""

        async def run() -> Result:
            return work(self._team)

        return self._await(run())

    def post_to(self, url: str) -> Posting:
        """Deliver over HTTP from now on, to that address; return what signs the requests."""
        posting = Posting(url, self.signing_secret, self._team.clock)
        self._sockets.posting = posting
        return posting

    def connections(self) -> int:
        """Return how many sockets of the app are open."""
        return self.do(lambda _: len(self._sockets.open))

    def wait_connections(self, least: int, seconds: float = START_LIMIT) -> None:
        """Return once so many sockets of the app are open."""
        deadline = time.monotonic() + seconds
        while self.connections() < least:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.connections()} of {least} sockets are open")
            time.sleep(0.01)

    def envelopes(self) -> list[list[str]]:
        """Return, for each open socket, the ids of the envelopes that it was sent."""
        return self.do(lambda _: [list(one.received) for one in self._sockets.open])

    def repeat_envelopes(self, copies: int) -> None:
        """Deliver each envelope so many times, over one connection after the other."""
        self._sockets.copies = copies

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to reconnect, as Slack does every few hours."""
        self._await(self._sockets.say_goodbye(reason))

    def break_connections(self) -> int:
        """Break every socket without a word."""
        return self.do(lambda _: self._sockets.break_off())

    def drop_pages(self) -> None:
        """Break the connection of every open page."""
        self._await(self._live.close())

    def start(self) -> Self:
        """Start, and return once it answers. Raises OSError if the port is taken."""
        self._listening = socket.create_server(("127.0.0.1", self._port))
        self._team.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread.start()
        if not self._ready.wait(START_LIMIT) or self._loop is None:
            raise RuntimeError("the Slack stand-in did not start")
        return self

    def stop(self) -> None:
        """Stop, leaving nothing behind."""
        if self._loop is not None and self._stopping is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(START_LIMIT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _await(self, work: Awaitable[Result]) -> Result:
        if self._loop is None:
            raise RuntimeError("the Slack stand-in is not running")

        async def run() -> Result:
            return await work

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(START_LIMIT)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.SockSite(runner, self._listening).start()
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._stopping.wait()
        await self._events.close()
        await self._panels.close()
        await self._live.close()
        await self._sockets.close()
        await runner.cleanup()
        self._listening.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[guard], client_max_size=LARGEST)
        app.add_routes(
            [
                web.get("/", _index),
                web.get("/archives/{channel}/{message}", _index),
                web.static("/page", PAGE),
                web.post("/api/{method}", self._api.handle),
                web.get("/api/{method}", self._api.handle),
                web.post("/upload/{file}", self._api.receive),
                web.get("/files/{file}", self._api.hand_out),
                web.post("/actions/{key}", self._api.respond),
                web.get("/link", self._sockets.handle),
                web.get("/live", self._live.handle),
                *self._persons.routes(),
                *self._panels.routes(),
            ]
        )
        return app


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})
