"""The sandbox's AWS and Redis, with a clock of ours: what is lost, and what finds it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bot.alerts.judge import Judge
from bot.alerts.policy import AlertPolicy
from bot.aws.history import EventHistory, Page
from bot.aws.logfiles import LogFiles
from bot.aws.queue import EventQueue
from bot.aws.sessions import Roles, Sessions
from bot.backfill import Reader, Tally
from bot.cloudtrail.history import Stretch, whole
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.detections.pattern import Wanted, event_pattern, wanted
from bot.detections.rule import Detection
from bot.poller import Poller
from bot.recorder import Recorder
from bot.store.budgets import Budgets
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from sandbox.aws.server import AwsServer
from sandbox.aws.world import PROD, REGION, World, build_world
from tests.builders import a_rule
from tests.simulation.edges import CLOCK, Clock
from tests.simulation.records import CONTAIN_ROLE, authorize_record

READ_ROLE = "arn:aws:iam::{account}:role/sgwatch-read"
_numbers = count()


class TimedBudgets(Budgets):
    """Budgets by the clock of the test."""

    def __init__(self, link: Link, clock: Clock) -> None:
        super().__init__(link)
        self._clock = clock
        self._until: dict[str, datetime] = {}

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        assert most == 1
        until = self._until.get(name, self._clock.now)
        if until > self._clock.now:
            return until - self._clock.now
        self._until[name] = self._clock.now + period
        return None


@dataclass
class Asked:
    """The real event history, and when which place of it was asked."""

    history: EventHistory
    clock: Clock
    times: list[tuple[str, datetime]] = field(default_factory=list)

    def page(self, stretch: Stretch) -> Page:
        self.times.append((stretch.place, self.clock.now))
        return self.history.page(stretch)


@dataclass
class Gaps:
    """An AWS that loses events, and what reads them."""

    server: AwsServer
    world: World
    store: Store
    clock: Clock
    link: Link
    asked: Asked
    sqs: Any
    detections: tuple[Detection, ...] = packaged().detections

    @property
    def recorder(self) -> Recorder:
        judge = Judge(Matcher(self.detections))
        return Recorder(self.store, lambda: judge, AlertPolicy(channel="C0ALERTS"), CONTAIN_ROLE)

    @property
    def wants(self) -> Wanted:
        return wanted(self.detections)

    @property
    def queue(self) -> EventQueue:
        queues = self.world.queues
        return EventQueue(self.sqs, queues.url, queues.dead_letter_url, wait=0)

    def poll(self) -> None:
        """Read the queue until nothing is left."""
        files = LogFiles(self.asked.history.sessions)
        poller = Poller(self.queue, files, self.store, self.recorder)
        while poller.poll():
            pass

    def reader(self, via: str = "backfill", *, teaching: bool = False) -> Reader:
        return Reader(self.asked, self.store, self.recorder, lambda: self.wants, via, teaching)

    def stretch(self, hours: float = 1, region: str = REGION) -> Stretch:
        now = self.clock.now
        return whole(PROD, region, now - timedelta(hours=hours), now, self.wants.actions)

    def pause(self, span: timedelta) -> bool:
        self.clock.advance(span)
        return False

    def read(self, stretch: Stretch | None = None, **reader: Any) -> Tally:
        tally = Tally()
        kept: list[Stretch] = []
        self.reader(**reader).read(stretch or self.stretch(), tally, kept.append, self.pause)
        return tally

    def open_port(self, port: int) -> str:
        """Have Alice open a port to the world, and return the id of the event."""
        self.world.as_alice().ec2.authorize_security_group_ingress(
            GroupId=self.world.prod.db,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                }
            ],
        )
        return str(self.server.trail.records[-1]["eventID"])

    def history(self, events: int, who: str = "dora", **fields: Any) -> list[str]:
        """Put events into CloudTrail's history alone, a second apart, the last a minute ago."""
        ids = [f"h-{next(_numbers)}" for _ in range(events)]
        last = self.clock.now - timedelta(minutes=1)
        for number, event_id in enumerate(ids):
            at = last - timedelta(seconds=events - number)
            self.server.trail.write(authorize_record(event_id, who, "sg-1", a_rule(), at) | fields)
        return ids


@pytest.fixture(scope="package")
def server() -> Iterator[AwsServer]:
    with AwsServer() as server:
        yield server


@pytest.fixture(scope="package")
def world(server: AwsServer) -> World:
    return build_world(server.url, pattern=event_pattern(packaged().detections))


@pytest.fixture(scope="package")
def sessions(server: AwsServer, world: World) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_PROFILE", raising=False)
        for name, value in world.environment().items():
            patch.setenv(name, value)
        found = Sessions(REGION, Roles(READ_ROLE), endpoint_url=server.url)
        found.own_account()
        yield found


@pytest.fixture(scope="package")
def sqs(sessions: Sessions) -> Any:
    return sessions.queues()


@pytest.fixture
def gaps(server: AwsServer, world: World, sessions: Sessions, sqs: Any, redis_url: str) -> Gaps:
    """Return a world in which all that happened so far is known."""
    client, prefix = connect(redis_url), f"{{gaps-{next(_numbers)}}}"
    clock = Clock(client, prefix, datetime.now(UTC))
    clock.advance(timedelta(seconds=1))
    link = Link(client, prefix, clock=CLOCK % prefix)
    store = replace(open_store(link), budgets=TimedBudgets(link, clock))
    asked = Asked(EventHistory(sessions), clock)
    server.trail.forget()
    for url in (world.queues.url, world.queues.dead_letter_url):
        queue = EventQueue(sqs, url, world.queues.dead_letter_url, wait=0)
        while messages := queue.receive():
            queue.delete(messages)
    return Gaps(server, world, store, clock, link, asked, sqs)
