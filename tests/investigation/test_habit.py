"""Habit: whether such changes are usual, from our own memory and from CloudTrail's history."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.familiar import AUTOMATED, BY_HAND, Known, Span, Trait
from bot.alerts.sighting import Origin
from bot.aws.errors import AwsError
from bot.aws.history import Page
from bot.cloudtrail.history import Stretch
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.record import Record, parse_record
from bot.investigation.habit import Habits
from bot.investigation.lookups import BUSY, Lookups
from bot.investigation.run import Answer, Investigator
from tests.builders import NOON, a_change, a_sighting, raised, seen

HERE = "123456789012/eu-west-1"
ALICE = "arn:aws:iam::123456789012:user/alice"
TERRAFORM = Origin("192.0.2.44", "Terraform/1.9", "Terraform 1.9", automated=True)
DENIED = AwsError("no permission for cloudtrail:LookupEvents", retry=False)
THROTTLED = AwsError("AWS asks for fewer calls", retry=True, code="ThrottlingException")
TIMED_OUT = AwsError("AWS did not answer (ReadTimeoutError)", retry=True)


def ago(days: float) -> datetime:
    return NOON - timedelta(days=days)


def known(
    *days: float, since: float = 400, place: str = HERE, tool: str = "Terraform", hand: str = ""
) -> Known:
    """Return what is known of somebody who changed groups so many days ago."""
    if not days:
        return Known(ago(since))
    whole = Span(ago(max(days)), ago(min(days)))
    traits: dict[Trait, dict[str, Span]] = {
        Trait.DAY: {f"{ago(day):%Y-%m-%d}": Span(ago(day), ago(day)) for day in days},
        Trait.PLACE: {place: whole},
        Trait.TOOL: {tool: whole},
        Trait.HAND: {hand or AUTOMATED: whole},
    }
    return Known(ago(since), traits)


def a_record(days: float, who: str = ALICE, **fields: object) -> Record:
    values: dict[str, Any] = {
        "eventID": f"event-{days}-{who}",
        "eventTime": ago(days).isoformat(),
        "eventSource": "ec2.amazonaws.com",
        "eventName": "AuthorizeSecurityGroupIngress",
        "awsRegion": "eu-west-1",
        "userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9.0",
        "userIdentity": {"type": "IAMUser", "arn": who, "accountId": "123456789012"},
    }
    return parse_record(values | fields)


@dataclass
class World:
    """Our memory and CloudTrail's history, as a test wants them."""

    memory: Known = field(default_factory=lambda: Known(ago(0.1)))
    records: tuple[Record, ...] = ()
    error: AwsError | None = None
    more: bool = False
    busy: bool = False
    asked: list[Stretch] = field(default_factory=list)

    def known(self, principal: Principal) -> Known:
        return self.memory

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        return period if self.busy else None

    def page(self, stretch: Stretch) -> Page:
        self.asked.append(stretch)
        if self.error:
            raise self.error
        found = tuple(r for r in self.records if r.event_name == stretch.todo[0].value)
        oldest = min((record.event_time for record in found), default=None)
        return Page(found, (), oldest, "more" if self.more else "")

    @property
    def habits(self) -> Habits:
        times = iter(range(1000))
        lookups = Lookups(self, self, lambda _: None, lambda: next(times) / 4)
        return Habits(self, lookups, {"123456789012": "prod"})

    def ask(self, alert: Alert) -> Answer | AwsError:
        investigator = Investigator({Question.HABIT: self.habits})
        ((_, found),) = investigator.ask(alert, (Question.HABIT,), NOON)
        return found


ALERT = evolve(None, (raised(), seen(a_sighting(origin=TERRAFORM))))


