"""The climb as its entries make it: one part of ``evolve``."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.alerts.alert import Alert, Pager, Snooze, Status
from bot.alerts.climb_entries import (
    CallTold,
    ClimbBegan,
    ClimbEntry,
    Escalated,
    EscalationAsked,
    PagerResolved,
    Reminded,
    Snoozed,
)
from bot.alerts.entries import Reply
from bot.escalation.climb import Climb, Fate, Rung, next_rung


def climbed(alert: Alert, entry: ClimbEntry) -> Alert:
    """Return the alert with an entry of its climb."""
    climb = alert.climb
    match entry:
        case ClimbBegan():
            return replace(alert, climb=_begun(entry), snooze=None, reminded_at=None)
        case Escalated() if climb is not None:
            rung = Rung(entry.round, entry.level, entry.fallback, entry.at, entry.calls)
            rungs = (*climb.rungs, rung)
            # Whoever is called from now on is called about how severe it is by now.
            after = replace(climb, rungs=rungs, hurried=False, severity=alert.severity)
            pagers = dict.fromkeys((*alert.pagers, *_pagers(alert, entry)))
            return replace(alert, climb=after, pagers=tuple(pagers))
        case CallTold() if climb is not None and climb.number == entry.climb:
            return replace(alert, climb=_told(climb, entry))
        case EscalationAsked():
            why = f"{entry.by.name} wants more people: {entry.reason}"
            hurried = replace(climb, hurried=True) if climb is not None else None
            return replace(
                alert, status=Status.OPEN, hold=None, reopened=why, climb=hurried, snooze=None
            )
        case Snoozed():
            stopped = _stopped(alert, entry.at)
            snooze = Snooze(entry.by, entry.until, entry.reason)
            return replace(stopped, snooze=snooze, reminded_at=None)
        case Reminded():
            return replace(alert, reminded_at=entry.at)
        case PagerResolved():
            return replace(alert, resolved_in_pager=entry.name)
        case Escalated() | CallTold():
            return alert
        case _:
            assert_never(entry)


def followed(before: Alert, after: Alert, at: datetime) -> Alert:
    """Return the alert with its climb as any other entry leaves it: who takes it stops it."""
    if after.status is not Status.OPEN:
        after = _stopped(after, at)
    if after.hold != before.hold and after.reminded_at is not None:
        after = replace(after, reminded_at=None)
    denied = _denies(after) and not _denies(before)
    if denied and after.climb is not None and next_rung(after.climb) is None:
        after = _stopped(after, at)
    worse = after.severity > before.severity or after.reopened not in {"", before.reopened}
    if after.snooze is not None and (worse or denied):
        after = replace(after, snooze=None)
    return after


def _denies(alert: Alert) -> bool:
    return alert.actor is not None and alert.actor.answer is Reply.NO


def _stopped(alert: Alert, at: datetime) -> Alert:
    if alert.climb is None or alert.climb.stopped is not None:
        return alert
    return replace(alert, climb=replace(alert.climb, stopped=at))


def _begun(entry: ClimbBegan) -> Climb:
    return Climb(
        entry.climb, entry.ladder, entry.severity, entry.at, entry.first, hurried=entry.hurried
    )


def _pagers(alert: Alert, entry: Escalated) -> Iterator[Pager]:
    for call in entry.calls:
        if call.target.way.is_told and call.fate is Fate.WAITING:
            yield Pager(call.target, pager_key(alert.id, entry.climb))


def pager_key(alert_id: str, climb: int) -> str:
    """Return the key by which pagers know one climb of an alert, however often it is sent."""
    return f"sgwatch/{alert_id}/{climb}"


def _told(climb: Climb, entry: CallTold) -> Climb:
    rungs = tuple(
        replace(
            rung,
            calls=tuple(
                replace(call, fate=entry.fate, told=entry.told, at=entry.at)
                if call.key == entry.key and call.fate is Fate.WAITING
                else call
                for call in rung.calls
            ),
        )
        for rung in climb.rungs
    )
    return replace(climb, rungs=rungs)
