"""What is to be done for an alert now, and when to look again."""

from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.entries import Question
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.changes.change import Change


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

    question: Question


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
    steps, waits = list(_present(alert, progress)), []
    for trouble, step in (
        (progress.investigate, _investigation(alert)),
        (progress.contain, _containment(alert)),
    ):
        if step is None:
            continue
        if trouble is not None and trouble.next_try > now:
            waits.append(trouble.next_try)
        else:
            steps.append(step)
    return Due(tuple(steps), min(waits, default=None))


def unnamed_groups(alert: Alert) -> tuple[Change, ...]:
    """Return a change for each group whose name neither a record nor AWS has told yet."""
    answered = {(fact.question, fact.about) for fact in alert.facts}
    unnamed = {
        seen.change.group.id: seen.change
        for seen in alert.worst
        if seen.change.group.id and not seen.change.group.name
    }
    return tuple(
        change for group, change in unnamed.items() if (Question.GROUP_NAME, group) not in answered
    )


def _investigation(alert: Alert) -> Investigate | None:
    return Investigate(Question.GROUP_NAME) if unnamed_groups(alert) else None


def _containment(alert: Alert) -> Contain | None:
    return Contain(alert.running.id) if alert.running else None


def _present(alert: Alert, progress: Progress) -> tuple[Step, ...]:
    return (Present(alert.channel),) if alert.position > progress.queued else ()


def _retained_until(alert: Alert, policy: AlertPolicy) -> datetime:
    ended = alert.resolution.at if alert.resolution else alert.raised_at
    return ended + policy.retention
