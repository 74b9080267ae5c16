"""Containments as people see them: what the alert says of them, its buttons, and the thread."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from slack_sdk.models.blocks import Block, ButtonElement

from bot.alerts.alert import Alert, Containment
from bot.alerts.approval import (
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    LeftToPeople,
    Standing,
)
from bot.alerts.entries import CallEnded, ContainmentAsked, ContainmentEnded
from bot.changes.sentence import number_of
from bot.containment.action import Action as Does
from bot.slack.views.blocks import as_json, button, buttons, section
from bot.slack.views.facts import Fact
from bot.slack.views.mrkdwn import bold, clock, escape
from bot.slack.views.names import Action
from bot.slack.views.refs import AlertRef
from bot.slack.views.reply import REASON, Reply, quoted, told

ContainmentTold = (
    ContainmentAsked
    | ContainmentPlanned
    | ContainmentApproved
    | ContainmentDeclined
    | ContainmentExpired
    | LeftToPeople
    | CallEnded
    | ContainmentEnded
)
LABELS = {
    Does.REVERT: "Revert",
    Does.UNDO: "Undo",
    Does.QUARANTINE: "Quarantine",
    Does.RESTRICT: "Restrict",
    Does.RELEASE: "Release",
}


def containment_facts(alert: Alert) -> list[Fact]:
    """Return what there is to say of the last containment, while the alert is not resolved."""
    last = alert.containments[-1] if alert.containments else None
    if last is None:
        return [Fact("Revert", (f"not by itself: {alert.left}",))] if alert.left else []
    lines = tuple(line for line in _lines(last) if line)
    return [Fact(LABELS[last.action], lines)] if lines else []


def _lines(last: Containment) -> tuple[str, ...]:
    why = f"“{last.reason}” ({last.by.name})"
    if last.standing is Standing.WAITING:
        return ("waits for a second person to approve it", why)
    if last.standing is Standing.DECLINED:
        by = last.settled_by.name if last.settled_by else ""
        return (f"declined by {by}: {last.told}",)
    if last.standing is Standing.EXPIRED:
        return ("nobody approved it in time: ask again if it is still wanted",)
    if last.dry:
        return (f"dry run: {last.told}",)
    if last.verified is None:
        done = sum(call.ended for call in last.calls)
        return (f"{done} of {len(last.calls)} calls made; “{last.reason}”", _approved(last))
    if last.verified is False:
        return (f"did not end as planned: {last.told}",)
    if last.action is Does.REVERT and not last.plan.complete:
        return (f"done in part: {last.told}", "press Revert… for what is left")
    if last.action is Does.UNDO:
        return (f"the revert was undone: {last.told}", why)
    return ()


def _approved(containment: Containment) -> str:
    if containment.settled_by is None:
        return ""
    if containment.glass:
        return f"{containment.settled_by.name} broke the glass: nobody else approved it"
    return f"approved by {containment.settled_by.name}"


def approved_fact(containment: Containment) -> Fact:
    """Return who approved what was done."""
    by = containment.settled_by.name if containment.settled_by else ""
    return Fact("Approved", (_approved(containment) if containment.glass else by,))


def approvals(ref: AlertRef) -> Iterator[ButtonElement]:
    """Yield the buttons of what waits for approval."""
    yield button("Approve…", Action.APPROVE, ref, "primary")
    yield button("Decline…", Action.DECLINE, ref)


def containment_line(entry: ContainmentTold, alert: Alert, who: str) -> Reply | None:
    """Return what the thread says of it; ``who`` says, as markup, who may approve."""
    match entry:
        case ContainmentAsked():
            return _asked(entry, alert, who)
        case ContainmentPlanned():
            calls = number_of(len(entry.plan.calls), "call")
            text = f"⚠️ {bold('The rules have moved, so the plan was made again')} ({calls} to AWS)."
            return _to_approve(f"{text} {who}", alert, entry)
        case ContainmentApproved() | ContainmentDeclined() | ContainmentExpired():
            return _settled(entry, alert)
        case LeftToPeople():
            text = f"⚠️ {bold('Not reverted by itself')}: {escape(entry.why, REASON)}"
            return told(text, entry.at, broadcast=True)
        case CallEnded():
            if not entry.error:
                return None
            call = _call_name(entry, alert)
            return told(f"⚠️ {call} failed: {escape(entry.error, REASON)}", entry.at)
        case ContainmentEnded():
            return _ended(entry, alert)
        case _:
            assert_never(entry)


def _asked(entry: ContainmentAsked, alert: Alert, who: str) -> Reply:
    calls, noun = number_of(len(entry.plan.calls), "call"), _noun(entry.action)
    by, reason = escape(entry.by.name), quoted(entry.reason)
    if entry.approval is not None:
        head = bold(f"{by} asks for {noun}; a second person has to approve it")
        until = f"until {clock(entry.approval.until)}"
        return _to_approve(f"🔔 {head} {until} ({calls} to AWS): {reason}\n{who}", alert, entry)
    if not entry.by.slack_id:
        text = f"🛡️ {bold(f'{by} begins {noun} by itself')} ({calls} to AWS): {reason}"
        return told(text, entry.at, broadcast=True)
    return told(f"⏳ {by} asked for {noun} ({calls} to AWS): {reason}", entry.at)


def _to_approve(text: str, alert: Alert, entry: ContainmentAsked | ContainmentPlanned) -> Reply:
    reply = told(text.strip(), entry.at, broadcast=True)
    ref = AlertRef(alert.id, alert.version)
    blocks: list[Block] = [section(reply.text), buttons(list(approvals(ref)))]
    return replace(reply, blocks=as_json(blocks))


def _settled(
    entry: ContainmentApproved | ContainmentDeclined | ContainmentExpired, alert: Alert
) -> Reply:
    by, noun = escape(entry.by.name), _of(entry, alert)
    match entry:
        case ContainmentApproved() if entry.glass:
            head = bold(f"{by} broke the glass: the {noun} goes ahead without a second person")
            return told(f"🚨 {head}: {quoted(entry.reason)}", entry.at, broadcast=True)
        case ContainmentApproved():
            return told(f"👍 {by} approved the {noun}", entry.at)
        case ContainmentDeclined():
            return told(f"👎 {by} declined the {noun}: {quoted(entry.reason)}", entry.at)
        case ContainmentExpired():
            text = f"❌ {bold(f'Nobody approved the {noun} in time')}: nothing was changed"
            return told(text, entry.at, broadcast=True)
        case _:
            assert_never(entry)


def _ended(entry: ContainmentEnded, alert: Alert) -> Reply:
    text, noun = escape(entry.told, REASON), _of(entry, alert)
    found = _found(entry.containment, alert)
    action = found.action if found else Does.REVERT
    if entry.dry:
        return told(f"⚪ {bold('Dry run')}: {text}", entry.at)
    if not entry.verified:
        head = bold(f"The {noun} did not end as planned")
        return told(f"⚠️ {head}: {text}", entry.at, broadcast=True)
    if action is Does.UNDO:
        head = bold("The revert was undone: what it had closed is open again")
        return told(f"↩️ {head}. {text}", entry.at, broadcast=True)
    if action is not Does.REVERT:
        return told(f"✅ {LABELS[action]} done and read back from AWS: {text}", entry.at)
    if found is not None and not found.plan.complete:
        head = bold("Reverted in part")
        return told(f"⚠️ {head}; the rest is up to you. {text}", entry.at, broadcast=True)
    return told(f"✅ Reverted and read back from AWS: {text}", entry.at)


def _call_name(entry: CallEnded, alert: Alert) -> str:
    containment = _found(entry.containment, alert)
    if containment is None:
        return f"Call {entry.call + 1}"
    call = containment.plan.calls[entry.call]
    return escape(f"{call.operation} on {call.about}")


def _of(
    entry: ContainmentApproved | ContainmentDeclined | ContainmentExpired | ContainmentEnded,
    alert: Alert,
) -> str:
    found = _found(entry.containment, alert)
    return (found.action if found else Does.REVERT).noun


def _found(containment: str, alert: Alert) -> Containment | None:
    return next((c for c in alert.containments if c.id == containment), None)


def _noun(action: Does) -> str:
    return f"an {action.noun}" if action is Does.UNDO else f"a {action.noun}"
