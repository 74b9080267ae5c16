"""What is to be done for an alert now, and when to look again."""

from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.aside import is_set_aside
from bot.alerts.asking import Whom, closes, is_untold, to_be_asked
from bot.alerts.automatic import reverts_itself
from bot.alerts.climb_due import Move, climb_moves
from bot.alerts.fact import Question
from bot.alerts.in_force import in_force, next_release, to_release
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.alerts.questions import AFTER, open_questions


@dataclass(frozen=True, slots=True)
class Contain:
    """Carry the containment on from where it stands."""

    containment: str


@dataclass(frozen=True, slots=True)
class Present:
    """Have the channel show the alert as it is now."""

    channel: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """Leave the alert to the digest: it has no message of its own."""


@dataclass(frozen=True, slots=True)
class Investigate:
    """Ask what the records do not tell."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class ChooseActor:
    """Have whoever did it asked, as the policy wants it."""

    whom: Whom


@dataclass(frozen=True, slots=True)
class Ask:
    """Send the direct message that asks the actor, or have it show how things stand."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the alert on the actor's word, as the policy wants it."""


@dataclass(frozen=True, slots=True)
class RevertByItself:
    """Revert it without anybody asking, as the policy wants it."""


@dataclass(frozen=True, slots=True)
class Expire:
    """Nobody has approved the containment in time."""

    containment: str


@dataclass(frozen=True, slots=True)
class Release:
    """The containment has lasted as long as it was to."""

    containment: str


@dataclass(frozen=True, slots=True)
class Forget:
    """The alert's retention is over."""


AlertStep = (
    Present
    | SetAside
    | Investigate
    | Contain
    | RevertByItself
    | Release
    | Expire
    | ChooseActor
    | Ask
    | Close
    | Forget
)
Step = AlertStep | Move


@dataclass(frozen=True, slots=True)
class Due:
    """Steps to do now, and when to look again if nothing happens until then."""

    steps: tuple[Step, ...]
    next: datetime | None


def due(alert: Alert, progress: Progress, policy: AlertPolicy, now: datetime) -> Due:
    """Return the steps that are due. Presenting comes first: people see a revert begin.

    Asking takes long, so it has a turn of its own, in which nothing waits to be shown.
    """
    if alert.status is Status.RESOLVED and alert.running is None and alert.waiting is None:
        # What still holds in AWS must not be forgotten: only the alert says how to release it.
        ends = () if in_force(alert) else (_retained_until(alert, policy),)
        if ends and ends[0] <= now:
            return Due((Forget(),), None)
        asking, again = _ask(alert, progress, policy, now)
        releasing, then = _release(alert, progress, now)
        moves, climbing = climb_moves(alert, progress, policy.escalation, now)
        done = (*_present(alert, progress, policy), *moves, *asking, *releasing)
        after = policy.questions & AFTER
        questions, later = open_questions(alert, progress.asking, after, now)
        if questions and not done:
            done = (Investigate(questions),)
        return Due(done, min((*ends, *again, *then, *climbing, *later), default=None))
    moves, waits = climb_moves(alert, progress, policy.escalation, now)
    steps: list[Step] = [*_present(alert, progress, policy), *moves]
    questions, later = open_questions(alert, progress.asking, policy.questions, now)
    waits += later
    if questions and not steps:
        steps.append(Investigate(questions))
    asking, again = _ask(alert, progress, policy, now)
    steps += asking
    waits += again
    containing, again = _contain(alert, progress, policy, now)
    steps += containing
    waits += again
    return Due(tuple(steps), min(waits, default=None))


def _contain(
    alert: Alert, progress: Progress, policy: AlertPolicy, now: datetime
) -> tuple[tuple[Step, ...], tuple[datetime, ...]]:
    """Return what is to be done about AWS, or when."""
    if alert.waiting is not None:
        return _expire(alert, now)
    running = alert.running
    if running is None and not reverts_itself(alert, policy.containment, now):
        return _release(alert, progress, now)
    if progress.contain is not None and progress.contain.next_try > now:
        return (), (progress.contain.next_try,)
    return (RevertByItself() if running is None else Contain(running.id),), ()


def _release(
    alert: Alert, progress: Progress, now: datetime
) -> tuple[tuple[Step, ...], tuple[datetime, ...]]:
    """Return what is to be released now, or when the next one is."""
    if (found := to_release(alert, now)) is None:
        later = next_release(alert, now)
        return (), ((later,) if later else ())
    if progress.contain is not None and progress.contain.next_try > now:
        return (), (progress.contain.next_try,)
    return (Release(found.id),), ()


def _expire(alert: Alert, now: datetime) -> tuple[tuple[Step, ...], tuple[datetime, ...]]:
    """Return that a request expires, or when it does."""
    waiting = alert.waiting
    if waiting is None or waiting.approval is None:
        return (), ()
    until = waiting.approval.until
    return ((Expire(waiting.id),), ()) if until <= now else ((), (until,))


def _present(alert: Alert, progress: Progress, policy: AlertPolicy) -> tuple[Step, ...]:
    if alert.position <= progress.queued:
        return ()
    aside = is_set_aside(alert, progress, policy.digest)
    return (SetAside() if aside else Present(alert.channel),)


def _ask(
    alert: Alert, progress: Progress, policy: AlertPolicy, now: datetime
) -> tuple[tuple[Step, ...], tuple[datetime, ...]]:
    """Return what is to be done about asking the actor, or when it is tried again."""
    if closes(alert, policy.ask):
        return (Close(),), ()
    direct = progress.direct
    step: Step | None = None
    if is_untold(alert, direct):
        step = Ask()
    elif not direct.nobody and (whom := to_be_asked(alert, policy.ask, now)):
        step = ChooseActor(whom)
    if step is None:
        return (), ()
    if direct.trouble is not None and direct.trouble.next_try > now:
        return (), (direct.trouble.next_try,)
    return (step,), ()


def _retained_until(alert: Alert, policy: AlertPolicy) -> datetime:
    ended = alert.resolution.at if alert.resolution else alert.raised_at
    return ended + policy.retention
