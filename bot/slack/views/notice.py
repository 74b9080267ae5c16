"""Notices to the operators: what keeps failing, and when it is over."""

from collections.abc import Sequence

from bot.alerts.notice import Notice
from bot.slack.views.blocks import as_json, context, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, clock, escape

WHAT = 500
SUMMARY = 120
NAMED, EACH = 5, 300
"""Of many things that fail, so many are named, each in so many characters."""


def failing_message(notices: Sequence[Notice]) -> Message:
    """Return what the operators are told while something fails, or many things of one kind."""
    first, rest = notices[0], len(notices) - NAMED
    what = escape(first.what, WHAT)
    if len(notices) > 1:
        what = "\n".join(f"• {escape(notice.what, EACH)}" for notice in notices[:NAMED])
        if rest > 0:
            what += f"\n• and {rest} more of the kind: `sgwatch doctor` names each"
    told = f"⚠️ {bold('sgwatch needs a hand')}\n{what}"
    if first.glass:
        told = f"🚨 {bold('The glass was broken')}\n{what}"
    when = f"at {clock(first.since)}" + ("" if first.glass else " · nothing is lost")
    if not first.past:
        when = f"since {clock(first.since)} · nothing is lost; it is tried again by itself"
    blocks = as_json([section(told), context(when)])
    many = f" (and {len(notices) - 1} more)" if len(notices) > 1 else ""
    return Message(escape(f"⚠️ sgwatch: {first.what}", SUMMARY - len(many)) + many, blocks)


def over_message(notice: Notice) -> Message:
    """Return what stands there when it no longer fails, or does not happen any more."""
    light, word = ("☑️", "No more of it") if notice.past else ("✅", "Over")
    if notice.glass:
        light, word = "🚨", "The glass was broken"
    told = f"{light} {bold(word)}: {escape(notice.what, WHAT)}"
    many = "once" if notice.times == 1 else f"{notice.times} times"
    when = f"from {clock(notice.since)} to {clock(notice.last)}, {many}"
    if notice.times == 1:
        when = f"{many}, at {clock(notice.since)}"
    summary = f"{light} {word}: {escape(notice.what, SUMMARY - 20)}"
    return Message(summary, as_json([section(told), context(when)]))
