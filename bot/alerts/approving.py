"""Containment from the request to the approval: who may ask, approve, decline, break the glass."""

from datetime import datetime
from typing import assert_never

from bot.alerts.alert import Alert, Containment, Status
from bot.alerts.approval import (
    Approval,
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    Standing,
    Terms,
)
from bot.alerts.asking import by_policy
from bot.alerts.commands import (
    Approve,
    AskCommand,
    AskIsolation,
    AskRelease,
    AskRevert,
    AskUndo,
    Decline,
    Expire,
    PlanAgain,
    Refusal,
    ReleaseByItself,
    RevertByItself,
)
from bot.alerts.entries import (
    ContainmentAsked,
    Entry,
)
from bot.alerts.in_force import releasable, to_release
from bot.alerts.people import SGWATCH, Author, Person, Right
from bot.alerts.refusals import needs, own_change, reason_refusal
from bot.containment.action import Action
from bot.containment.choice import Stop
from bot.containment.digest import digest_of

Decided = tuple[Entry, ...] | Refusal

LASTED = "it has lasted as long as it was to"
SWITCHED_OFF = Refusal("Changing AWS is switched off. Press How to revert for the commands.")
NOTHING_UNDOABLE = Refusal("There is no revert of this alert that could be undone.")
NOTHING_HELD = Refusal("Nothing of this is in force any more: it is released already.")
NOTHING_LEFT = "nothing is left to do: what it was asked for is no longer there"


def busy(alert: Alert) -> Refusal | None:
    """Return why nothing else may be decided while AWS is changed, or is about to be."""
    if running := alert.running:
        noun = running.action.noun
        return Refusal(f"The {noun} by {running.by.name} is under way; wait until it has ended.")
    if waiting := alert.waiting:
        return Refusal(
            f"The {waiting.action.noun} that {waiting.by.name} asked for waits for approval: "
            "approve or decline it first."
        )
    return None


def containment_asked(
    alert: Alert, command: AskCommand, person: Person, by: Author, now: datetime
) -> Decided:
    """Return the entry that asks for a containment, or why this person may not."""
    terms = command.terms
    if terms.off:
        return SWITCHED_OFF
    refusal = (
        needs(person, terms.ask)
        or own_change(alert, person, terms.ask)
        or _unfit(alert, command)
        or reason_refusal(command.reason)
    )
    return refusal or (_asked(alert, command, by, terms, now),)


def reverts_by_itself(alert: Alert, command: RevertByItself, now: datetime) -> Decided:
    """Return the entry by which the policy reverts, or why it does not."""
    ask = AskRevert(command.plan, command.reason, command.seen, command.terms)
    if command.terms.off:
        return SWITCHED_OFF
    refusal = _unfit(alert, ask)
    return refusal or (_asked(alert, ask, by_policy(command.policy), command.terms, now),)


def releases_by_itself(alert: Alert, command: ReleaseByItself, now: datetime) -> Decided:
    """Return the entry by which what has lasted long enough is released."""
    found = to_release(alert, now)
    if found is None or found.id != command.of:
        return Refusal("This is not due to be released.")
    ask = AskRelease(command.of, command.plan, LASTED, Terms())
    return busy(alert) or (_asked(alert, ask, SGWATCH, ask.terms, now),)


def _unfit(alert: Alert, command: AskCommand) -> Refusal | None:
    """Return why the alert, as it stands, does not take this plan."""
    match command:
        case AskRevert():
            return _resolved(alert) or busy(alert) or unseen(alert, command.seen) or _empty(command)
        case AskUndo():
            return busy(alert) or _undone(alert, command.of) or _empty(command)
        case AskIsolation():
            return busy(alert) or unseen(alert, command.seen) or _empty(command)
        case AskRelease():
            return busy(alert) or _held(alert, command.of)
        case _:
            assert_never(command)


def _resolved(alert: Alert) -> Refusal | None:
    return Refusal(already_resolved(alert)) if alert.status is Status.RESOLVED else None


def already_resolved(alert: Alert) -> str:
    """Return who resolved it, in words."""
    if alert.resolution is None:
        return "This alert is already resolved."
    return f"{alert.resolution.by.name} already resolved this alert as {alert.resolution.kind}."


def unseen(alert: Alert, seen: int) -> Refusal | None:
    """Return the refusal of a decision on fewer changes than there are now."""
    if alert.counts.changes == seen:
        return None
    return Refusal(
        f"This alert has {alert.counts.changes} changes now; you were shown {seen}. "
        "Close this and look again."
    )


def _undone(alert: Alert, of: str) -> Refusal | None:
    found = alert.undoable
    if found is not None and found.id == of:
        return None
    return NOTHING_UNDOABLE


def _held(alert: Alert, of: str) -> Refusal | None:
    return None if releasable(alert, of) else NOTHING_HELD


def _empty(command: AskCommand) -> Refusal | None:
    if command.plan.calls:
        return None
    if isinstance(command, AskIsolation):
        return Refusal("There is nothing left to do: look at the plan again.")
    if isinstance(command, AskRevert):
        return Refusal("There is nothing to revert: the rules are no longer there.")
    return Refusal("There is nothing to undo: the rules are as they were before the revert.")


