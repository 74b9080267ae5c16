"""A world for storms: a real Redis under a clock of its own, a worker, and a Slack that counts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from redis import Redis

from bot.alerts.grouping import group_key, joined, opened_window
from bot.alerts.policy import AlertPolicy
from bot.alerts.sighting import Sighting
from bot.alerts.storm import Storm
from bot.changes.severity import Severity
from bot.investigation.run import Investigator
from bot.slack.messages import Mark, SlackError
from bot.slack.presenter import Face, Presenter
from bot.slack.views.message import Shown, alert_message
from bot.slack.views.thread import thread_line
from bot.store.events import Placing
from bot.store.link import Link
from bot.store.moment import to_ms
from bot.store.store import Store, open_store
from bot.worker import Worker
from sandbox.slack.blocks.checking import check_message
from tests.builders import NOON, a_change, a_principal, a_rule, a_sighting, raised, seen
from tests.conftest import FOR_EVER
from tests.simulation.edges import FakeAws
from tests.store.events import an_outcome

CHANNEL = "C0ALERTS"
POLICY = AlertPolicy(channel=CHANNEL)
CLOCK = "local function now_ms() return tonumber(redis.call('GET', '%s:clock')) end\n"


class KilledError(BaseException):
    """The worker's process is gone: nothing may catch this."""


@dataclass
class Sent:
    """A message as it stands."""

    mark: Mark
    text: str
    blocks: list[Mapping[str, Any]]
    at: datetime


@dataclass
class Slack:
    """One channel, which checks what it gets and counts the calls.

    ``fails`` are raised by the next calls, ``lost`` after the next one was done.
    """

    clock: Callable[[], datetime]
    sent: dict[str, Sent] = field(default_factory=dict)
    edits: list[str] = field(default_factory=list)
    fails: list[BaseException] = field(default_factory=list)
    lost: BaseException | None = None

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        self._before(text, blocks)
        ts = f"{len(self.sent) + 1}.0"
        self.sent[ts] = Sent(mark, text, list(blocks), self.clock())
        self._after()
        return ts

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        self._before(text, blocks)
        self.sent[ts] = replace(self.sent[ts], text=text, blocks=list(blocks))
        self.edits.append(ts)
        self._after()

    def reply(
        self,
        channel: str,
        ts: str,
        text: str,
        mark: Mark,
        *,
        broadcast: bool,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        return "reply"

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        return next((ts for ts, sent in self.sent.items() if sent.mark == mark), None)

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        return None

    def _before(self, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        if self.fails:
            raise self.fails.pop(0)
        check_message([dict(block) for block in blocks], text)

    def _after(self) -> None:
        if self.lost is not None:
            lost, self.lost = self.lost, None
            raise lost

    @property
    def notices(self) -> list[Sent]:
        """The storms' notices, oldest first."""
        return [sent for sent in self.sent.values() if sent.mark.alert.startswith("ST-")]

    @property
    def alerts(self) -> list[str]:
        """The alerts that have a message of their own, in the order that they were posted."""
        return [sent.mark.alert for sent in self.sent.values() if sent not in self.notices]


@dataclass
class World:
    """Changes come in by ``change``; ``run`` lets the worker work for so many seconds."""

    client: Redis
    prefix: str
    link: Link
    store: Store
    now: datetime = NOON
    numbers: int = 0

    def __post_init__(self) -> None:
        self.slack = Slack(lambda: self.now)
        self.pass_by(0)
        self.restart()

    def restart(self) -> None:
        """Begin with a worker of a process that remembers nothing."""
        face = Face(lambda alert: alert_message(alert, Shown()), thread_line)
        presenter = Presenter(self.store, self.slack, face, POLICY.storm)
        hands: Any = FakeAws
        nobody: Any = None
        self.worker = Worker(self.store, presenter, hands, Investigator({}), nobody, POLICY)

    def pass_by(self, seconds: float) -> None:
        """Let time pass with nobody at work."""
        self.now += timedelta(seconds=seconds)
        self.client.set(f"{self.prefix}:clock", to_ms(self.now))

    def change(self, who: str, severity: Severity = Severity.LOW) -> str:
        """Record a change by somebody, in their alert or a new one; return the alert's id."""
        self.pass_by(0.001)
        self.numbers += 1
        number = self.numbers
        rule = a_rule(443, f"10.{number // 250}.{number % 250}.0/24", rule_id=f"sgr-{number}")
        change = a_change(f"event-{number}", self.now, added=(rule,))
        sighting = a_sighting(change, severity, None, a_principal(who))
        return self.record(sighting)

    def record(self, sighting: Sighting) -> str:
        group = group_key(sighting)
        window = self.store.events.window(group)
        grown = joined(window, sighting, POLICY) if window else None
        based_on, entries = window.alert if window else "", [seen(sighting, self.now)]
        if grown is None:
            grown = opened_window(sighting)
            entries.insert(0, replace(raised(grown.alert), at=self.now))  # type: ignore[arg-type]
        placing = Placing(grown.alert, tuple(entries), based_on, group, grown)
        outcome = replace(an_outcome(sighting.change.event_id), sighting=sighting)
        self.store.events.write(outcome, placing)
        return grown.alert

    def work(self) -> None:
        """Do what is due now."""
        while self.worker.attend():
            pass

    def run(self, seconds: int) -> None:
        """Let a worker work, a second at a time."""
        for _ in range(seconds):
            self.work()
            self.pass_by(1)
        self.work()

    def storm(self) -> Storm:
        raging = self.store.storms.raging(CHANNEL)
        assert raging is not None
        return raging

    def listed(self, storm_id: str) -> list[str]:
        return self.store.storms.listed(storm_id, 0, 10_000)


@contextmanager
def world(client: Redis, prefix: str) -> Iterator[World]:
    link = Link(client, prefix, clock=CLOCK % prefix)
    yield World(client, prefix, link, open_store(link, horizon=FOR_EVER))


DOWN = SlackError("internal_error", retry=True)