@pytest.mark.parametrize(
    ("world", "value", "signals", "calls"),
    [
        pytest.param(
            World(known()),
            "No: first group change in 90 days",
            ["first_time"],
            0,
            id="we watched for 90 days, and they never did",
        ),
        pytest.param(
            World(known(*range(1, 42))),
            "Yes: on 41 of the last 90 days, automated, with Terraform",
            ["usual"],
            0,
            id="daily from CI",
        ),
        pytest.param(
            World(known(*range(1, 42), hand=BY_HAND, tool="AWS console")),
            "Yes: on 41 of the last 90 days, with AWS console",
            [],
            0,
            id="daily, but never with this tool",
        ),
        pytest.param(
            World(known(*range(1, 9), place="210987654321/eu-west-1")),
            "Yes, but never in prod, eu-west-1: on 8 of the last 90 days, automated, "
            "with Terraform",
            ["first_here"],
            0,
            id="often, but never here",
        ),
        pytest.param(
            World(known(18, 40)),
            "Seldom: on 2 of the last 90 days, last on 2026-02-12",
            [],
            0,
            id="seldom",
        ),
        pytest.param(
            World(known(200)),
            "No: first group change in 90 days",
            ["first_time"],
            0,
            id="what was longer ago counts no more",
        ),
        pytest.param(
            World(),
            "No: first group change in 90 days (prod, eu-west-1)",
            ["first_time"],
            1,
            id="installed today: CloudTrail knows of nothing",
        ),
        pytest.param(
            World(records=tuple(a_record(day) for day in range(1, 11))),
            "Yes: on 10 of the last 90 days, with Terraform",
            ["usual"],
            1,
            id="installed today: CloudTrail knows of many",
        ),
        pytest.param(
            World(records=(a_record(3, who="arn:aws:iam::123456789012:user/bob"),)),
            "No: first group change in 90 days (prod, eu-west-1)",
            ["first_time"],
            1,
            id="somebody else's changes do not count",
        ),
        pytest.param(
            World(records=(a_record(3, errorCode="Client.UnauthorizedOperation"),)),
            "No: first group change in 90 days (prod, eu-west-1)",
            ["first_time"],
            1,
            id="nor does what failed",
        ),
        pytest.param(
            World(records=(a_record(-0.1), a_record(0))),
            "No: first group change in 90 days (prod, eu-west-1)",
            ["first_time"],
            1,
            id="nor the alert's own change",
        ),
        pytest.param(
            World(records=(a_record(4, who="arn:aws:iam::123456789012:user/bob"),), more=True),
            "No: first group change in 4 days (prod, eu-west-1)",
            [],
            2,
            id="a busy account, of which only the latest was read",
        ),
        pytest.param(
            World(known(since=20), error=DENIED),
            "No: first group change in 20 days",
            [],
            1,
            id="no permission: what we know ourselves",
        ),
        pytest.param(
            World(known(2, since=20), error=DENIED),
            "Seldom: on 1 of the last 20 days, last on 2026-02-28, known since 2026-02-10",
            [],
            1,
            id="no permission, and seen before",
        ),
    ],
)
def test_a_habit_is_told_in_a_line(
    world: World, value: str, signals: list[str], calls: int
) -> None:
    answer = world.ask(ALERT)
    assert isinstance(answer, Answer)
    (fact,) = answer.facts
    assert fact.value == value
    assert [signal.name for signal in answer.signals] == signals
    assert len(world.asked) == calls
    assert (fact.as_of == NOON) is (bool(calls) and world.error is None)


def test_without_memory_and_permission_it_is_not_known() -> None:
    answer = World(error=DENIED).ask(ALERT)
    assert isinstance(answer, Answer)
    (fact,) = answer.facts
    assert fact.unknown == f"{DENIED}; sgwatch itself knows them only since today"
    assert not answer.signals


@pytest.mark.parametrize(
    ("world", "says"),
    [
        pytest.param(World(error=THROTTLED), str(THROTTLED), id="throttled"),
        pytest.param(World(error=TIMED_OUT), str(TIMED_OUT), id="timed out"),
        pytest.param(World(busy=True), BUSY, id="others ask too"),
    ],
)
def test_what_passes_is_asked_again(world: World, says: str) -> None:
    found = world.ask(ALERT)
    assert isinstance(found, AwsError)
    assert (found.retry, str(found)) == (True, says)


def test_a_storm_reads_once() -> None:
    world = World()
    habits = world.habits
    for _ in range(50):
        habits(ALERT, NOON)
    assert len(world.asked) == 1


def test_at_most_four_lookups_are_made() -> None:
    world = World(records=(a_record(1),), more=True)
    created = a_change(action="CreateSecurityGroup")
    world.ask(evolve(None, (raised(), seen(a_sighting(created, origin=TERRAFORM)))))
    assert len(world.asked) == 4


def test_where_calls_long_came_from_is_told_the_latest_first() -> None:
    spans = {
        "203.0.113.7": Span(ago(40), ago(1)),
        "203.0.113.8": Span(ago(9), ago(0.5)),
        "203.0.113.9": Span(ago(3), ago(1)),
        "203.0.113.10": Span(ago(30), ago(25)),
    }
    known = Known(ago(60), {Trait.ADDRESS: spans})
    assert known.long_from(ago(0)) == ("203.0.113.8", "203.0.113.7")