def _asked(
    alert: Alert, command: AskCommand, by: Author, terms: Terms, now: datetime
) -> ContainmentAsked:
    chosen = command.choice if isinstance(command, AskIsolation) else None
    lasts = chosen.lasts if isinstance(chosen, Stop) else None
    return ContainmentAsked(
        at=now,
        by=by,
        seen=getattr(command, "seen", alert.counts.changes),
        containment=next_id(alert),
        plan=command.plan,
        reason=command.reason.strip(),
        action=action_of(command),
        of=command.of if isinstance(command, AskUndo | AskRelease) else "",
        approval=Approval(terms.approve, now + terms.lasting) if terms.two else None,
        choice=chosen,
        until=now + lasts if lasts else None,
    )


def action_of(command: AskCommand) -> Action:
    """Return what the command asks for."""
    match command:
        case AskRevert():
            return Action.REVERT
        case AskUndo():
            return Action.UNDO
        case AskIsolation():
            return command.action
        case AskRelease():
            return Action.RELEASE
        case _:
            assert_never(command)


def next_id(alert: Alert) -> str:
    """Return the id of the next containment of the alert."""
    return f"{alert.id}-c{len(alert.containments) + 1}"


def settled(
    alert: Alert, command: Approve | Decline, person: Person, by: Author, now: datetime
) -> Decided:
    """Return what an approver's decision appends, or why it is not theirs to make."""
    waiting = alert.waiting
    if waiting is None or waiting.approval is None:
        return Refusal(_settled_already(alert))
    if waiting.approval.until <= now:
        return Refusal("This request has expired. Whoever still wants it asks again.")
    if isinstance(command, Decline):
        return _declined(alert, waiting, command, person, by, now)
    refusal = _glass(command, person) if command.glass else _second(waiting, person)
    refusal = refusal or own_change(alert, person, waiting.approval.right)
    if refusal is None and command.digest != digest_of(waiting.plan):
        refusal = Refusal("The plan was made again since you looked. Close this and look again.")
    if refusal is not None:
        return refusal
    return (
        ContainmentApproved(
            at=now,
            by=by,
            containment=waiting.id,
            digest=command.digest,
            glass=command.glass,
            reason=command.reason.strip(),
        ),
    )


def _second(waiting: Containment, person: Person) -> Refusal | None:
    right = waiting.approval.right if waiting.approval else Right.APPROVER
    if refusal := needs(person, right):
        return refusal
    if waiting.by.slack_id == person.slack_id:
        return Refusal("You asked for this yourself: a second person has to approve it.", right)
    return None


def _glass(command: Approve, person: Person) -> Refusal | None:
    return needs(person, Right.ADMIN) or reason_refusal(command.reason)


def broken_glass(alert: Alert, containment: Containment) -> str:
    """Return what the operators are told of an admin who goes ahead alone."""
    by = containment.settled_by or containment.by
    return (
        f"{by.name} broke the glass: the {containment.action.noun} on {alert.id} goes ahead "
        f"without a second person: {containment.why_alone}"
    )


def _declined(
    alert: Alert,
    waiting: Containment,
    command: Decline,
    person: Person,
    by: Author,
    now: datetime,
) -> Decided:
    refusal: Refusal | None = None
    if waiting.approval is not None and waiting.by.slack_id != person.slack_id:
        right = waiting.approval.right
        refusal = needs(person, right) or own_change(alert, person, right)
    refusal = refusal or reason_refusal(command.reason)
    return refusal or (
        ContainmentDeclined(at=now, by=by, containment=waiting.id, reason=command.reason.strip()),
    )


def _settled_already(alert: Alert) -> str:
    last = alert.containments[-1] if alert.containments else None
    if last is None or last.settled_by is None:
        return "Nothing waits for approval here."
    done = {Standing.DECLINED: "declined", Standing.EXPIRED: "has let expire"}
    return (
        f"{last.settled_by.name} {done.get(last.standing, 'approved')} "
        f"the {last.action.noun} already."
    )


def moved_on(alert: Alert, command: PlanAgain | Expire, now: datetime) -> Decided:
    """Return what becomes of a request by itself: its plan is made again, or it expires."""
    waiting = alert.waiting
    if waiting is None or waiting.approval is None or waiting.id != command.containment:
        return Refusal("Nothing waits for approval here.")
    match command:
        case Expire():
            if waiting.approval.until > now:
                return Refusal("This request has not expired yet.")
            return (ContainmentExpired(at=now, by=SGWATCH, containment=waiting.id),)
        case PlanAgain():
            if not command.plan.calls:
                return (
                    ContainmentDeclined(
                        at=now, by=SGWATCH, containment=waiting.id, reason=NOTHING_LEFT
                    ),
                )
            return (
                ContainmentPlanned(at=now, by=SGWATCH, containment=waiting.id, plan=command.plan),
            )
        case _:
            assert_never(command)
