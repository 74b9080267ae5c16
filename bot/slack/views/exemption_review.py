"""The weekly review of exemptions in Slack: each with why it is told, and a button to end it."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block, SectionBlock

from bot.alerts.exemption_review import ToLookAt
from bot.changes.sentence import number_of
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import as_json, button, context, section
from bot.slack.views.exemptions import shown_owner
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, code, escape
from bot.slack.views.names import Action
from bot.slack.views.preview import until
from bot.slack.views.refs import ExemptionRef

LISTED = 15
NAME, SCOPE, WHY = 80, 300, 150


def exemption_review_message(found: Sequence[ToLookAt], now: datetime) -> Message:
    """Return the review."""
    told = f"{number_of(len(found), 'exemption')} to look at, week of {now:%Y-%m-%d}"
    blocks: list[Block] = [section(f"🗓️ {bold(told)}"), *map(_one, found[:LISTED])]
    if len(found) > LISTED:
        more = len(found) - LISTED
        blocks.append(context(f"… and {more:,} more: {code('/sgwatch exemptions')} lists all"))
    return Message(f"🗓️ {told}", as_json(blocks))


def _one(found: ToLookAt) -> SectionBlock:
    exemption = found.exemption
    name = escape(exemption.id, NAME)
    head = f"{bold(name)} · {until(exemption.expires_at)} · {shown_owner(exemption.owner)}"
    why = escape(f"⚠️ {'; '.join(found.why)}", WHY)
    reason = f"“{escape(exemption.reason, WHY)}”"
    text = "\n".join([head, why, code(scope_text(exemption.scope), SCOPE), reason])
    if exemption.file:
        return section(f"{text}\nManaged by the file {escape(exemption.file, NAME)}: end it there.")
    return section(text, button("End…", Action.EXEMPTION_END, ExemptionRef(exemption.id)))
