"""Headlines: what happened in one line, how bad it is, and where it stands."""

from datetime import timedelta

from bot.alerts.alert import Alert, Resolution, ResolutionKind, Status
from bot.alerts.closed import Balance, balance
from bot.alerts.entries import Reply
from bot.alerts.sighting import Sighting
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction
from bot.changes.sentence import number_of, sentence
from bot.changes.severity import Severity
from bot.cloudtrail.text import printable
from bot.containment.action import Action
from bot.slack.views.mrkdwn import bold, clock, escape

NOTIFICATION = 120
"""Characters: what a phone shows of a notification."""

SENTENCE = 300
NAME = 80
"""Characters of a name, so that a long one cannot push away what was done."""

LIGHTS = {
    Severity.LOW: "🔵",
    Severity.MEDIUM: "🟡",
    Severity.HIGH: "🟠",
    Severity.CRITICAL: "🔴",
}
DOING = {
    Action.REVERT: "Reverting",
    Action.UNDO: "Undoing the revert",
    Action.QUARANTINE: "Putting in quarantine",
    Action.RESTRICT: "Restricting",
    Action.RELEASE: "Releasing",
}
ENDS = {
    ResolutionKind.BENIGN: "✅",
    ResolutionKind.EXEMPTED: "🔕",
    ResolutionKind.REVERTED: "✅",
}


def happened(alert: Alert) -> str:
    """Return what happened in words, as outside text: the worst change, or all of them counted."""
    if not alert.worst:
        return "A security group was changed"
    if alert.counts.changes == 1 or alert.counts.world:
        return sentence_of(alert.worst[0])
    return f"{printable(alert.worst[0].principal.label, NAME)} {_counts(alert)}"


def sentence_of(seen: Sighting) -> str:
    """Return what one change did, as outside text."""
    return sentence(seen.principal, seen.change, seen.exposure)


def also(alert: Alert) -> str:
    """Return what stands under a headline that tells only the worst of several changes."""
    if alert.counts.changes > 1 and alert.counts.world:
        return f"This is the worst of {alert.counts.changes} changes, which {_counts(alert)}."
    return ""


def status_line(alert: Alert) -> str:
    """Return severity and who holds the alert, or how it was resolved."""
    if alert.resolution is not None:
        busy = alert.running is not None or alert.waiting is not None
        return _resolved(alert.resolution, alert) + (f" · {_held(alert)}" if busy else "")
    parts = [f"{LIGHTS[alert.severity]} {bold(alert.severity.value.upper())}"]
    if alert.rises:
        parts[0] += " (rose)"
    exposed, closed = world_sighting(alert), balance(alert)
    if closed.all:
        parts.append(_closed_at_source(closed))
    elif exposed is not None and exposed.exposure is not None and not _closed_again(alert):
        egress = exposed.exposure.direction is Direction.EGRESS
        outward = " FOR OUTGOING TRAFFIC" if egress else ""
        parts.append(f"🌐 {bold('OPEN TO THE INTERNET' + outward)}")
    denial = alert.actor.denial if alert.actor and alert.actor.answer is Reply.NO else ""
    if denial:
        parts.append(f"❗ {bold(escape(denial))}")
    parts.append(_held(alert))
    if alert.reopened and alert.reopened != denial:
        parts.append(f"reopened: {escape(alert.reopened)}")
    return " · ".join(parts)


def notification(alert: Alert, account: str) -> str:
    """Return the text for notifications and screen readers: all of it in 120 characters."""
    if alert.resolution is not None:
        kind = alert.resolution.kind
        start = f"{ENDS[kind]} {kind.upper()} by {escape(alert.resolution.by.name, 30)}: "
    else:
        start = f"{LIGHTS[alert.severity]} {alert.severity.value.upper()}: "
    others = alert.counts.changes - 1
    more = f" and {others} more" if others > 0 and alert.counts.world else ""
    end = f"{more} · {escape(account, 24)}" if account else more
    return start + escape(happened(alert), NOTIFICATION - len(start) - len(end)) + end


def undone(alert: Alert) -> str:
    """Return what a revert did, as outside text.

    It says what is gone, not that nothing else is open: other rules are not the alert's.
    """
    exposed = world_sighting(alert)
    if exposed is not None and exposed.exposure is not None and alert.counts.world == 1:
        opened = opened_by(exposed.exposure)
        return f"What opened {opened} on {exposed.change.group} to the internet is gone."
    changes, groups = alert.counts.changes, alert.counts.groups
    if changes == 1 and alert.worst:
        return f"The change to {alert.worst[0].change.group} is undone."
    return f"{changes} changes in {number_of(len(groups), 'group')} are undone."


def world_sighting(alert: Alert) -> Sighting | None:
    """Return the worst of the alert's changes that opened something to the whole internet."""
    return next((s for s in alert.worst if s.exposure and s.exposure.reach is Reach.WORLD), None)


def opened_by(exposure: Exposure) -> str:
    """Return what is exposed: "SSH (22/tcp)"."""
    ports = ", ".join(exposure.ports[:3])
    return f"{', '.join(exposure.services[:3])} ({ports})" if exposure.services else ports


def lasted(span: timedelta) -> str:
    """Return a time span in its two largest units: "6 min 12 s"."""
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    first = next((i for i, (number, _) in enumerate(units) if number), len(units) - 1)
    return " ".join(f"{n} {unit}" for n, unit in units[first : first + 2] if n) or "0 s"


def _counts(alert: Alert) -> str:
    counts = alert.counts
    what = number_of(counts.rules, "rule")
    where = number_of(len(counts.groups), "group")
    also_made = f" and made {number_of(counts.others, 'other change')}" if counts.others else ""
    world = f"{counts.world} of them" if counts.world else "none"
    return f"changed {what} in {where}{also_made}, {world} opened to the world"


def _closed_again(alert: Alert) -> bool:
    """Return whether a revert, even in part, took away all that the changes so far had opened."""
    last = alert.containments[-1] if alert.containments else None
    if last is None or last.action is not Action.REVERT:
        return False
    return last.verified is True and last.seen == alert.counts.changes


def _closed_at_source(closed: Balance) -> str:
    first, last = min(each.opened.at for each in closed.closed), closed.last.closing
    by = escape(printable(last.by, NAME))
    return f"🔒 {bold('closed at source')} by {by} after {lasted(last.at - first)}"


def _held(alert: Alert) -> str:
    if running := alert.running:
        doing = bold(DOING[running.action])
        return f"⏳ {doing} for {escape(running.by.name)} since {clock(running.at)}"
    if alert.waiting is not None and alert.waiting.approval is not None:
        asks = (
            f"{escape(alert.waiting.by.name)} asks for approval of the {alert.waiting.action.noun}"
        )
        return f"🔔 {bold(asks)} until {clock(alert.waiting.approval.until)}"
    if alert.status is Status.ACKNOWLEDGED and alert.hold is not None:
        return f"{bold(escape(alert.hold.by.name) + ' holds it')} since {clock(alert.hold.at)}"
    return "nobody holds it"


def _resolved(resolution: Resolution, alert: Alert) -> str:
    kind = f"{ENDS[resolution.kind]} {bold(resolution.kind.upper())}"
    by = escape(resolution.by.name)
    if resolution.kind is not ResolutionKind.REVERTED:
        return f"{kind} · by {by} {clock(resolution.at)}"
    reverts = [c for c in alert.containments if c.action is Action.REVERT]
    asked = next(c.at for c in reversed(reverts) if c.verified)
    return f"{kind} · by {by} {clock(asked)} · read back from AWS {clock(resolution.at)}"
