"""One simulated run: events, clicks, crashes and lost answers, then quiet."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from redis import Redis

from bot.alerts.alert import Alert
from bot.alerts.asking import AskPolicy, Whom, question_state
from bot.alerts.commands import (
    Acknowledge,
    AnswerAsActor,
    AskRevert,
    Command,
    MarkBenign,
    Refusal,
)
from bot.alerts.entries import Entry, is_decision
from bot.alerts.entries import Reply as Answer
from bot.alerts.fact import Question
from bot.alerts.judge import Judge
from bot.alerts.people import Person
from bot.alerts.policy import AlertPolicy
from bot.aws.errors import AwsError
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.changes.severity import Severity
from bot.contain import covered_changes, read_states
from bot.containment.revert import looks_of, revert_plan
from bot.investigation.names import GroupNames
from bot.investigation.run import Investigator
from bot.poller import Poller
from bot.recorder import Recorder
from bot.slack.actors import Actors
from bot.slack.presenter import Face, Presenter
from bot.slack.views.message import Message
from bot.slack.views.reply import Reply
from bot.store.deciding import decide_on
from bot.store.store import Store, open_store
from bot.store.timelines import Reading
from bot.worker import Worker
from tests.builders import ALICE, MARCUS, ROSA
from tests.simulation.edges import (
    Clock,
    FakeAws,
    FakeQueue,
    FakeSlack,
    NoFiles,
    PausingLink,
    eventbridge,
)
from tests.simulation.records import ACCOUNT, CONTAIN_ROLE, authorize_record
from tests.simulation.scheduler import Scheduler

CHANNEL = "C0ALERTS"
ASK = AskPolicy(
    severities=tuple(Severity),
    close_on_yes=(Severity.LOW, Severity.MEDIUM),
    people={ALICE.slack_id: (f"arn:aws:iam::{ACCOUNT}:user/alice",)},
)
POLICY = AlertPolicy(channel=CHANNEL, ask=ASK)
FAULTY_STEPS = 500
QUIET_STEPS = 6000
PRINCIPALS = ("alice", "mallory")
GROUPS = ("sg-1", "sg-2")


def message_of(alert: Alert) -> Message:
    hold = alert.hold.by.name if alert.hold else "nobody"
    return Message(f"{alert.id} {alert.status} {alert.counts.changes} {hold}", ())


def reply_to(entry: Entry, number: int, alert: Alert) -> Reply | None:
    told = is_decision(entry) and number > 0
    return Reply(f"{number} {entry.kind}", broadcast=False) if told else None


def question_of(alert: Alert) -> Message:
    return Message(f"{alert.id} {question_state(alert)}", ())


FACE = Face(message_of, reply_to)


@dataclass
class World:
    """Everything of one run."""

    scheduler: Scheduler
    clock: Clock
    queue: FakeQueue
    aws: FakeAws
    slack: FakeSlack
    store: Store
    judge: Judge
    sent: list[dict[str, Any]]

    @property
    def rng(self) -> random.Random:
        return self.scheduler.rng


def build(seed: int, client: Redis, judge: Judge) -> World:
    """Return the world of a seed, with its actors in place."""
    prefix = f"{{sim-{seed}}}"
    clock = Clock(client, prefix)
    clock.advance(timedelta(0))
    scheduler = Scheduler(random.Random(seed), partial(_let_time_pass, clock))
    queue = FakeQueue(scheduler, clock)
    aws = FakeAws(scheduler, queue, {group: set() for group in GROUPS})
    slack = FakeSlack(scheduler, clock)
    store = open_store(PausingLink(client, prefix, scheduler), horizon=timedelta(days=36500))
    world = World(scheduler, clock, queue, aws, slack, store, judge, [])
    for number in (1, 2):
        scheduler.add(f"poller-{number}", lambda: _for_ever(_poller(world).poll))
        scheduler.add(f"worker-{number}", lambda: _for_ever(_worker(world).attend))
    scheduler.add("changes", lambda: _changes(world))
    for person in (ROSA, MARCUS):
        scheduler.add(person.name, _click_as(world, person))
    scheduler.add(ALICE.name, lambda: _answers(world))
    return world


def _let_time_pass(clock: Clock, rng: random.Random) -> None:
    """Move on by a tenth of a second a step, in leaps, for a leap costs a call to Redis."""
    if rng.random() < 0.1:
        clock.advance(timedelta(milliseconds=rng.randint(0, 2000)))


def _click_as(world: World, person: Person) -> Callable[[], None]:
    return lambda: _clicks(world, person)


def _poller(world: World) -> Poller:
    recorder = Recorder(world.store, lambda: world.judge, POLICY, CONTAIN_ROLE)
    return Poller(world.queue, NoFiles(), world.store, recorder)


def _worker(world: World) -> Worker:
    presenter = Presenter(world.store, world.slack, FACE)
    investigator = Investigator({Question.GROUP_NAME: GroupNames(world.aws)})
    actors = Actors(world.store, world.slack, Everybody(), question_of, ASK)
    return Worker(world.store, presenter, world.aws, investigator, actors, POLICY)


class Everybody:
    """Slack's members: Alice is one."""

    def find(self, whom: Whom) -> Person | None:
        return ALICE if whom.slack_id == ALICE.slack_id else None


