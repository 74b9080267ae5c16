"""The thread: one line for each decision, so that it reads as the log of people."""

from collections.abc import Callable
from typing import assert_never

from bot.alerts.alert import Alert
from bot.alerts.climb_entries import ClimbEntry
from bot.alerts.entries import (
    Acknowledged,
    ActorAnswered,
    ActorAsked,
    AlsoExempted,
    CallBegun,
    ChangeSeen,
    ClosedAtSource,
    Commented,
    Entry,
    Exempted,
    Found,
    MarkedBenign,
    OwnCallSeen,
    Raised,
    Refused,
    Reopened,
)
from bot.alerts.entries import Reply as Answer
from bot.alerts.people import Right
from bot.changes.sentence import number_of, rule_line
from bot.slack.views.climb import climb_line
from bot.slack.views.containment import ContainmentTold, containment_line
from bot.slack.views.headline import LIGHTS, SENTENCE, sentence_of
from bot.slack.views.mrkdwn import bold, clock, escape
from bot.slack.views.preview import until
from bot.slack.views.reply import REASON, Reply, quoted, told

RULES_TOLD = 3


def thread_line(
    entry: Entry, number: int, alert: Alert, who_may: Callable[[Right], str] = lambda _: ""
) -> Reply | None:
    """Return what the thread says of entry ``number``, or None where it says nothing.

    ``who_may`` says, as markup, who has a right: those are told what waits for their approval.

    A change is told only if it made the alert more severe, and then to the whole channel: an
    edited message notifies nobody. Refusals are private.
    """
    if isinstance(entry, ClimbEntry):
        return climb_line(entry, alert)
    if isinstance(entry, ContainmentTold):
        waiting = alert.waiting.approval if alert.waiting else None
        return containment_line(entry, alert, who_may(waiting.right) if waiting else "")
    match entry:
        case ChangeSeen():
            return _rise(entry, number, alert)
        case ClosedAtSource():
            return _closed(entry)
        case ActorAsked() | ActorAnswered():
            return _actor(entry)
        case AlsoExempted():
            by, reason = escape(entry.by.name), quoted(entry.reason)
            return told(
                f"🔕 {by} saved {escape(entry.exemption)}, which covers this: {reason}", entry.at
            )
        case Acknowledged() | MarkedBenign() | Exempted() | Reopened() | Commented():
            return Reply(f"{_decision(entry)} · {clock(entry.at)}")
        case Raised() | Found() | Refused() | OwnCallSeen() | CallBegun():
            return None
        case _:
            assert_never(entry)


def _decision(entry: Acknowledged | MarkedBenign | Exempted | Reopened | Commented) -> str:
    by = escape(entry.by.name)
    match entry:
        case Acknowledged():
            return f"👀 {by} holds this"
        case MarkedBenign():
            changes = number_of(entry.seen, "change")
            return f"✅ {by} marked {changes} benign: {quoted(entry.reason)}"
        case Exempted():
            exemption = entry.exemption
            lasts = f"{until(exemption.expires_at)} ({escape(exemption.id)})"
            return f"🔕 {by} exempted such changes {lasts}: {quoted(exemption.reason)}"
        case Reopened():
            return f"↩️ {by} reopened this: {quoted(entry.reason)}"
        case Commented():
            return f"💬 {by}: {escape(entry.text, REASON)}"
        case _:
            assert_never(entry)


def _rise(entry: ChangeSeen, number: int, alert: Alert) -> Reply | None:
    severity = next((rise.severity for rise in alert.rises if rise.entry == number), None)
    if severity is None:
        return None
    now = f"{LIGHTS[severity]} {bold(f'Now {severity.value.upper()}')}"
    what = escape(sentence_of(entry.sighting), SENTENCE)
    return Reply(f"{now}: {what} · {clock(entry.at)}", broadcast=True)


def _actor(entry: ActorAsked | ActorAnswered) -> Reply:
    by = escape(entry.by.name)
    if isinstance(entry, ActorAsked):
        return told(f"✉️ {by} asked {escape(entry.name)}: did you just do this?", entry.at)
    if entry.reply is Answer.NO:
        text = f"🔴 {bold(f'{by} says it was not them')}: the access is somebody else's"
        return told(text, entry.at, broadcast=True)
    reason = f": {quoted(entry.reason)}" if entry.reason else ""
    return told(f"✉️ {by} answers “{entry.reply.words}”{reason}", entry.at)


def _closed(entry: ClosedAtSource) -> Reply:
    closing = entry.closing
    gone = [rule_line(rule) for rule in closing.rules] + list(closing.rule_ids)
    gone += closing.cidrs or ()
    what = ", ".join(gone[:RULES_TOLD]) + (" and more" if len(gone) > RULES_TOLD else "")
    where = escape(closing.place if closing.everything else f"{what} on {closing.place}", REASON)
    return told(f"🔒 Closed at source: {escape(closing.by)} took away {where}", closing.at)
