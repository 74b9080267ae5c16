"""The climb: its one line on the alert, and what the thread says of whom it called."""

from typing import assert_never

from bot.alerts.alert import Alert, Status
from bot.alerts.climb_entries import (
    CallTold,
    ClimbBegan,
    ClimbEntry,
    Escalated,
    EscalationAsked,
    PagerResolved,
    Reminded,
    Snoozed,
)
from bot.escalation.climb import Call, Climb, Fate, Rung, next_rung
from bot.escalation.target import EVERYBODY, GROUP, PERSON, Way
from bot.slack.views.headline import LIGHTS, SENTENCE, happened
from bot.slack.views.mrkdwn import bold, clock, escape
from bot.slack.views.reply import Reply

REASON, NAME = 1000, 80


def ladder_line(alert: Alert) -> str:
    """Return how far the alert has climbed and who comes next; nothing where nobody is called."""
    if alert.status is not Status.OPEN:
        return ""
    if alert.snooze is not None:
        snooze = alert.snooze
        until, by = clock(snooze.until), escape(snooze.by.name)
        return f"😴 Nobody is called before {until}: snoozed by {by}, “{escape(snooze.reason)}”"
    climb = alert.climb
    if climb is None or climb.stopped is not None:
        return ""
    coming = next_rung(climb)
    then = ""
    if coming is not None:
        name = escape(climb.ladder.levels[coming.level].name, NAME)
        then = f"next {clock(coming.at)} {bold(name)}"
    if not climb.rungs:
        return f"📣 {then}"
    last = climb.rungs[-1]
    return f"📣 {_reached(climb, last)}, {then or 'nobody is left to call'}"


def _reached(climb: Climb, last: Rung) -> str:
    levels = climb.ladder.levels
    name = escape(levels[last.level].name, NAME)
    return f"Level {last.level + 1} of {len(levels)}: {name} {_did(last)} {clock(last.at)}"


def _did(rung: Rung) -> str:
    """Return what came of a level in a word: of its pages before its mentions."""
    calls = [call for call in rung.calls if call.target.way is not Way.MENTION] or rung.calls
    fates = {call.fate for call in calls}
    if Fate.SENT in fates:
        return "paged" if any(call.target.way.pages for call in calls) else "mentioned"
    if Fate.WAITING in fates:
        return "is being paged"
    return "paged already" if Fate.HELD in fates else "could not be reached"


def climb_line(entry: ClimbEntry, alert: Alert) -> Reply | None:
    """Return what the thread says of an entry of the alert's climb."""
    match entry:
        case ClimbBegan():
            return None
        case Escalated():
            return _escalated(entry, alert)
        case CallTold():
            return Reply(f"{_fate(entry)} · {clock(entry.at)}")
        case EscalationAsked():
            by, reason = escape(entry.by.name), escape(entry.reason, REASON)
            return Reply(f"⏫ {by} wants more people now: “{reason}” · {clock(entry.at)}")
        case Snoozed():
            by, reason = escape(entry.by.name), escape(entry.reason, REASON)
            until = clock(entry.until)
            return Reply(f"😴 {by} snoozed this until {until}: “{reason}” · {clock(entry.at)}")
        case Reminded():
            holder = mention(entry.holder.slack_id) or escape(entry.holder.name)
            return Reply(f"⏰ {holder}, you hold this and it is still open · {clock(entry.at)}")
        case PagerResolved():
            by, pager = escape(entry.name), escape(entry.pager)
            text = f"📟 {by} resolved the page in {pager}. Say here how it ended."
            return Reply(f"{text} · {clock(entry.at)}")
        case _:
            assert_never(entry)


def mention(to: str) -> str:
    """Return the mention of a person, a user group or everybody here; of nothing else."""
    if to in EVERYBODY:
        return f"<!{to}>"
    if GROUP.fullmatch(to):
        return f"<!subteam^{to}>"
    return f"<@{to}>" if PERSON.fullmatch(to) else ""


def _escalated(entry: Escalated, alert: Alert) -> Reply | None:
    """Mention whom the level mentions, to the whole channel; pages are told once they are sent.

    Who is woken reads this line alone, so it says what is the matter.
    """
    name, at = bold(escape(entry.name, NAME)), clock(entry.at)
    mentioned = [
        mention(call.target.to)
        for call in entry.calls
        if call.target.way is Way.MENTION and call.fate is Fate.SENT
    ]
    lines = []
    if mentioned:
        severity = f"{LIGHTS[alert.severity]} {bold(alert.severity.value.upper())}"
        what = escape(happened(alert), SENTENCE)
        lines.append(f"📣 {' '.join(mentioned)} {severity}, and nobody holds it yet: {what}")
        lines.append(f"Called: {name} · {at}")
    lines += [_missed(call) for call in entry.calls if call.fate in {Fate.FAILED, Fate.HELD}]
    if not entry.calls:
        lines.append(f"⚠️ There is nobody to call: {name} · {at}")
    return Reply("\n".join(lines), broadcast=bool(mentioned)) if lines else None


def _missed(call: Call) -> str:
    whom, told = escape(call.whom, NAME), escape(call.told)
    if call.target.way is Way.MENTION and GROUP.fullmatch(call.whom):
        whom = "the user group"  # Its id says nothing, and its mention would call it.
    return f"⚠️ {whom}: {told}" if call.fate is Fate.FAILED else f"🔕 Not called, {whom}: {told}"


def _fate(entry: CallTold) -> str:
    whom, told = bold(escape(entry.whom, NAME)), escape(entry.told)
    match entry.fate:
        case Fate.SENT:
            return f"📟 {whom} was paged" + (f": {told}" if told else "")
        case Fate.HELD:
            return f"🔕 {whom} was not paged again: {told}"
        case Fate.FAILED | Fate.WAITING:
            return f"⚠️ {whom} could not be paged: {told}"