def _for_ever(step: Callable[[], object]) -> None:
    while True:
        step()


def _changes(world: World) -> None:
    """Open rules as two users, each record sent up to three times and in any order."""
    for _ in range(world.rng.randint(2, 6)):
        number = len(world.sent) + 1
        group = world.rng.choice(GROUPS)
        rule = GroupRule(
            Direction.INGRESS,
            "tcp",
            1000 + number,
            1000 + number,
            Peer(PeerKind.IPV4, world.rng.choice(["0.0.0.0/0", "10.0.0.0/8"])),
            rule_id=f"sgr-{number}",
        )
        who = world.rng.choice(PRINCIPALS)
        record = authorize_record(f"event-{number}", who, group, rule, world.clock.now)
        world.aws.groups[group].add(rule)
        world.sent.append(record)
        for _ in range(world.rng.choice([1, 1, 1, 2, 3])):
            world.queue.send(eventbridge(record))
        for _ in range(world.rng.randint(0, 30)):
            world.scheduler.pause()


def _clicks(world: World, person: Person) -> None:
    """Look at the alerts shown in Slack and press buttons."""
    for _ in range(world.rng.randint(1, 4)):
        for _ in range(world.rng.randint(5, 40)):
            world.scheduler.pause()
        if not world.slack.messages:
            continue
        alert_id = world.rng.choice(world.slack.messages).mark.alert
        press = world.rng.choice([_acknowledge, _benign, _revert])
        try:
            press(world, alert_id, person)
        except AwsError:
            continue


def _answers(world: World) -> None:
    """Look at the direct messages now and then, and answer."""
    for _ in range(3):
        for _ in range(world.rng.randint(5, 60)):
            world.scheduler.pause()
        if world.slack.directs:
            alert_id = world.rng.choice(world.slack.directs).mark.alert.removeprefix("ask:")
            reading = world.store.timelines.read(alert_id)
            assert reading is not None
            reply, seen = world.rng.choice(list(Answer)), reading.alert.counts.changes
            decide_on(world.store, alert_id, AnswerAsActor(reply, "CHG-7", seen), ALICE)


def _acknowledge(world: World, alert_id: str, person: Person) -> None:
    decide_on(world.store, alert_id, Acknowledge(), person)


def _benign(world: World, alert_id: str, person: Person) -> None:
    reading = world.store.timelines.read(alert_id)
    assert reading is not None
    shown = reading.alert.counts.changes
    decide_on(world.store, alert_id, MarkBenign("planned work", seen=shown), person)


def _revert(world: World, alert_id: str, person: Person) -> None:
    def plan(reading: Reading) -> Command | Refusal:
        seen = reading.alert.counts.changes
        changes = covered_changes(world.store, alert_id, seen)
        return AskRevert(
            revert_plan(changes, read_states(world.aws, looks_of(changes))), "not us", seen
        )

    decide_on(world.store, alert_id, plan, person)


def play(world: World) -> None:
    """Run with faults, then without until nothing is left to do."""
    scheduler = world.scheduler
    scheduler.kill_chance = world.rng.choice([0, 0.01, 0.03])
    world.aws.fail_chance = world.slack.fail_chance = world.rng.choice([0, 0.1, 0.3])
    for _ in range(4):
        scheduler.run(FAULTY_STEPS // 4)
        if world.rng.random() < 0.5:
            scheduler.kill_all()  # a power cut, longer than any lease
            world.clock.advance(timedelta(seconds=40))
    scheduler.kill_chance = world.aws.fail_chance = world.slack.fail_chance = 0
    for _ in range(QUIET_STEPS // 100):
        scheduler.run(100)
        if _quiet(world):
            break
        world.clock.advance(timedelta(seconds=5))
    scheduler.kill_all()


def _quiet(world: World) -> bool:
    client, prefix = world.clock.client, world.clock.prefix
    attended = client.zcard(f"{prefix}:leases")
    due = client.zcount(
        f"{prefix}:attention", "-inf", int(world.clock.now.timestamp() * 1000) + 400_000
    )
    busy = {"changes", ROSA.name, MARCUS.name, ALICE.name} & set(world.scheduler.waiting)
    return not (world.queue.held or attended or due or busy)
