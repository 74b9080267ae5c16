"""What people and the worker may do about an alert's climb: entries, or why not."""

from datetime import datetime, timedelta
from typing import assert_never

from bot.alerts.alert import Alert, Status
from bot.alerts.climb_commands import (
    BeginClimb,
    CallLevel,
    ClimbRequest,
    ClimbWork,
    EscalateNow,
    Lapse,
    Remind,
    SnoozeUntil,
)
from bot.alerts.climb_entries import (
    ClimbBegan,
    ClimbDecision,
    Escalated,
    EscalationAsked,
    Reminded,
    Snoozed,
)
from bot.alerts.commands import Refusal
from bot.alerts.entries import Reopened
from bot.alerts.people import SGWATCH, Author
from bot.escalation.climb import next_rung
from bot.escalation.ladder import Ladder

LONGEST_SNOOZE = timedelta(hours=24)
SHORTEST_REASON = 3

Entries = tuple[ClimbDecision | Reopened, ...]

MOVED = Refusal("The climb has moved on.")


def decide_work(alert: Alert, command: ClimbWork, now: datetime) -> Entries | Refusal:
    """Return what the worker's command appends, or why it is too late for it."""
    match command:
        case BeginClimb():
            if alert.status is not Status.OPEN or command.climb != next_climb(alert):
                return MOVED
            return (_began(alert, command.ladder, now),)
        case CallLevel():
            climb = alert.climb
            coming = next_rung(climb) if climb is not None else None
            if climb is None or alert.status is not Status.OPEN or coming != command.coming:
                return MOVED
            return (_escalated(climb.number, climb.ladder, command, now),)
        case Remind() | Lapse():
            return _reminded(alert, command, now)
        case _:
            assert_never(command)


def _reminded(alert: Alert, command: Remind | Lapse, now: datetime) -> Entries | Refusal:
    if alert.status is not Status.ACKNOWLEDGED or alert.hold is None:
        return MOVED
    reminded_at, holder = alert.reminded_at, alert.hold.by
    if isinstance(command, Remind):
        return MOVED if reminded_at else (Reminded(at=now, by=SGWATCH, holder=holder),)
    if reminded_at is None:
        return MOVED
    why = f"{holder.name} was reminded at {reminded_at:%H:%M} UTC and has not answered"
    return (Reopened(at=now, by=SGWATCH, reason=why),)


def decide_request(
    alert: Alert, command: ClimbRequest, by: Author, now: datetime
) -> Entries | Refusal:
    """Return what a person's command appends, or why not."""
    if alert.status is Status.RESOLVED:
        return Refusal("This alert is resolved: nobody is called about it any more.")
    reason = command.reason.strip()
    if len(reason) < SHORTEST_REASON:
        return Refusal("Give a reason that somebody can read in six months.", field="reason")
    match command:
        case EscalateNow():
            return _hurried(alert, command, by, reason, now)
        case SnoozeUntil():
            if not timedelta(minutes=1) <= command.lasts <= LONGEST_SNOOZE:
                return Refusal("Snooze for a minute at least, and for a day at most.", field="for")
            until = now + command.lasts
            return (Snoozed(at=now, by=by, until=until, reason=reason),)
        case _:
            assert_never(command)


def next_climb(alert: Alert) -> int:
    """Return the number that the alert's next climb has."""
    return alert.climb.number + 1 if alert.climb is not None else 1


def _hurried(
    alert: Alert, command: EscalateNow, by: Author, reason: str, now: datetime
) -> Entries | Refusal:
    asked = EscalationAsked(at=now, by=by, reason=reason)
    climb = alert.climb
    if climb is not None and next_rung(climb) is not None:
        return (asked,)
    ladder = climb.ladder if climb is not None else command.ladder
    if ladder is None:
        return Refusal("The policy names nobody to escalate to: see [escalation] in its file.")
    called = climb.rungs[-1].level + 1 if climb is not None and climb.rungs else 0
    first = min(called, len(ladder.levels) - 1)
    return asked, _began(alert, ladder, now, first=first, hurried=True)


def _began(
    alert: Alert, ladder: Ladder, now: datetime, *, first: int = 0, hurried: bool = False
) -> ClimbBegan:
    return ClimbBegan(
        at=now,
        by=SGWATCH,
        climb=next_climb(alert),
        ladder=ladder,
        severity=alert.severity,
        first=first,
        hurried=hurried,
    )


def _escalated(number: int, ladder: Ladder, command: CallLevel, now: datetime) -> Escalated:
    coming = command.coming
    return Escalated(
        at=now,
        by=SGWATCH,
        climb=number,
        round=coming.round,
        level=coming.level,
        fallback=coming.fallback,
        name=ladder.levels[coming.level].name,
        calls=command.calls,
    )
