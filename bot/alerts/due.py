"""What is to be done for an alert now, and when to look again."""

from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.entries import Question
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.alerts.questions import open_questions


@dataclass(frozen=True, slots=True)
class Contain:
    """Carry the containment on from where it stands."""

    containment: str


@dataclass(frozen=True, slots=True)
class Present:
    """Have the channel show the alert as it is now."""

    channel: str


@dataclass(frozen=True, slots=True)
class Investigate:
    """Ask what the records do not tell."""

    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """The alert's retention is over."""


Step = Present | Investigate | Contain | Forget


@dataclass(frozen=True, slots=True)
class Due:
    """Steps to do now, and when to look again if nothing happens until then."""

    steps: tuple[Step, ...]
    next: datetime | None


def due(alert: Alert, progress: Progress, policy: AlertPolicy, now: datetime) -> Due:
    """Return the steps that are due. Presenting comes first: people see a revert begin."""
    if alert.status is Status.RESOLVED and alert.running is None:
        ends = _retained_until(alert, policy)
        if ends <= now:
            return Due((Forget(),), None)
        return Due(_present(alert, progress), ends)
    steps, waits = list[Step](_present(alert, progress)), list[datetime]()
    asking, later = open_questions(alert, progress.asking, policy.questions, now)
    waits += later
    if asking:
        steps.append(Investigate(asking))
    if (running := alert.running) is not None:
        if progress.contain is not None and progress.contain.next_try > now:
            waits.append(progress.contain.next_try)
        else:
            steps.append(Contain(running.id))
    return Due(tuple(steps), min(waits, default=None))


def _present(alert: Alert, progress: Progress) -> tuple[Step, ...]:
    return (Present(alert.channel),) if alert.position > progress.queued else ()


def _retained_until(alert: Alert, policy: AlertPolicy) -> datetime:
    ended = alert.resolution.at if alert.resolution else alert.raised_at
    return ended + policy.retention
