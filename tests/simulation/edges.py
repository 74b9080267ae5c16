"""Fake edges: a queue, an AWS and a Slack that fail, repeat and lose answers, as the seed says.

Redis is real: only its time is ours, and every command is a place to pause or be killed.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis

from bot.alerts.alert import Alert
from bot.aws.errors import AwsError
from bot.aws.executor import Answered
from bot.aws.queue import QueuedMessage
from bot.changes.rules import GroupRule
from bot.cloudtrail.envelope import LogFile
from bot.containment.action import Intent
from bot.containment.effects.rules import Operation
from bot.containment.plan import Call, Plan
from bot.containment.states import GroupState, Look
from bot.slack.messages import Mark, SlackError
from bot.store.link import Link
from tests.builders import rules_of
from tests.simulation.records import own_record
from tests.simulation.scheduler import Scheduler

CLOCK = """
local function now_ms() return tonumber(redis.call('GET', '%s:clock')) end
"""


class PausingLink(Link):
    """The real Redis under the simulation's time, with a pause around every command."""

    def __init__(self, client: Redis, prefix: str, scheduler: Scheduler) -> None:
        super().__init__(client, prefix, clock=CLOCK % prefix)
        self._scheduler = scheduler

    def run(self, name: str, keys: list[str], args: list[str | int]) -> Any:
        self._scheduler.pause()
        reply = super().run(name, keys, args)
        self._scheduler.pause()
        return reply

    def call(self, *command: str | int) -> Any:
        self._scheduler.pause()
        if command[0] == "BLPOP":
            return None
        return super().call(*command)


@dataclass
class Clock:
    """The simulation's time, kept where the scripts read it."""

    client: Redis
    prefix: str
    now: datetime = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def advance(self, span: timedelta) -> None:
        self.now += span
        self.client.set(f"{self.prefix}:clock", int(self.now.timestamp() * 1000))


@dataclass
class _Held:
    body: str
    visible_at: datetime
    receives: int = 0


@dataclass
class FakeQueue:
    """SQS: any order, more than once, back after 30 s if not deleted."""

    scheduler: Scheduler
    clock: Clock
    held: dict[str, _Held] = field(default_factory=dict)
    dead: list[str] = field(default_factory=list)
    visibility: int = 30
    _sent: int = 0

    def send(self, body: str) -> None:
        self._sent += 1
        self.held[f"m-{self._sent}"] = _Held(body, self.clock.now)

    def receive(self) -> Sequence[QueuedMessage]:
        self.scheduler.pause()
        visible = [name for name, h in self.held.items() if h.visible_at <= self.clock.now]
        chosen = self.scheduler.rng.sample(visible, min(3, len(visible)))
        messages = []
        for name in chosen:
            held = self.held[name]
            held.receives += 1
            if self.scheduler.rng.random() > 0.1 or not self.scheduler.kill_chance:
                held.visible_at = self.clock.now + timedelta(seconds=30)
            messages.append(
                QueuedMessage(
                    id=name,
                    receipt=name,
                    body=held.body,
                    receive_count=held.receives,
                    sent_at=self.clock.now,
                )
            )
        self.scheduler.pause()
        return messages

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        self.scheduler.pause()
        for message in messages:
            self.held.pop(message.id, None)

    def keep(self, messages: Sequence[QueuedMessage], seconds: int) -> None:
        self.scheduler.pause()
        for message in messages:
            if held := self.held.get(message.id):
                held.visible_at = self.clock.now + timedelta(seconds=seconds)

    def bury(self, message: QueuedMessage, reason: str) -> None:
        self.scheduler.pause()
        self.dead.append(f"{reason}: {message.body[:200]}")
        self.held.pop(message.id, None)


class NoFiles:
    """No log files: the simulation's events come through EventBridge."""

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        raise AwsError(f"there is no {file.key}", retry=False)


