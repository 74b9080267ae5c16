"""Notices to the operators: what keeps failing, and when it is over."""

from bot.alerts.notice import Notice
from bot.slack.views.blocks import as_json, context, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, clock, escape

WHAT = 500
SUMMARY = 120


def failing_message(notice: Notice) -> Message:
    """Return what the operators are told while it fails."""
    what = escape(notice.what, WHAT)
    told = f"⚠️ {bold('sgwatch needs a hand')}\n{what}"
    since = f"since {clock(notice.since)} · nothing is lost; it is tried again by itself"
    blocks = as_json([section(told), context(since)])
    return Message(escape(f"⚠️ sgwatch: {notice.what}", SUMMARY), blocks)


def over_message(notice: Notice) -> Message:
    """Return what stands there when it no longer fails."""
    told = f"✅ {bold('Over')}: {escape(notice.what, WHAT)}"
    when = f"from {clock(notice.since)} to {clock(notice.last)}, {notice.times} times"
    return Message(
        f"✅ Over: {escape(notice.what, SUMMARY - 10)}", as_json([section(told), context(when)])
    )
