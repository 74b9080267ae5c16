"""Exemptions in Slack: the list of those in force, and one with its life and what it hid."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.alerts.life import Deed, Lived, edited_to, told_line
from bot.alerts.outcome import Outcome
from bot.changes.sentence import number_of
from bot.exemptions.file_diff import changes_told
from bot.exemptions.model import Exemption
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import as_json, context, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, both_clocks, code, day, escape
from bot.slack.views.preview import until as until_told

UNTIL = frozenset({Deed.EXTENDED, Deed.APPROVED})
LISTED = 20
HIDDEN_LISTED = 10
LIFE_LISTED = 10
PARAGRAPH = 3000
"""Characters that Slack takes in one section."""

SLACK_USER = re.compile(r"[UW][A-Z0-9]+")
HOW = (
    "Some of them: `/sgwatch exemptions list principal=role/ci rollout`, `search` finds ended ones "
    "too. "
    "One of them: `/sgwatch exemptions show EX-…`, `edit EX-…`, `approve EX-…`, "
    '`end EX-… because "…"`, `extend EX-… for 30d because "…"`'
)


def exemptions_message(
    found: Sequence[Exemption],
    now: datetime,
    hid: Mapping[str, str] | None = None,
    words: str = "",
) -> Message:
    """Return the exemptions found, in their order; ``hid`` is how much, by id.

    ``words`` are what was looked for, if anything was.
    """
    if not found:
        text = "No exemption is in force: every change that a detection matches raises an alert."
        if words:
            text = (
                f"There is no such exemption: {escape(words, 300)}. `search` finds ended ones too."
            )
        return Message(text, as_json([section(text)]))
    in_force = sum(exemption.is_in_force(now) for exemption in found)
    over = sum(exemption.is_over(now) for exemption in found)
    asked = len(found) - in_force - over
    text = f"{number_of(in_force, 'exemption')} in force"
    text += f", {asked} waiting for approval" if asked else ""
    text += f", {over} ended" if over else ""
    ones = (exemption_section(e, now, (hid or {}).get(e.id, "")) for e in found[:LISTED])
    looked = f": {escape(words, 300)}" if words else ""
    blocks: list[Block] = [section(f"{bold(text)}{looked}"), *ones]
    if len(found) > LISTED:
        more = f"… and {len(found) - LISTED} more: look for some of them by clauses or words."
        blocks.append(section(more))
    return Message(text, as_json([*blocks, context(HOW)]))


def exemption_message(
    exemption: Exemption,
    lived: Sequence[Lived],
    hid: str,
    hidden: Sequence[Outcome],
    now: datetime,
) -> Message:
    """Return one exemption: what it says, what was decided on it, and the latest that it hid."""
    ended = "" if not exemption.is_over(now) else ": it has ended"
    text = f"Exemption {escape(exemption.id)}{ended}"
    blocks: list[Block] = [
        section(bold(text)),
        exemption_section(exemption, now),
        *_asked(exemption, now),
        *map(section, _paragraphs(_life(exemption, lived))),
        section("\n".join([bold(f"This exemption {hid}"), *map(_hidden, hidden[:HIDDEN_LISTED])])),
    ]
    return Message(text, as_json(blocks))


def decided_message(exemption: Exemption, lived: Lived) -> Message:
    """Return what somebody is told who has ended or extended an exemption."""
    name = escape(exemption.id)
    if lived.did is Deed.ASKED:
        why = escape(exemption.pending.why if exemption.pending else "", 300)
        text = f"{name} stays as it is until a second person approves what you ask for, since {why}"
        return Message(text, as_json([section(text)]))
    if lived.did is Deed.ENDED:
        text = f"{name} has ended: such changes raise alerts again"
        return Message(text, as_json([section(f"{text}. “{escape(lived.reason, 300)}”")]))
    text = f"{name} is extended"
    until = f"{text} {until_told(exemption.expires_at)}. “{escape(lived.reason, 300)}”"
    return Message(text, as_json([section(until)]))


def exemption_section(exemption: Exemption, now: datetime, hid: str = "") -> Block:
    """Return an exemption as it stands, in three lines; ``hid`` is how much it hid."""
    world = " · 🌐 also what opens to the internet" if exemption.allow_world else ""
    told = f" · {hid}" if hid else ""
    head = f"{bold(escape(exemption.id))} · {_stands(exemption, now)}{world}{told}"
    by = f"“{escape(exemption.reason, 300)}” · {shown_owner(exemption.owner)}"
    raised = f" · {escape(exemption.alert)}" if exemption.alert else ""
    file = f" · managed by the file {escape(exemption.file, 64)}" if exemption.file else ""
    return section(f"{head}\n{code(scope_text(exemption.scope), 1500)}\n{by}{raised}{file}")


def _stands(exemption: Exemption, now: datetime) -> str:
    """Return until when it is in force, or what it waits for, or since when it has ended."""
    ends = exemption.expires_at
    if exemption.is_in_force(now):
        return until_told(ends)
    if exemption.is_asked(now):
        return "✋ waits for approval, hides nothing yet"
    return f"ended {day(ends)}"


def _asked(exemption: Exemption, now: datetime) -> Iterator[Block]:
    """Yield what waits for approval."""
    pending = exemption.pending
    if pending is None or not exemption.is_asked(now):
        return
    new, by = pending.exemption, shown_owner(pending.by)
    lines = [f"✋ {by} asks for approval until {both_clocks(pending.until)}: {escape(pending.why)}"]
    if exemption.is_in_force(now):
        lines += [f"• {escape(line, 300)}" for line in changes_told(exemption, new)]
    yield section("\n".join(lines))


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines in as few paragraphs as Slack takes."""
    held = ""
    for line in lines:
        if held and len(held) + len(line) >= PARAGRAPH:
            yield held
            held = ""
        held = f"{held}\n{line}" if held else line
    yield held


def _life(exemption: Exemption, lived: Sequence[Lived]) -> Iterator[str]:
    yield f"• {both_clocks(exemption.created_at)} made by {shown_owner(exemption.owner)}"
    later = [line for line in lived if line.did is not Deed.MADE]
    if len(later) > LIFE_LISTED:
        yield f"• … {len(later) - LIFE_LISTED} lines between"
    for line in later[-LIFE_LISTED:]:
        if line.did.ours:
            yield f"• {both_clocks(line.at)} {escape(told_line(line))}"
            continue
        place = lived.index(line)
        until = f" {until_told(line.until)}" if line.did in UNTIL else ""
        by = shown_owner(line.by.slack_id or line.by.name)
        if line.did is Deed.REFUSED:
            why = f"{by} was refused to {escape(line.wanted)} it: {escape(line.reason)}"
            yield f"• {both_clocks(line.at)} {why}"
            continue
        yield f"• {both_clocks(line.at)} {line.did}{until} by {by}: “{escape(line.reason)}”"
        if line.before is not None:
            after = edited_to(lived, place, exemption)
            yield from (f"   ◦ {escape(told, 300)}" for told in changes_told(line.before, after))


def _hidden(outcome: Outcome) -> str:
    where = escape(outcome.group or outcome.about or outcome.account, 60)
    who = escape(outcome.name or outcome.principal.rpartition(":")[2], 80)
    grave = f" · {outcome.sighting.severity}" if outcome.sighting else ""
    return f"• {both_clocks(outcome.at)} {escape(outcome.action, 80)} on {where} by {who}{grave}"


def shown_owner(owner: str) -> str:
    """Return as markup who somebody is, by a Slack id or a name."""
    return f"<@{owner}>" if SLACK_USER.fullmatch(owner) else escape(owner, 80)
