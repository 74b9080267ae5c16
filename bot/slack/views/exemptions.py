"""The list of exemptions in force, for ``/sgwatch exemptions``."""

import re
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.changes.sentence import number_of
from bot.exemptions.model import Exemption
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import as_json, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, code, day, escape

LISTED = 20
SLACK_USER = re.compile(r"[UW][A-Z0-9]+")


def exemptions_message(exemptions: Sequence[Exemption], now: datetime) -> Message:
    """Return the exemptions in force, the next to end first."""
    in_force = sorted((e for e in exemptions if e.expires_at > now), key=lambda e: e.expires_at)
    if not in_force:
        text = "No exemption is in force: every change that a detection matches raises an alert."
        return Message(text, as_json([section(text)]))
    text = f"{number_of(len(in_force), 'exemption')} in force"
    blocks: list[Block] = [section(bold(text)), *map(_one, in_force[:LISTED])]
    if len(in_force) > LISTED:
        blocks.append(section(f"… and {len(in_force) - LISTED} more, which end later."))
    return Message(text, as_json(blocks))


def _one(exemption: Exemption) -> Block:
    world = " · 🌐 also what opens to the internet" if exemption.allow_world else ""
    head = f"{bold(escape(exemption.id))} · until {day(exemption.expires_at)}{world}"
    by = f"“{escape(exemption.reason, 300)}” · {_owner(exemption.owner)}"
    raised = f" · {escape(exemption.alert)}" if exemption.alert else ""
    return section(f"{head}\n{code(scope_text(exemption.scope), 1500)}\n{by}{raised}")


def _owner(owner: str) -> str:
    return f"<@{owner}>" if SLACK_USER.fullmatch(owner) else escape(owner)
