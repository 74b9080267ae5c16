"""Alerts on their climb, and what the thread says of it."""

from bot.alerts.alert import Alert
from bot.alerts.climb_entries import (
    CallTold,
    ClimbBegan,
    Escalated,
    EscalationAsked,
    PagerResolved,
    Reminded,
    Snoozed,
)
from bot.alerts.decide import author
from bot.alerts.entries import Entry
from bot.alerts.on_call import Stood
from bot.alerts.people import SGWATCH
from bot.changes.severity import Severity
from bot.escalation.climb import Call, Fate
from bot.escalation.target import Target, Way
from bot.slack.views.oncall import Duty
from tests.alerts.climbing import LADDER
from tests.builders import ROSA, later
from tests.slack.alerts import alert_of, console_sighting

BEGAN = ClimbBegan(at=later(1), by=SGWATCH, climb=1, ladder=LADDER, severity=Severity.CRITICAL)
HOSTILE = "<!channel> *[click](http://evil.example)*"


def call(key: str, target: Target, whom: str, fate: Fate, told: str = "") -> Call:
    return Call(key, target, whom, fate, told)


def level(number: int, minutes: float, *calls: Call, fallback: bool = False) -> Escalated:
    return Escalated(
        at=later(minutes),
        by=SGWATCH,
        climb=1,
        round=0,
        level=number,
        fallback=fallback,
        name=LADDER.levels[number].name,
        calls=calls,
    )


def told(key: str, minutes: float, fate: Fate, whom: str, words: str = "") -> CallTold:
    return CallTold(at=later(minutes), climb=1, key=key, whom=whom, fate=fate, told=words)


FIRST = level(
    0,
    1,
    call("0.0.0", Target(Way.MENTION, "S0ONCALL"), "S0ONCALL", Fate.SENT),
    call(
        "0.0.1", Target(Way.MENTION, "rota:night"), "rota:night", Fate.FAILED, "nobody is on call"
    ),
    call("0.0.2", Target(Way.MENTION, "U0EVIL"), HOSTILE, Fate.HELD, f"one with {HOSTILE}"),
)
SECOND = level(
    1,
    6,
    call("0.1.0", Target(Way.PAGERDUTY, "default"), "PagerDuty default", Fate.WAITING),
    call("0.1.1", Target(Way.DM, "U0ROSA"), "Rosa Lindqvist", Fate.WAITING),
)
SNOOZED = Snoozed(
    at=later(7), by=author(ROSA), until=later(67), reason="the owner is on it, CHG-1042"
)
STORY: tuple[Entry, ...] = (
    BEGAN,
    FIRST,
    SECOND,
    told("0.1.0", 6, Fate.FAILED, "PagerDuty default", "events.pagerduty.com answers 500"),
    told("0.1.1", 6, Fate.SENT, "Rosa Lindqvist"),
    told("0.1.1", 6, Fate.HELD, HOSTILE, f"this is one with {HOSTILE}"),
    level(1, 6, fallback=True),
    EscalationAsked(at=later(7), by=author(ROSA), reason="it spreads to staging"),
    SNOOZED,
    Reminded(at=later(40), by=SGWATCH, holder=author(ROSA)),
    PagerResolved(at=later(41), name="Ana Duarte", pager="PagerDuty"),
)


def climbing(*after: Entry) -> Alert:
    """Return an alert that has begun to climb."""
    return alert_of(console_sighting(), after=(BEGAN, *after))


PAGED = told("0.1.0", 6, Fate.SENT, "PagerDuty default")
LAST = level(2, 16, call("0.2.0", Target(Way.DM, "U0MARCUS"), "Marcus Hale", Fate.HELD))
ALERTS: dict[str, Alert] = {
    "climbing": climbing(FIRST),
    "climbing_paged": climbing(FIRST, SECOND, PAGED),
    "climbing_to_the_end": climbing(FIRST, SECOND, PAGED, LAST),
    "climbing_snoozed": climbing(FIRST, SNOOZED),
}
DUTIES = (
    Duty("S0ONCALL", ("U0ROSA", "U0ALICE")),
    Duty("rota:primary", ("U0MARCUS",), later(60), "U0ROSA"),
    Duty("rota:night", ("U0ROSA",), later(600)),
    Duty("schedule:PSANDBOX", trouble="api.pagerduty.com answers 401"),
    Duty("schedule:PNOBODY"),
)
STOOD = Stood(at=later(0), by=author(ROSA), rota="primary", person="U0MARCUS", until=later(360))
