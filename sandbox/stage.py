"""The stage: AWS, Redis and Slack on loopback, and sgwatch as a process of its own among them."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.detections.loader import load, packaged
from bot.detections.pattern import event_pattern
from sandbox.aws.server import AwsServer
from sandbox.aws.world import World, build_world
from sandbox.groups import groups_of
from sandbox.pagers import PagerServer
from sandbox.places import CITIES, OWNERS, write_mmdb
from sandbox.redis import RedisServer
from sandbox.scenarios import SCENARIOS
from sandbox.scenarios import Scenario as Script
from sandbox.slack.panels import Scenario
from sandbox.slack.people import ALERTS
from sandbox.slack.server import SlackServer
from sandbox.slack.workspace import Workspace

POLICY = Path(__file__).with_name("policy.toml")
ACCOUNTS = Path(__file__).with_name("accounts.toml")
CONNECTIONS = 2
"""sgwatch takes clicks once it has both its connections to Slack."""

# As docs/slack.md has people make the app: what it does not list, the app has to do without.
SCOPES = frozenset(
    {
        "channels:history",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "im:history",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)
EVENTS = frozenset({"app_home_opened"})

STOPPING = 15.0


class Stage:
    """A context manager; between its ends the stand-ins run. ``bot`` runs sgwatch among them.

    ``detections`` are rule files and folders besides the rules that come with sgwatch.
    """

    def __init__(
        self, port: int = 0, *, visibility_seconds: int = 30, detections: Sequence[Path] = ()
    ) -> None:
        self._port, self._visibility = port, visibility_seconds
        self._detections = tuple(detections)
        self._stack = ExitStack()
        self.redis = RedisServer(aof=True)
        self.aws = AwsServer()
        self.pagers = PagerServer()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.redis)
            stack.enter_context(self.aws)
            stack.enter_context(self.pagers)
            self.pattern = event_pattern((packaged() + load(self._detections)).detections)
            self.world: World = build_world(
                self.aws.url, pattern=self.pattern, visibility_seconds=self._visibility
            )
            self.slack = stack.enter_context(
                SlackServer(
                    self._port,
                    scopes=SCOPES,
                    events=EVENTS,
                    scenarios=_scenarios(self.world),
                    aws_groups=lambda: groups_of(self.world),
                )
            )
            self.workspace = Workspace(self.slack.url)
            self._logs = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            self._cities = write_mmdb(self._logs / "cities.mmdb", CITIES)
            self._owners = write_mmdb(self._logs / "owners.mmdb", OWNERS)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment that sgwatch runs in; ``settings`` as SGWATCH_… by their names."""
        world = self.world
        given = {
            "redis_url": self.redis.url,
            "queue_url": world.queues.url,
            "dead_letter_queue_url": world.queues.dead_letter_url,
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "slack_api_url": self.slack.api_url,
            "channel": ALERTS.id,
            "policy": str(POLICY),
            "accounts": str(ACCOUNTS),
            "containment": "on",
            "read_role": "arn:aws:iam::{account}:role/sgwatch-read",
            "contain_role": "arn:aws:iam::{account}:role/sgwatch-contain",
            "aws_endpoint_url": self.aws.url,
            "regions": world.region,
            "geoip_city": str(self._cities),
            "geoip_asn": str(self._owners),
            "metrics_address": "127.0.0.1:0",
            "detections": ",".join(map(str, self._detections)),
            **self.pagers.settings(),
        } | settings
        ours = {f"SGWATCH_{name.upper()}": value for name, value in given.items()}
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SGWATCH_", "AWS_")) and not name.lower().endswith("_proxy")
        }
        return kept | world.environment() | ours

    def settings_file(self, **settings: str) -> Path:
        """Write ``environment`` as a file that a shell takes in, with the command on its path."""
        ours = {
            name: value
            for name, value in self.environment(**settings).items()
            if name.startswith(("SGWATCH_", "AWS_"))
        }
        lines = [f"export {name}={shlex.quote(value)}" for name, value in ours.items()]
        lines.append(f'export PATH={shlex.quote(str(Path(sys.executable).parent))}:"$PATH"')
        file = self._logs / "settings.sh"
        file.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return file

    @contextmanager
    def bot(self, command: Sequence[str] = ("run",), **settings: str) -> Iterator["Bot"]:
        """Run sgwatch; with ``run`` or ``listener`` it takes clicks when this begins."""
        with Bot(self, command, self.environment(**settings), self._logs / "sgwatch.log") as bot:
            yield bot


class Bot:
    """One sgwatch process. ``kill`` and ``start`` are what a crash and a supervisor do."""

    def __init__(
        self, stage: Stage, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> None:
        self._stage, self._environment, self._log = stage, environment, log
        self._command = [str(Path(sys.executable).with_name("sgwatch")), *command]
        self._listens = bool({"run", "listener"} & set(command))
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> str:
        """Return what sgwatch has logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def running(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Return the process's id, 0 before it is started."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> None:
        """Start, and wait until it takes clicks. Raises RuntimeError with its log if it ends."""
        self._output = self._log.open("ab")
        self._process = subprocess.Popen(
            self._command, env=dict(self._environment), stdout=self._output, stderr=self._output
        )
        if not self._listens:
            return
        try:
            self._stage.slack.wait_connections(CONNECTIONS, seconds=30)
        except TimeoutError:
            log = self.log
            self.kill()
            raise RuntimeError(f"sgwatch did not come up:\n{log}") from None

    def stop(self) -> int:
        """Ask it to stop and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(how)
        try:
            code = process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if self._output is not None:
            self._output.close()
        return code


def _scenarios(world: World) -> list[Scenario]:
    return [
        Scenario(s.name, s.title, s.description, partial(_played, s, world))
        for s in SCENARIOS.values()
    ]


def _played(scenario: Script, world: World) -> str:
    played = scenario.play(world)
    return f"rules: {len(played.rules)}, groups: {len(played.groups)}"
