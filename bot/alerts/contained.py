"""The fold of containments: what a request, its approval and its calls make of the alert."""

from dataclasses import replace
from typing import assert_never

from bot.alerts.alert import Alert, CallState, Containment, Resolution, ResolutionKind, Status
from bot.alerts.approval import (
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    LeftToPeople,
    Standing,
)
from bot.alerts.entries import (
    CallBegun,
    CallEnded,
    ContainmentAsked,
    ContainmentEnded,
    OwnCallSeen,
)
from bot.alerts.people import Author
from bot.containment.action import Action
from bot.containment.plan import Plan

Settled = ContainmentApproved | ContainmentDeclined | ContainmentExpired
Called = CallBegun | CallEnded | OwnCallSeen
Step = ContainmentPlanned | Settled | Called | ContainmentEnded


def contained(alert: Alert, entry: ContainmentAsked | LeftToPeople | Step) -> Alert:
    """Return the alert with what the entry does to its containments, and what follows."""
    if isinstance(entry, ContainmentAsked):
        return replace(alert, containments=(*alert.containments, _asked(entry)))
    if isinstance(entry, LeftToPeople):
        return replace(alert, left=entry.why)
    containments = tuple(
        _stepped(c, entry) if c.id == entry.containment else c for c in alert.containments
    )
    alert = replace(alert, containments=containments)
    return _after(alert, entry) if isinstance(entry, ContainmentEnded) else alert


def _asked(entry: ContainmentAsked) -> Containment:
    return Containment(
        id=entry.containment,
        plan=entry.plan,
        by=entry.by,
        at=entry.at,
        reason=entry.reason,
        seen=entry.seen,
        calls=_unmade(entry.plan),
        action=entry.action,
        of=entry.of,
        approval=entry.approval,
        choice=entry.choice,
        until=entry.until,
        standing=Standing.CLEARED if entry.approval is None else Standing.WAITING,
    )


def _unmade(plan: Plan) -> tuple[CallState, ...]:
    return tuple(CallState() for _ in plan.calls)


def _stepped(containment: Containment, entry: Step) -> Containment:
    match entry:
        case ContainmentPlanned():
            return replace(containment, plan=entry.plan, calls=_unmade(entry.plan))
        case ContainmentApproved():
            cleared = _settled(containment, Standing.CLEARED, entry.by)
            return replace(cleared, glass=entry.glass, why_alone=entry.reason)
        case ContainmentDeclined():
            declined = _settled(containment, Standing.DECLINED, entry.by)
            return replace(declined, told=entry.reason)
        case ContainmentExpired():
            return _settled(containment, Standing.EXPIRED, entry.by)
        case ContainmentEnded():
            return replace(containment, verified=entry.verified, told=entry.told, dry=entry.dry)
        case CallBegun() | CallEnded() | OwnCallSeen():
            calls = list(containment.calls)
            calls[entry.call] = _called(calls[entry.call], entry)
            return replace(containment, calls=tuple(calls))
        case _:
            assert_never(entry)


def _settled(containment: Containment, standing: Standing, by: Author) -> Containment:
    return replace(containment, standing=standing, settled_by=by)


def _called(call: CallState, entry: Called) -> CallState:
    match entry:
        case CallBegun():
            return replace(call, begun=True)
        case CallEnded():
            return replace(
                call,
                ended=True,
                request_id=entry.request_id,
                error=entry.error,
                made=entry.made,
            )
        case OwnCallSeen():
            return replace(call, record_seen=True)
        case _:
            assert_never(entry)


def _after(alert: Alert, entry: ContainmentEnded) -> Alert:
    """Return the alert after a containment; one that only rehearsed changes nothing."""
    containment = next((c for c in alert.containments if c.id == entry.containment), None)
    if containment is None or entry.dry:
        return alert
    match containment.action:
        case Action.REVERT:
            return _after_revert(alert, containment, entry)
        case Action.UNDO:
            return _after_undo(alert, containment)
        case Action.QUARANTINE | Action.RESTRICT | Action.RELEASE:
            return alert
        case _:
            assert_never(containment.action)


def _after_revert(alert: Alert, containment: Containment, entry: ContainmentEnded) -> Alert:
    """A revert resolves what it undid; what it cannot undo, and what came later, stays open."""
    if not entry.verified:
        return replace(alert, reopened="the revert did not end as planned")
    if not containment.plan.complete:
        return replace(alert, reopened="a part could not be reverted")
    if alert.counts.changes > containment.seen:
        later = alert.counts.changes - containment.seen
        return replace(
            alert,
            status=Status.OPEN,
            hold=None,
            reopened=f"{later} more came after the revert was asked for",
        )
    resolution = Resolution(
        ResolutionKind.REVERTED, containment.by, entry.at, containment.reason, entry.told
    )
    return replace(alert, status=Status.RESOLVED, resolution=resolution, reopened="")


def _after_undo(alert: Alert, containment: Containment) -> Alert:
    """What was closed is open again, or a part of it: somebody has to decide on it anew."""
    ended = "undid the revert" if containment.verified else "tried to undo the revert"
    return replace(
        alert,
        status=Status.OPEN,
        hold=None,
        resolution=None,
        reopened=f"{containment.by.name} {ended}",
    )
