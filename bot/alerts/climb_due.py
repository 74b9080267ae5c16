"""What is to be done for an alert's climb now, and when to look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.alert import Alert, Status
from bot.alerts.climb_decide import next_climb
from bot.alerts.progress import Progress
from bot.escalation.climb import Climb, Next, next_rung
from bot.escalation.ladder import EscalationPolicy, Ladder

LOOK_OPEN, LOOK_HELD = timedelta(seconds=15), timedelta(minutes=1)
"""How often the pager is asked whether somebody took the alert there."""

TOLD = {Status.ACKNOWLEDGED: "acknowledge", Status.RESOLVED: "resolve"}


@dataclass(frozen=True, slots=True)
class Begin:
    """Have the alert climb this ladder."""

    climb: int
    ladder: Ladder


@dataclass(frozen=True, slots=True)
class CallNext:
    """Call the next level."""

    coming: Next


@dataclass(frozen=True, slots=True)
class Send:
    """Send these calls, by their keys."""

    calls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemindHolder:
    """Remind whoever holds the alert, in a direct message too."""


@dataclass(frozen=True, slots=True)
class LetLapse:
    """Take the alert from its holder."""


@dataclass(frozen=True, slots=True)
class TellPagers:
    """Tell the pagers that were called how the alert stands: acknowledge or resolve."""

    event: str
    told: str


@dataclass(frozen=True, slots=True)
class LookAtPagers:
    """Ask the pagers whether somebody took the alert there."""


Move = Begin | CallNext | Send | RemindHolder | LetLapse | TellPagers | LookAtPagers
Moves = tuple[list[Move], list[datetime]]


def climb_moves(alert: Alert, progress: Progress, policy: EscalationPolicy, now: datetime) -> Moves:
    """Return what is to be done now, and when to look again."""
    moves, waits = _pagers(alert, progress, policy, now)
    if alert.status is Status.RESOLVED or alert.running is not None:
        return moves, waits
    if alert.snooze is not None and alert.snooze.until > now:
        return moves, [*waits, alert.snooze.until]
    more, later = (
        _held(alert, policy, now)
        if alert.status is Status.ACKNOWLEDGED
        else _open(alert, progress, policy, now)
    )
    return moves + more, waits + later


def _open(alert: Alert, progress: Progress, policy: EscalationPolicy, now: datetime) -> Moves:
    climb = alert.climb
    ladder = _ladder(alert, policy, now)
    if ladder is not None and (climb is None or _begins_anew(climb, alert, ladder)):
        return [Begin(next_climb(alert), ladder)], []
    if climb is None:
        return [], []
    moves: list[Move] = []
    tries = {c.key: progress.calling.get(f"{climb.number}/{c.key}") for c in climb.waiting}
    waits = [trouble.next_try for trouble in tries.values() if trouble and trouble.next_try > now]
    ready = tuple(key for key, trouble in tries.items() if not trouble or trouble.next_try <= now)
    if ready:
        moves.append(Send(ready))
    coming = next_rung(climb)
    if coming is not None and coming.at <= now:
        moves.append(CallNext(coming))
    elif coming is not None:
        waits.append(coming.at)
    return moves, waits


def _begins_anew(climb: Climb, alert: Alert, ladder: Ladder) -> bool:
    """Return whether it needs people again: it was reopened, or is worse than when it climbed."""
    if climb.stopped is not None:
        return True
    if alert.severity <= climb.severity:
        return False
    return ladder != climb.ladder or next_rung(climb) is None


def _held(alert: Alert, policy: EscalationPolicy, now: datetime) -> Moves:
    """Remind the holder; who does nothing after that holds it no more."""
    ladder = alert.climb.ladder if alert.climb is not None else _ladder(alert, policy, now)
    if ladder is None or alert.hold is None:
        return [], []
    since = max(alert.hold.at, alert.snooze.until if alert.snooze else alert.hold.at)
    at = (alert.reminded_at or since) + ladder.remind
    if at > now:
        return [], [at]
    return [LetLapse() if alert.reminded_at else RemindHolder()], []


def _ladder(alert: Alert, policy: EscalationPolicy, now: datetime) -> Ladder | None:
    account = alert.worst[0].change.account if alert.worst else ""
    return policy.ladder(alert.severity, account, now)


def _pagers(alert: Alert, progress: Progress, policy: EscalationPolicy, now: datetime) -> Moves:
    if not alert.pagers:
        return [], []
    pager = progress.pager
    moves: list[Move] = []
    waits: list[datetime] = []
    event = TOLD.get(alert.status, "")
    told = f"{len(alert.pagers)}:{event}"
    if event and pager.told != told:
        if pager.trouble is not None and pager.trouble.next_try > now:
            waits.append(pager.trouble.next_try)
        else:
            moves.append(TellPagers(event, told))
    if policy.looks and alert.status is not Status.RESOLVED and not alert.resolved_in_pager:
        every = LOOK_OPEN if alert.status is Status.OPEN else LOOK_HELD
        at = pager.looked + every if pager.looked else now
        if at <= now:
            moves.append(LookAtPagers())
        else:
            waits.append(at)
    return moves, waits
