"""What a person, or the worker, may do to an alert: ``decide`` gives entries or a refusal."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.alerts.alert import Alert, Containment, Status
from bot.alerts.asking import answered, asked, by_policy, closed
from bot.alerts.commands import (
    Acknowledge,
    AnswerAsActor,
    AskActor,
    AskRevert,
    BeginCall,
    CloseOnYes,
    Command,
    Comment,
    DeskCommand,
    EndCall,
    EndContainment,
    Exempt,
    MarkBenign,
    Refusal,
    Reopen,
    WorkerCommand,
)
from bot.alerts.entries import (
    Acknowledged,
    CallBegun,
    CallEnded,
    Commented,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    Exempted,
    MarkedBenign,
    Refused,
    Reopened,
)
from bot.alerts.people import SGWATCH, Author, Person, Right
from bot.exemptions.model import Scope
from bot.exemptions.patterns import fits_path

SHORTEST_REASON = 3
"""Characters: enough for "ok" to be refused and a ticket number to pass."""

Decided = tuple[Entry, ...] | Refusal


def decide(alert: Alert, command: Command, person: Person | None, now: datetime) -> Decided:
    """Return what the command appends, or why it may not. ``person`` is None for the worker."""
    match command:
        case BeginCall() | EndCall() | EndContainment():
            if person is not None:
                return Refusal("Only sgwatch itself reports on its calls.")
            return _report(alert, command, now)
        case AskActor() if person is None:
            return asked(alert, command, by_policy(command.policy), now)
        case CloseOnYes() if person is None:
            return closed(alert, command, now)
        case AskActor() if person is not None:
            refusal = _needs(person, Right.RESPONDER) or _own_change(alert, person)
            return refusal or asked(alert, command, author(person), now)
        case AnswerAsActor() if person is not None:
            return answered(alert, command, author(person), now)
        case Acknowledge() | MarkBenign() | Exempt() | AskRevert() | Reopen() | Comment() if (
            person is not None
        ):
            return _person_refusal(alert, command, person) or _entries(alert, command, person, now)
        case CloseOnYes():
            return Refusal("Only sgwatch itself closes an alert on a yes.")
        case _:
            return Refusal("Nobody was named who decides.")


def refused(command: str, person: Person, refusal: Refusal, now: datetime) -> Refused:
    """Return the observation that records a refusal of the named command."""
    return Refused(at=now, by=author(person), command=command, why=refusal.why)


def author(person: Person) -> Author:
    """Return the person as the author of an entry."""
    return Author(person.slack_id, person.name, person.right, person.policy)


def is_actor(alert: Alert, person: Person) -> bool:
    """Return whether the alert's changes are this person's own."""
    actor = alert.principal
    if actor is None:
        return False
    known = _names(person)
    # A session name that the caller chose proves nothing, but it is enough to refuse.
    names = (actor.id, actor.person, actor.label, actor.source_identity)
    return bool(known & {name.casefold() for name in names if name})


def own_exemption(scope: Scope, person: Person, hides: Iterable[str] = ()) -> Refusal | None:
    """Return the refusal of an exemption that names this person, or would have hidden theirs."""
    known = _names(person)
    named = (*scope.principals, *scope.persons, *scope.sessions, *hides)
    patterns = [pattern.casefold() for pattern in scope.principal_patterns]
    fitting = (name for name in known if any(fits_path(pattern, name) for pattern in patterns))
    if any(fitting) or known & {name.casefold() for name in named}:
        return Refusal("This would exempt your own changes: somebody else has to decide on that.")
    return None


def _names(person: Person) -> set[str]:
    return {name.casefold() for name in (*person.principals, person.email) if name}


def _person_refusal(alert: Alert, command: DeskCommand, person: Person) -> Refusal | None:
    if isinstance(command, Comment):
        return _needs(person, Right.VIEWER)
    if refusal := _needs(person, Right.RESPONDER):
        return refusal
    match command:
        case Acknowledge():
            return _acknowledge_refusal(alert, person)
        case MarkBenign() | Exempt() | AskRevert():
            return _own_change(alert, person) or _resolve_refusal(alert, command, person)
        case Reopen():
            if alert.status is not Status.RESOLVED:
                return Refusal("This alert is not resolved, so there is nothing to reopen.")
            return _reason_refusal(command.reason)
        case _:
            assert_never(command)


def _needs(person: Person, right: Right) -> Refusal | None:
    if person.right < right:
        return Refusal(f"You need the right of a {right} to do this.", needs=right)
    return None


def _own_change(alert: Alert, person: Person) -> Refusal | None:
    if is_actor(alert, person):
        return Refusal(
            "This is your own change: somebody else has to decide on it. "
            "You may acknowledge it, and write in its thread."
        )
    return None


def _acknowledge_refusal(alert: Alert, person: Person) -> Refusal | None:
    if alert.status is Status.RESOLVED:
        return Refusal(_already_resolved(alert))
    if alert.hold is None:
        return None
    if alert.hold.by.slack_id == person.slack_id:
        return Refusal("You already hold this alert.")
    return Refusal(f"{alert.hold.by.name} already holds this alert.")


def _resolve_refusal(
    alert: Alert, command: MarkBenign | Exempt | AskRevert, person: Person
) -> Refusal | None:
    if alert.status is Status.RESOLVED:
        return Refusal(_already_resolved(alert))
    if running := alert.running:
        return Refusal(f"A revert by {running.by.name} is under way; wait until it has ended.")
    if alert.counts.changes != command.seen:
        return Refusal(
            f"This alert has {alert.counts.changes} changes now; you were shown {command.seen}. "
            "Close this and look again."
        )
    match command:
        case MarkBenign():
            return _reason_refusal(command.reason)
        case Exempt():
            exemption = command.exemption
            return (
                _reason_refusal(exemption.reason)
                or own_exemption(exemption.scope, person)
                or _uncovered(command)
            )
        case AskRevert():
            if not command.plan.calls:
                return Refusal("There is nothing to revert: the rules are no longer there.")
            return _reason_refusal(command.reason)
        case _:
            assert_never(command)


def _uncovered(command: Exempt) -> Refusal | None:
    if not command.uncovered:
        return None
    first, more = command.uncovered[0], len(command.uncovered) - 1
    rest = f" (and {more} more)" if more else ""
    return Refusal(f"This would not cover all of the alert: {first}{rest}.", field="scope")


def _reason_refusal(reason: str) -> Refusal | None:
    if len(reason.strip()) < SHORTEST_REASON:
        return Refusal("Give a reason that somebody can read in six months.", field="reason")
    return None


def _already_resolved(alert: Alert) -> str:
    if alert.resolution is None:
        return "This alert is already resolved."
    return f"{alert.resolution.by.name} already resolved this alert as {alert.resolution.kind}."


def _entries(
    alert: Alert, command: DeskCommand, person: Person, now: datetime
) -> tuple[Entry, ...]:
    by = author(person)
    match command:
        case Acknowledge():
            return (Acknowledged(at=now, by=by, severity=alert.severity),)
        case MarkBenign():
            return (MarkedBenign(at=now, by=by, seen=command.seen, reason=command.reason.strip()),)
        case Exempt():
            return (Exempted(at=now, by=by, seen=command.seen, exemption=command.exemption),)
        case AskRevert():
            return (
                ContainmentAsked(
                    at=now,
                    by=by,
                    seen=command.seen,
                    containment=f"{alert.id}-c{len(alert.containments) + 1}",
                    plan=command.plan,
                    reason=command.reason.strip(),
                ),
            )
        case Reopen():
            return (Reopened(at=now, by=by, reason=command.reason.strip()),)
        case Comment():
            return (Commented(at=now, by=by, text=command.text.strip()),)
        case _:
            assert_never(command)


def _report(alert: Alert, command: WorkerCommand, now: datetime) -> Decided:
    found = next((c for c in alert.containments if c.id == command.containment), None)
    if found is None or found.verified is not None:
        return Refusal(f"There is no containment {command.containment} under way.")
    match command:
        case BeginCall():
            return _begin(found, command, now)
        case EndCall():
            call = found.calls[command.call]
            if not call.begun or call.ended:
                return Refusal(f"Call {command.call} is not under way.")
            return (
                CallEnded(
                    at=now,
                    by=SGWATCH,
                    containment=found.id,
                    call=command.call,
                    request_id=command.request_id,
                    error=command.error,
                    made=command.made,
                ),
            )
        case EndContainment():
            return (
                ContainmentEnded(
                    at=now,
                    by=SGWATCH,
                    containment=found.id,
                    verified=command.verified,
                    told=command.told,
                ),
            )
        case _:
            assert_never(command)


def _begin(containment: Containment, command: BeginCall, now: datetime) -> Decided:
    call = containment.calls[command.call]
    if call.ended or call.begun is not command.again:
        return Refusal(f"Call {command.call} is no longer where it was.")
    return (CallBegun(at=now, by=SGWATCH, containment=containment.id, call=command.call),)