@dataclass
class FakeAws:
    """One account's groups. A call's record goes to the queue before the caller hears of it."""

    scheduler: Scheduler
    queue: FakeQueue
    groups: dict[str, set[GroupRule]] = field(default_factory=dict)
    effects: list[tuple[str, Call]] = field(default_factory=list)
    fail_chance: float = 0.0

    def read(self, look: Look) -> GroupState:
        self.scheduler.pause()
        self._perhaps_fail("throttled")
        rules = self.groups.get(look.id)
        return GroupState(
            look.account, look.region, look.id, None if rules is None else tuple(rules)
        )

    def group_names(self, account: str, region: str, ids: Sequence[str]) -> dict[str, str]:
        self.scheduler.pause()
        self._perhaps_fail("throttled")
        return {group_id: f"name-of-{group_id}" for group_id in ids}

    def isolate(self, alert: Alert, intent: Intent) -> Plan:
        raise AssertionError(f"nobody asks for {intent.action} of {alert.id} here")

    def execute(self, call: Call, containment: str) -> Answered:
        self.scheduler.pause()
        self._perhaps_fail("throttled")
        rules = self.groups[call.about]
        if call.operation in {Operation.REVOKE_INGRESS, Operation.REVOKE_EGRESS}:
            ids = {rule.rule_id for rule in rules_of(call)}
            if not ids <= {rule.rule_id for rule in rules}:
                raise AwsError("the rule is not there", code="NotFound", retry=False)
            rules -= {rule for rule in rules if rule.rule_id in ids}
        else:
            if set(rules_of(call)) & rules:
                raise AwsError("the rule is there already", code="Duplicate", retry=False)
            rules |= set(rules_of(call))
        self.effects.append((containment, call))
        request_id = f"own-request-{len(self.effects)}"
        self.queue.send(own_record(call, containment, request_id, self.queue.clock.now))
        self.scheduler.pause()
        self._perhaps_fail("timed out after AWS did it")
        return Answered(request_id)

    def _perhaps_fail(self, why: str) -> None:
        if self.scheduler.rng.random() < self.fail_chance:
            raise AwsError(why, code="Throttling", retry=True)


@dataclass
class Posted:
    """A message or a reply as the fake Slack holds it."""

    ts: str
    text: str
    mark: Mark
    at: datetime


@dataclass
class FakeSlack:
    """One channel, and direct messages. Answers 429 and 500, the latter also after accepting."""

    scheduler: Scheduler
    clock: Clock
    messages: list[Posted] = field(default_factory=list)
    directs: list[Posted] = field(default_factory=list)
    replies: dict[str, list[Posted]] = field(default_factory=dict)
    sent_at: list[datetime] = field(default_factory=list)
    fail_chance: float = 0.0
    _count: int = 0

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        self._before()
        posted = self._new(text, mark)
        self._in(channel).append(posted)
        self._after()
        return posted.ts

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        self._before()
        next(m for m in self._in(channel) if m.ts == ts).text = text
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
        self._before()
        posted = self._new(text, mark)
        self.replies.setdefault(ts, []).append(posted)
        self._after()
        return posted.ts

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        self.scheduler.pause()
        earliest = since - timedelta(minutes=2)
        held = self._in(channel)
        return next((m.ts for m in held if m.mark == mark and m.at >= earliest), None)

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        self.scheduler.pause()
        return next((m.ts for m in self.replies.get(ts, []) if m.mark == mark), None)

    def direct(self, user: str) -> str:
        self._before()
        return f"D{user}"

    def _in(self, channel: str) -> list[Posted]:
        return self.directs if channel.startswith("D") else self.messages

    def _new(self, text: str, mark: Mark) -> Posted:
        self._count += 1
        self.sent_at.append(self.clock.now)
        return Posted(f"{self._count}.0", text, mark, self.clock.now)

    def _before(self) -> None:
        self.scheduler.pause()
        if self.scheduler.rng.random() < self.fail_chance:
            raise SlackError("ratelimited", retry=True, wait=timedelta(seconds=5))

    def _after(self) -> None:
        self.scheduler.pause()
        if self.scheduler.rng.random() < self.fail_chance:
            raise SlackError("internal_error", retry=True)


def eventbridge(record: dict[str, Any]) -> str:
    """Return the SQS body of a record that came through EventBridge."""
    return json.dumps(
        {
            "version": "0",
            "id": record["eventID"],
            "detail-type": "AWS API Call via CloudTrail",
            "source": "aws.ec2",
            "account": record["recipientAccountId"],
            "time": record["eventTime"],
            "region": record["awsRegion"],
            "resources": [],
            "detail": record,
        }
    )
