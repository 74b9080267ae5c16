"""In force: quarantines and restrictions that hold in AWS until they are released."""

from datetime import datetime

from bot.alerts.alert import Alert, Containment
from bot.alerts.approval import Standing
from bot.containment.action import Action

HOLDING = frozenset({Action.QUARANTINE, Action.RESTRICT})


def in_force(alert: Alert) -> tuple[Containment, ...]:
    """Return what holds, as far as any of its calls was made, and is not released."""
    released = {c.of for c in alert.containments if c.action is Action.RELEASE and c.verified}
    return tuple(
        c
        for c in alert.containments
        if c.action in HOLDING
        and c.verified is not None
        and c.id not in released
        and any(call.ended and not call.error for call in c.calls)
    )


def releasable(alert: Alert, containment: str) -> Containment | None:
    """Return the containment of this id if it is in force."""
    return next((c for c in in_force(alert) if c.id == containment), None)


def to_release(alert: Alert, now: datetime) -> Containment | None:
    """Return what has lasted as long as it was to, and is not tried to be released yet.

    It is tried once: what did not end as planned needs people.
    """
    tried = {
        c.of
        for c in alert.containments
        if c.action is Action.RELEASE and c.standing is Standing.CLEARED
    }
    due = (c for c in in_force(alert) if c.until is not None and c.until <= now)
    return next((c for c in due if c.id not in tried), None)


def next_release(alert: Alert, now: datetime) -> datetime | None:
    """Return when the next one is due to be released."""
    ends = (c.until for c in in_force(alert) if c.until is not None and c.until > now)
    return min(ends, default=None)
