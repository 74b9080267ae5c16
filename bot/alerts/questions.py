"""Questions: which of them an alert still has, and when one is asked again."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from bot.alerts.alert import Alert, ResolutionKind
from bot.alerts.fact import Question
from bot.alerts.progress import Trouble
from bot.changes.change import Change
from bot.changes.rules import Direction

ONCE = (timedelta(0),)
AGAIN: Mapping[Question, tuple[timedelta, ...]] = {
    Question.ACTIVITY: tuple(timedelta(minutes=m) for m in (0, 1, 3, 10, 20, 32)),
    Question.PERSISTENCE: tuple(timedelta(minutes=m) for m in (0, 10, 60)),
}
"""When a question is asked, from the raising on, where not once: CloudTrail's history lags.

The last time is counted from the alert's last change too, once it was long enough ago.
"""

OF_GROUP = frozenset({Question.GROUP, Question.BEHIND, Question.MANAGED, Question.REPEATED})
"""Questions about the group of the worst change: asked anew when another becomes the worst."""

AFTER = frozenset({Question.FLOW_LOGS})
"""Questions that arise only once what was opened is closed again by a revert."""

OF_CHANGES = OF_GROUP | {Question.WHO, Question.PLACE}
"""Questions whose answer more changes may make untrue: who held the key that opened a port is not
always who holds it an hour later, and what nothing used then may be used by now.
"""

QUIET = timedelta(minutes=1)
"""After changes have paused for so long they are asked anew: a storm asks no more than one change.
"""


def subjects_of(alert: Alert, question: Question) -> tuple[str, ...]:
    """Return what a question is about: the group of the worst change, or who did it."""
    if question is Question.GROUP_NAME:
        return tuple(change.group.id for change in unnamed_groups(alert))
    if question in AFTER and not _was_open(alert):
        return ()
    if question in OF_GROUP | AFTER:
        found = alert.worst[0].change.group.id if alert.worst else ""
    else:
        found = alert.principal.id if alert.principal else ""
    return (found,) if found else ()


def _was_open(alert: Alert) -> bool:
    """Return whether a revert has closed what let something in."""
    ended = alert.resolution is not None and alert.resolution.kind is ResolutionKind.REVERTED
    exposure = alert.worst[0].exposure if alert.worst else None
    return ended and exposure is not None and exposure.direction is Direction.INGRESS


def open_questions(
    alert: Alert,
    troubles: Mapping[Question, Trouble],
    askable: Collection[Question],
    now: datetime,
) -> tuple[tuple[Question, ...], list[datetime]]:
    """Return the questions to ask now, and when others are to be asked."""
    asking, later = [], []
    for question in Question:
        if question not in askable:
            continue
        trouble = troubles.get(question)
        when = trouble.next_try if trouble else _next(alert, question)
        if when is None:
            continue
        if when <= now:
            asking.append(question)
        else:
            later.append(when)
    return tuple(asking), later


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


def _next(alert: Alert, question: Question) -> datetime | None:
    """Return when the question is to be asked; None for not any more."""
    subjects = subjects_of(alert, question)
    if not subjects:
        return None
    answered = {(fact.question, fact.about) for fact in alert.facts}
    if any((question, subject) not in answered for subject in subjects):
        return alert.raised_at
    asked = next((asked for asked in alert.asked if asked.question is question), None)
    if question in OF_CHANGES and asked is not None and asked.seen < alert.counts.changes:
        return max(asked.at, alert.last_at or asked.at) + QUIET
    last = asked.at if asked is not None else None
    times = [alert.raised_at + after for after in AGAIN.get(question, ONCE)]
    if question in AGAIN and alert.last_at is not None:
        times.append(max(alert.last_at, alert.raised_at) + AGAIN[question][-1])
    return next((time for time in times if last is None or time > last), None)
