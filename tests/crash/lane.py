"""A lane: the stage, a tap before each stand-in, and sgwatch running behind the taps."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError

from bot.store.link import Link, StoreError
from bot.store.store import Store, connect, open_store
from sandbox.framing import HttpFraming, RedisFraming
from sandbox.slack.person import NotAnsweredError
from sandbox.slack.visiting import NotPossibleError, NotSeenError
from sandbox.stage import CONNECTIONS, Stage
from sandbox.tap import Tap
from tests.crash.process import Process, Zygote

PREFIX = "{sgwatch}"
PATIENCE = 90.0
"""Seconds for anything: generous, because nothing here is about speed."""

NOT_NOW = (
    NotAnsweredError,
    NotSeenError,
    NotPossibleError,
    LookupError,
    TimeoutError,
    OSError,
    RedisError,
    StoreError,
)
"""What a person may meet while sgwatch is down: they try again."""


class Crash(AssertionError):  # noqa: N818 (a failure of the test)
    """Something did not come to be; the text has the log."""


@dataclass
class Lane:
    """One installation in a world of its own."""

    stage: Stage
    taps: dict[str, Tap]
    zygote: Zygote
    log: Path
    arguments: Sequence[str] = ("run",)
    process: Process | None = None
    started: int = 0
    settings: dict[str, str] = field(default_factory=dict)

    @cached_property
    def redis(self) -> "Redis":
        """Return a connection that no tap is before."""
        return connect(self.stage.redis.url)

    @cached_property
    def store(self) -> Store:
        """Return the store, past the taps."""
        return open_store(Link(self.redis, PREFIX))

    def environment(self, **settings: str) -> dict[str, str]:
        """Return sgwatch's environment, in which every stand-in is behind its tap."""
        behind = {
            "redis_url": f"redis://{self.taps['redis'].address}/0",
            "aws_endpoint_url": f"http://{self.taps['aws'].address}",
            "slack_api_url": f"http://{self.taps['slack'].address}/api/",
        }
        aws = {"AWS_ENDPOINT_URL": behind["aws_endpoint_url"]}
        return self.stage.environment(**behind, **self.settings, **settings) | aws

    def keep_running(self) -> None:
        """Start sgwatch if it does not run, as a supervisor does."""
        if self.process is not None and self.process.runs:
            return
        if self.process is not None:
            self.pass_leases()
        self.started += 1
        self.process = self.zygote.fork(self.arguments, self.environment(), self.log)

    def wait_ready(self) -> None:
        """Return once sgwatch takes clicks."""
        self.until(lambda: self.stage.slack.connections() >= CONNECTIONS, "it takes clicks")

    def kill(self) -> None:
        """Kill sgwatch."""
        if self.process is not None:
            self.process.kill()

    def end(self) -> None:
        """Kill sgwatch and see it gone."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            while process.runs:
                time.sleep(0.005)

    def pass_leases(self) -> None:
        """Let the leases of the dead run out now: the same as waiting for 30 seconds."""
        leases = f"{PREFIX}:leases"
        try:
            for subject in self.redis.zrange(leases, 0, -1):
                self.redis.zadd(leases, {str(subject): 0}, xx=True)
        except RedisError:
            return

    def until(
        self,
        is_so: Callable[[], bool],
        what: str,
        *,
        trying: Callable[[], object] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """Return once it is so; sgwatch is kept running, and the person tries again and again."""
        deadline = time.monotonic() + patience
        try_at = 0.0
        while not self._is(is_so):
            if time.monotonic() > deadline:
                raise Crash(f"not so after {patience:.0f} s: {what}\n{self.tail}")
            self.keep_running()
            if trying is not None and time.monotonic() >= try_at:
                self._is(lambda: trying() is None)
                try_at = time.monotonic() + 1.0
            time.sleep(0.03)

    @staticmethod
    def _is(is_so: Callable[[], bool]) -> bool:
        try:
            return is_so()
        except NOT_NOW:
            return False

    @property
    def tail(self) -> str:
        """Return what Redis holds of the work to be done, and the end of sgwatch's log."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return f"{self._state()}\nits log ends so:\n{text[-4000:]}"

    def _state(self) -> str:
        try:
            lists = {
                name: self.redis.zrange(f"{PREFIX}:{name}", 0, -1, withscores=True)
                for name in ("attention", "leases")
            }
            kinds = {
                alert: [entry.kind for entry in self.store.timelines.entries(alert, 0)]
                for alert in self.alerts
            }
            now = self.store.attention.now()
        except (RedisError, StoreError) as error:
            return f"Redis: {error}"
        return f"in Redis, {now:%T}: {lists}\n{kinds}"

    @property
    def alerts(self) -> list[str]:
        """Return the ids of all alerts."""
        keys = self.redis.keys(f"{PREFIX}:alert:*:timeline")
        return sorted(str(key).split(":")[2] for key in keys)

    def clear(self) -> None:
        """Forget all that the bot remembers, and all that waits for it."""
        self.end()
        for tap in self.taps.values():
            tap.reset()
        for url in (self.stage.world.queues.url, self.stage.world.queues.dead_letter_url):
            self._drain(url)
        self.redis.flushall()
        self.redis.script_flush()
        self.log.write_text("", encoding="utf-8")
        self.started = 0

    def waiting(self, url: str) -> int:
        """Return how many messages wait in a queue or are in somebody's hands."""
        sqs = self.stage.world.as_root().sqs
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        return sum(int(n) for name, n in found.items() if name.startswith("ApproximateNumber"))

    def _drain(self, url: str) -> None:
        """Take every message, also those that come back from the hands of the dead."""
        sqs = self.stage.world.as_root().sqs
        while self.waiting(url):
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in found.get("Messages", ()):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


@contextmanager
def a_lane(
    arguments: Sequence[str] = ("run",), visibility_seconds: int = 3, **settings: str
) -> Iterator[Lane]:
    """Build a lane; at its end nothing of it runs."""
    with ExitStack() as stack:
        stage = stack.enter_context(Stage(visibility_seconds=visibility_seconds))
        stage.slack.limit_rates(enabled=False)
        names = _script_names(Link(connect(stage.redis.url), PREFIX))
        taps = {
            "aws": Tap(urlsplit(stage.aws.url).netloc, HttpFraming),
            "slack": Tap(urlsplit(stage.slack.url).netloc, HttpFraming),
            "redis": Tap(urlsplit(stage.redis.url).netloc, lambda: RedisFraming(names)),
        }
        for tap in taps.values():
            stack.enter_context(tap)
        zygote = stack.enter_context(Zygote())
        # Where the sockets are is part of Slack's answer, so the stand-in is told to be elsewhere.
        stage.slack.do(lambda team: setattr(team, "url", f"http://{taps['slack'].address}"))
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        lane = Lane(stage, taps, zygote, place / "sgwatch.log", arguments, settings=settings)
        stack.callback(lane.end)
        yield lane


def _script_names(link: Link) -> dict[str, str]:
    return {script.sha: name for name, script in link._scripts.items()}
