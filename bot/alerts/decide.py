"""What a person, or the worker, may do to an alert: ``decide`` gives entries or a refusal."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from bot.alerts.alert import Alert, Containment, Status
from bot.alerts.approval import LeftToPeople
from bot.alerts.approving import (
    already_resolved,
    busy,
    containment_asked,
    moved_on,
    releases_by_itself,
    reverts_by_itself,
    settled,
    unseen,
)
from bot.alerts.asking import answered, asked, by_policy, closed
from bot.alerts.climb_commands import ClimbRequest, ClimbWork, SnoozeUntil
from bot.alerts.climb_decide import decide_request, decide_work
from bot.alerts.commands import (
    Acknowledge,
    AlertCommand,
    AnswerAsActor,
    Approve,
    AskActor,
    AskIsolation,
    AskRelease,
    AskRevert,
    AskUndo,
    BeginCall,
    CloseCovered,
    CloseOnYes,
    Command,
    Comment,
    Decline,
    DeskCommand,
    EndCall,
    EndContainment,
    Exempt,
    Expire,
    LeaveToPeople,
    MarkBenign,
    PlanAgain,
    PolicyCommand,
    Refusal,
    ReleaseByItself,
    Reopen,
    RevertByItself,
    WorkerCommand,
)
from bot.alerts.covering import covered
from bot.alerts.entries import (
    Acknowledged,
    CallBegun,
    CallEnded,
    Commented,
    ContainmentEnded,
    Entry,
    Exempted,
    MarkedBenign,
    Refused,
    Reopened,
)
from bot.alerts.people import SGWATCH, Author, Person, Right
from bot.alerts.refusals import names, needs, own_change, reason_refusal
from bot.exemptions.model import Scope
from bot.exemptions.patterns import fits_path

APPROVAL = "approval"
"""The field of a refusal that is only for want of approval, which is then asked for."""
NOBODY = "Nobody was named who decides."

Decided = tuple[Entry, ...] | Refusal


def decide(alert: Alert, command: Command, person: Person | None, now: datetime) -> Decided:
    """Return what the command appends, or why it may not. ``person`` is None for the worker."""
    if isinstance(command, ClimbWork | ClimbRequest):
        return _on_climb(alert, command, person, now)
    if person is not None:
        return _by_person(alert, command, person, now)
    match command:
        case BeginCall() | EndCall() | EndContainment():
            return _report(alert, command, now)
        case PlanAgain() | Expire() | RevertByItself() | ReleaseByItself() | LeaveToPeople():
            return _by_policy(alert, command, now)
        case AskActor():
            return asked(alert, command, by_policy(command.policy), now)
        case CloseOnYes():
            return closed(alert, command, now)
        case CloseCovered():
            return covered(alert, command, now)
        case _:
            return Refusal(NOBODY)


def _by_person(alert: Alert, command: AlertCommand, person: Person, now: datetime) -> Decided:
    by = author(person)
    match command:
        case AskActor():
            refusal = needs(person, Right.RESPONDER) or own_change(alert, person)
            return refusal or asked(alert, command, by, now)
        case AnswerAsActor():
            return answered(alert, command, by, now)
        case AskRevert() | AskUndo() | AskIsolation() | AskRelease():
            return containment_asked(alert, command, person, by, now)
        case Approve() | Decline():
            return settled(alert, command, person, by, now)
        case Acknowledge() | MarkBenign() | Exempt() | Reopen() | Comment():
            return _person_refusal(alert, command, person) or _entries(alert, command, person, now)
        case BeginCall() | EndCall() | EndContainment():
            return Refusal("Only sgwatch itself reports on its calls.")
        case CloseOnYes() | CloseCovered():
            return Refusal("Only sgwatch itself closes an alert so.")
        case PlanAgain() | Expire() | RevertByItself() | ReleaseByItself() | LeaveToPeople():
            return Refusal("Only sgwatch itself does this.")
        case _:
            assert_never(command)


def _on_climb(
    alert: Alert, command: ClimbWork | ClimbRequest, person: Person | None, now: datetime
) -> Decided:
    if isinstance(command, ClimbWork):
        if person is not None:
            return Refusal("Only sgwatch itself reports on its calls.")
        return decide_work(alert, command, now)
    if person is None:
        return Refusal(NOBODY)
    refusal = needs(person, Right.RESPONDER)
    if isinstance(command, SnoozeUntil):
        refusal = refusal or own_change(alert, person)
    return refusal or decide_request(alert, command, author(person), now)


def _by_policy(alert: Alert, command: PolicyCommand, now: datetime) -> Decided:
    match command:
        case PlanAgain() | Expire():
            return moved_on(alert, command, now)
        case RevertByItself():
            return reverts_by_itself(alert, command, now)
        case ReleaseByItself():
            return releases_by_itself(alert, command, now)
        case LeaveToPeople():
            return (LeftToPeople(at=now, by=by_policy(command.policy), why=command.why),)
        case _:
            assert_never(command)


def refused(command: str, person: Person, refusal: Refusal, now: datetime) -> Refused:
    """Return the observation that records a refusal of the named command."""
    return Refused(at=now, by=author(person), command=command, why=refusal.why)


def author(person: Person) -> Author:
    """Return the person as the author of an entry."""
    return Author(person.slack_id, person.name, person.right, person.policy)


def own_exemption(scope: Scope, person: Person, hides: Iterable[str] = ()) -> Refusal | None:
    """Return the refusal of an exemption that names this person, or would have hidden theirs."""
    known = names(person)
    patterns = [pattern.casefold() for pattern in scope.principal_patterns]
    fitting = (name for name in known if any(fits_path(pattern, name) for pattern in patterns))
    by_clause = {
        "principals": any(fitting) or _among(known, (*scope.principals, *hides)),
        "persons": _among(known, (*scope.persons, *scope.sessions)),
    }
    for field, theirs in by_clause.items():
        if theirs:
            why = "This would exempt your own changes: somebody else has to decide on that."
            return Refusal(why, field=field)
    return None


def _among(known: set[str], named: Iterable[str]) -> bool:
    return bool(known & {name.casefold() for name in named})


def _person_refusal(alert: Alert, command: DeskCommand, person: Person) -> Refusal | None:
    if isinstance(command, Comment):
        return needs(person, Right.VIEWER)
    if refusal := needs(person, Right.RESPONDER):
        return refusal
    match command:
        case Acknowledge():
            return _acknowledge_refusal(alert, person)
        case MarkBenign() | Exempt():
            return own_change(alert, person) or _resolve_refusal(alert, command, person)
        case Reopen():
            if alert.status is not Status.RESOLVED:
                return Refusal("This alert is not resolved, so there is nothing to reopen.")
            return reason_refusal(command.reason)
        case _:
            assert_never(command)


def _acknowledge_refusal(alert: Alert, person: Person) -> Refusal | None:
    if alert.status is Status.RESOLVED:
        return Refusal(already_resolved(alert))
    if alert.hold is None:
        return None
    if alert.hold.by.slack_id == person.slack_id:
        return Refusal("You already hold this alert.")
    return Refusal(f"{alert.hold.by.name} already holds this alert.")


def _resolve_refusal(alert: Alert, command: MarkBenign | Exempt, person: Person) -> Refusal | None:
    if alert.status is Status.RESOLVED:
        return Refusal(already_resolved(alert))
    if refusal := busy(alert) or unseen(alert, command.seen):
        return refusal
    match command:
        case MarkBenign():
            return reason_refusal(command.reason)
        case Exempt():
            exemption = command.exemption
            return (
                reason_refusal(exemption.reason)
                or own_exemption(exemption.scope, person, command.hides)
                or _uncovered(command)
                or _unapproved(command)
            )
        case _:
            assert_never(command)


def _uncovered(command: Exempt) -> Refusal | None:
    if not command.uncovered:
        return None
    first, more = command.uncovered[0], len(command.uncovered) - 1
    rest = f" (and {more} more)" if more else ""
    return Refusal(f"This would not cover all of the alert: {first}{rest}.", field="scope")


def _unapproved(command: Exempt) -> Refusal | None:
    if not command.approval:
        return None
    why = f"A second person has to approve this first: {command.approval}."
    return Refusal(why, field=APPROVAL)


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
                    dry=command.dry,
                ),
            )
        case _:
            assert_never(command)


def _begin(containment: Containment, command: BeginCall, now: datetime) -> Decided:
    call = containment.calls[command.call]
    if call.ended or call.begun is not command.again:
        return Refusal(f"Call {command.call} is no longer where it was.")
    return (CallBegun(at=now, by=SGWATCH, containment=containment.id, call=command.call),)
