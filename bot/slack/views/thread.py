"""The thread: one line for each decision, so that it reads as the log of people."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.alerts.alert import Alert
from bot.alerts.entries import (
    Acknowledged,
    ActorAnswered,
    ActorAsked,
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
)
from bot.alerts.entries import Reply as Answer
from bot.changes.sentence import number_of, rule_line
from bot.slack.views.headline import LIGHTS, SENTENCE, sentence_of
from bot.slack.views.mrkdwn import bold, clock, day, escape

REASON = 1000
RULES_TOLD = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in the alert's thread; a broadcast one is also shown in the channel."""

    text: str
    broadcast: bool = False


def thread_line(entry: Entry, number: int, alert: Alert) -> Reply | None:
    """Return what the thread says of entry ``number``, or None where it says nothing.

    A change is told only if it made the alert more severe, and then to the whole channel: an
    edited message notifies nobody. Refusals are private.
    """
    match entry:
        case ChangeSeen():
            return _rise(entry, number, alert)
        case ContainmentAsked() | CallEnded() | ContainmentEnded():
            return _containment(entry, alert)
        case ClosedAtSource():
            return _closed(entry)
        case ActorAsked() | ActorAnswered():
            return _actor(entry)
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
            return f"✅ {by} marked {changes} benign: {_quoted(entry.reason)}"
        case Exempted():
            exemption = entry.exemption
            until = f"until {day(exemption.expires_at)} ({escape(exemption.id)})"
            return f"🔕 {by} exempted such changes {until}: {_quoted(exemption.reason)}"
        case Reopened():
            return f"↩️ {by} reopened this: {_quoted(entry.reason)}"
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
        return _told(f"✉️ {by} asked {escape(entry.name)}: did you just do this?", entry.at)
    if entry.reply is Answer.NO:
        text = f"🔴 {bold(f'{by} says it was not them')}: the access is somebody else's"
        return _told(text, entry.at, broadcast=True)
    reason = f": {_quoted(entry.reason)}" if entry.reason else ""
    return _told(f"✉️ {by} answers “{entry.reply.words}”{reason}", entry.at)


def _closed(entry: ClosedAtSource) -> Reply:
    closing = entry.closing
    gone = [rule_line(rule) for rule in closing.rules] + list(closing.rule_ids)
    gone += closing.cidrs or ()
    what = ", ".join(gone[:RULES_TOLD]) + (" and more" if len(gone) > RULES_TOLD else "")
    where = escape(closing.place if closing.everything else f"{what} on {closing.place}", REASON)
    return _told(f"🔒 Closed at source: {escape(closing.by)} took away {where}", closing.at)


def _containment(
    entry: ContainmentAsked | CallEnded | ContainmentEnded, alert: Alert
) -> Reply | None:
    match entry:
        case ContainmentAsked():
            calls, by = number_of(len(entry.plan.calls), "call"), escape(entry.by.name)
            text = f"⏳ {by} asked for a revert ({calls} to AWS): {_quoted(entry.reason)}"
            return _told(text, entry.at)
        case CallEnded():
            if not entry.error:
                return None
            call = _call_name(entry, alert)
            return _told(f"⚠️ {call} failed: {escape(entry.error, REASON)}", entry.at)
        case ContainmentEnded():
            told = escape(entry.told, REASON)
            if entry.verified and not _complete(entry, alert):
                text = f"⚠️ {bold('Reverted in part')}; the rest is up to you. {told}"
                return _told(text, entry.at, broadcast=True)
            if entry.verified:
                return _told(f"✅ Reverted and read back from AWS: {told}", entry.at)
            text = f"⚠️ {bold('The revert did not end as planned')}: {told}"
            return _told(text, entry.at, broadcast=True)
        case _:
            assert_never(entry)


def _complete(entry: ContainmentEnded, alert: Alert) -> bool:
    return all(c.plan.complete for c in alert.containments if c.id == entry.containment)


def _call_name(entry: CallEnded, alert: Alert) -> str:
    containment = next((c for c in alert.containments if c.id == entry.containment), None)
    if containment is None:
        return f"Call {entry.call + 1}"
    call = containment.plan.calls[entry.call]
    return escape(f"{call.operation} on {call.about}")


def _told(text: str, at: datetime, *, broadcast: bool = False) -> Reply:
    return Reply(f"{text} · {clock(at)}", broadcast)


def _quoted(reason: str) -> str:
    return f"“{escape(reason, REASON)}”"
