"""The fold: ``evolve`` adds entries up to the alert that they make."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bot.alerts.alert import (
    GROUPS_KEPT,
    WORST_KEPT,
    Actor,
    Alert,
    Asked,
    Counts,
    Hold,
    Resolution,
    ResolutionKind,
    Rise,
    Status,
)
from bot.alerts.approval import (
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    LeftToPeople,
)
from bot.alerts.climb_entries import ClimbEntry
from bot.alerts.climb_fold import climbed, followed
from bot.alerts.closed import CLOSINGS_KEPT, exposing
from bot.alerts.closing import Closing
from bot.alerts.contained import contained
from bot.alerts.entries import (
    Acknowledged,
    ActorAnswered,
    ActorAsked,
    AlertEntry,
    AlsoExempted,
    CallBegun,
    CallEnded,
    ChangeSeen,
    ClosedAtSource,
    Commented,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    Exempted,
    Found,
    MarkedBenign,
    OwnCallSeen,
    Raised,
    Refused,
    Reopened,
    Reply,
    is_decision,
)
from bot.alerts.fact import Fact, Question
from bot.alerts.sighting import Sighting
from bot.changes.exposure import Reach
from bot.changes.severity import Severity


class NotRaisedError(ValueError):
    """The timeline does not begin with the entry that raises its alert."""


def evolve(alert: Alert | None, entries: Iterable[Entry]) -> Alert:
    """Fold entries into the alert. Raises NotRaisedError if the first one does not raise it."""
    for entry in entries:
        if alert is None:
            if not isinstance(entry, Raised):
                raise NotRaisedError(f"the timeline begins with {entry.kind}")
            alert = _raised(entry)
        else:
            alert = replace(
                _after(alert, entry),
                position=alert.position + 1,
                version=alert.version + is_decision(entry),
            )
    if alert is None:
        raise NotRaisedError("the timeline is empty")
    return alert


def _raised(entry: Raised) -> Alert:
    return Alert(
        id=entry.alert,
        position=1,
        version=1,
        channel=entry.channel,
        raised_at=entry.at,
        after=entry.after,
    )


def _after(alert: Alert, entry: Entry) -> Alert:
    if isinstance(entry, ClimbEntry):
        return climbed(alert, entry)
    return followed(alert, _applied(alert, entry), entry.at)


def _applied(alert: Alert, entry: AlertEntry) -> Alert:
    match entry:
        case ChangeSeen():
            return _with_change(alert, entry.sighting)
        case Found():
            return _found(alert, entry)
        case ClosedAtSource():
            return _closed_at_source(alert, entry.closing)
        case Acknowledged():
            hold = Hold(entry.by, entry.at, entry.severity)
            return replace(alert, status=Status.ACKNOWLEDGED, hold=hold, reopened="")
        case ActorAsked() | ActorAnswered():
            return _asked_of_actor(alert, entry)
        case MarkedBenign() | Exempted() | AlsoExempted():
            return _resolved(alert, _resolution(entry))
        case Reopened():
            return replace(
                alert, status=Status.OPEN, hold=None, resolution=None, reopened=entry.reason
            )
        case (
            ContainmentAsked()
            | ContainmentPlanned()
            | ContainmentApproved()
            | ContainmentDeclined()
            | ContainmentExpired()
            | LeftToPeople()
            | CallBegun()
            | CallEnded()
            | OwnCallSeen()
            | ContainmentEnded()
        ):
            return contained(alert, entry)
        case Raised() | Refused() | Commented():
            return alert
        case _:
            assert_never(entry)


def _resolution(entry: MarkedBenign | Exempted | AlsoExempted) -> Resolution:
    if isinstance(entry, MarkedBenign):
        return Resolution(ResolutionKind.BENIGN, entry.by, entry.at, entry.reason)
    kind = ResolutionKind.EXEMPTED
    if isinstance(entry, AlsoExempted):
        return Resolution(kind, entry.by, entry.at, entry.reason, entry.exemption)
    exemption = entry.exemption
    return Resolution(kind, entry.by, entry.at, exemption.reason, exemption.id)


def _resolved(alert: Alert, resolution: Resolution) -> Alert:
    return replace(alert, status=Status.RESOLVED, resolution=resolution, reopened="")


def _with_change(alert: Alert, seen: Sighting) -> Alert:
    counts, change = alert.counts, seen.change
    opened_to_world = seen.exposure is not None and seen.exposure.reach is Reach.WORLD
    groups = counts.groups
    if change.group.id and change.group.id not in groups and len(groups) < GROUPS_KEPT:
        groups += (change.group.id,)
    worst = sorted(
        (*alert.worst, _named(seen, alert.facts)), key=lambda s: (-s.severity.rank, s.change.at)
    )
    detections = alert.detections + tuple(d for d in seen.detections if d not in alert.detections)
    grown = replace(
        alert,
        principal=alert.principal or seen.principal,
        first_at=min(alert.first_at or change.at, change.at),
        last_at=max(alert.last_at or change.at, change.at),
        worst=tuple(worst[:WORST_KEPT]),
        counts=Counts(
            changes=counts.changes + 1,
            rules=counts.rules + len(change.touched),
            world=counts.world + opened_to_world,
            groups=groups,
            others=counts.others + (not change.touched),
            exposing=counts.exposing + exposing(seen),
        ),
        detections=detections,
        base=max(alert.base, seen.severity),
    )
    if counts.changes == 0:
        return replace(grown, severity=seen.severity)
    return _risen(grown, seen.severity, f"a {seen.severity} change came after")


def _asked_of_actor(alert: Alert, entry: ActorAsked | ActorAnswered) -> Alert:
    """Keep the answer; "it was not me" makes the alert critical, and needs somebody anew."""
    if isinstance(entry, ActorAsked):
        return replace(alert, actor=Actor(entry.slack_id, entry.name, entry.at))
    if alert.actor is None:
        return alert
    actor = replace(
        alert.actor,
        answer=entry.reply,
        reason=entry.reason,
        answered_at=entry.at,
        seen=entry.seen,
        answered_on=alert.version + 1,
    )
    alert = replace(alert, actor=actor)
    if entry.reply is not Reply.NO:
        return alert
    risen = _risen(alert, Severity.CRITICAL, actor.denial)
    if risen.status is Status.ACKNOWLEDGED:
        return replace(risen, status=Status.OPEN, hold=None, reopened=actor.denial)
    return risen


def _closed_at_source(alert: Alert, closing: Closing) -> Alert:
    """Add a closing, once: two workers may have found the same one."""
    if any(known.event_id == closing.event_id for known in alert.closings):
        return alert
    return replace(alert, closings=(*alert.closings, closing)[-CLOSINGS_KEPT:])


def _found(alert: Alert, entry: Found) -> Alert:
    """Add what was found; a later answer to a question replaces the earlier one."""
    answered = {(fact.question, fact.about) for fact in entry.facts}
    of = alert.counts.changes if entry.seen is None else entry.seen
    questions = {fact.question: Asked(fact.question, entry.at, of) for fact in entry.facts}
    lasting = (signal for signal in alert.signals if signal.question not in questions)
    signals = {signal.name: signal for signal in (*lasting, *entry.signals)}
    grown = replace(
        alert,
        facts=(*(f for f in alert.facts if (f.question, f.about) not in answered), *entry.facts),
        worst=tuple(_named(sighting, entry.facts) for sighting in alert.worst),
        signals=tuple(signals.values()),
        asked=(*(a for a in alert.asked if a.question not in questions), *questions.values()),
    )
    return grown if entry.severity is None else _risen(grown, entry.severity, "signals say worse")


def _named(seen: Sighting, facts: tuple[Fact, ...]) -> Sighting:
    """Return the sighting with its group's name, where the record did not tell it."""
    group = seen.change.group
    asked = (Question.GROUP_NAME, group.id)
    fact = next((f for f in facts if (f.question, f.about) == asked), None)
    if fact is None or not fact.value or group.name:
        return seen
    change = replace(seen.change, group=replace(group, name=fact.value))
    return replace(seen, change=change)


def _risen(alert: Alert, severity: Severity, why: str) -> Alert:
    """Raise the alert's severity; what is above what was acknowledged opens it again."""
    if alert.hold is not None and severity > alert.hold.severity:
        alert = replace(alert, status=Status.OPEN, hold=None, reopened=why)
    if severity > alert.severity:
        rise = Rise(entry=alert.position, severity=severity)
        return replace(alert, severity=severity, rises=(*alert.rises, rise))
    return alert
