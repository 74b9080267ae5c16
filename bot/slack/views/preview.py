"""What an exemption would have hidden of the alerts of late, in the form and in answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.alerts.covering import Also
from bot.exemptions.model import FOREVER, Exemption
from bot.exemptions.preview import Preview, told, warnings
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import as_json, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, code, day, escape

LINE = 300
ALSO_NAMED = 10


@dataclass(frozen=True, slots=True)
class Tried:
    """An exemption, and what it would have hidden; ``whose`` changes it is meant for, if known.

    ``also`` are the open alerts that saving it resolves beside its own. ``approval`` is why a
    second person would have to approve it, if one would.
    """

    exemption: Exemption
    found: Preview
    whose: str = ""
    also: tuple[Also, ...] = ()
    approval: str = ""


def preview_sections(tried: Tried) -> list[Block]:
    """Return what it also resolves, what it would have hidden and what not, and in what it is
    broad.
    """
    scope = tried.exemption.scope
    first, *shown = told(tried.found, scope)
    lines = [bold(escape(first, LINE)), *(f"• {escape(line, LINE)}" for line in shown)]
    broad = [f"⚠️ {escape(line, LINE)}" for line in warnings(tried.found, scope, tried.whose)]
    if tried.approval:
        broad.append(f"✋ It needs a second person's approval: {escape(tried.approval, LINE)}.")
    also = [section(bold(f"✅ Also resolves {also_named(tried.also)}."))] if tried.also else []
    return [*also, section("\n".join(lines)), *([section("\n".join(broad))] if broad else [])]


def also_named(also: Sequence[Also]) -> str:
    """Return as markup the alerts that an exemption also resolves."""
    more = len(also) - ALSO_NAMED
    named = ", ".join(escape(each.alert) for each in also[:ALSO_NAMED])
    return f"{named} and {more} more open alerts" if more > 0 else named


def dry_run_message(tried: Tried) -> Message:
    """Return the answer to ``--dry-run``."""
    text = "Nothing is saved: this is what the exemption would do"
    closing = section("To save it, send the same without `--dry-run`.")
    return Message(text, as_json([*_said(text, tried), closing]))


def saved_message(tried: Tried) -> Message:
    """Return the answer once an exemption is in force."""
    exemption = tried.exemption
    text = f"{exemption.id} is in force from now on"
    end = f'/sgwatch exemptions end {exemption.id} because "…"'
    closing = section(f"In force {until(exemption.expires_at)}. To end it sooner: {code(end)}")
    return Message(text, as_json([*_said(text, tried), closing]))


def until(ends: datetime) -> str:
    """Return as markup until when an exemption is in force."""
    return "for ever" if ends == FOREVER else f"until {day(ends)}"


def _said(text: str, tried: Tried) -> list[Block]:
    scope = code(scope_text(tried.exemption.scope), 1500)
    world = "\n🌐 also what opens to the internet" if tried.exemption.allow_world else ""
    return [section(f"{bold(escape(text))}\n{scope}{world}"), *preview_sections(tried)]
