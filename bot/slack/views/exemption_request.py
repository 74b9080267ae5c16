"""Approval in Slack: what is asked, with its button, and what became of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.alerts.covering import Also
from bot.alerts.life import Deed, Lived
from bot.exemptions.file_diff import changes_told
from bot.exemptions.model import Exemption, Pending
from bot.slack.views.blocks import Json, as_json, context, modal, section, words
from bot.slack.views.exemptions import exemption_section, shown_owner
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, both_clocks, escape
from bot.slack.views.names import Action
from bot.slack.views.preview import Tried, also_named, preview_sections
from bot.slack.views.version_ref import VersionRef, write_version

LABEL = 75
SETTLES = frozenset({Deed.APPROVED, Deed.LAPSED, Deed.ENDED, Deed.EDITED, Deed.EXTENDED})


def asked_message(held: Exemption, tried: Tried) -> Message:
    """Return what somebody is told whose exemption waits for a second person."""
    text = f"{held.id} waits for approval: nothing is hidden yet"
    blocks: list[Block] = [section(bold(escape(text)))]
    if held.pending is not None:
        blocks.append(section(_until(held.pending)))
    return Message(text, as_json([*blocks, *preview_sections(tried)]))


def waiting_modal(title: str, pending: Pending) -> Json:
    """Return what takes the place of a form whose change waits for approval."""
    told = f"✋ It stays as it is until a second person approves this. {_until(pending)}"
    return modal(title, [section(told)])


def asked_modal(title: str, held: Exemption) -> Json:
    """Return what takes the place of the form on an alert."""
    pending = _until(held.pending) if held.pending else ""
    said = "Until then the alert stays open and nothing is hidden; the approval resolves it."
    told = f"✋ {bold(escape(held.id))} waits for approval. {pending} {said}"
    return modal(title, [section(told)])


def request_message(
    held: Exemption, pending: Pending, tried: Tried, now: datetime, said: str
) -> Message:
    """Return what approvers are shown. ``said`` is why whoever asked wants it."""
    text = f"{held.id} asks for approval: {pending.why}"
    asker = f"{shown_owner(pending.by)} asks, because “{escape(said, 300)}”. {_until(pending)}"
    approve = ButtonElement(
        text=words("Approve"),
        action_id=Action.EXEMPTION_APPROVE,
        value=write_version(VersionRef(held.id, held.version, also=_carried(tried))),
        style="primary",
        accessibility_label=f"Approve exemption {held.id}"[:LABEL],
    )
    end = f'Not right? `/sgwatch exemptions end {escape(held.id)} because "…"`'
    blocks: list[Block] = [
        section(f"✋ {bold(escape(text))}"),
        section(asker),
        exemption_section(pending.exemption, now),
        *_changes(held, pending, now),
        *preview_sections(tried),
        ActionsBlock(elements=[approve]),
        context(f"Approvers may, but not who asks, nor for changes of their own. {end}"),
    ]
    return Message(escape(text), as_json(blocks))


def _carried(tried: Tried) -> tuple[tuple[str, int], ...]:
    return tuple((each.alert, each.changes) for each in tried.also)


def settled_message(exemption: Exemption, lived: Sequence[Lived]) -> Message:
    """Return what stands there once it is decided: by whom, and how."""
    last = next((line for line in reversed(lived) if line.did in SETTLES), None)
    light = "✅" if last and last.did is Deed.APPROVED else "☑️"
    text = f"{exemption.id} is no longer asked for"
    if last is not None:
        by = shown_owner(last.by.slack_id or last.by.name)
        what = f"{bold(escape(exemption.id))}: {last.did} by {by} {both_clocks(last.at)}"
        if last.did is Deed.LAPSED:
            what = f"{bold(escape(exemption.id))}: nobody approved it in time"
        text = f"{exemption.id}: {last.did}"
        return Message(escape(text), as_json([section(f"{light} {what}")]))
    return Message(escape(text), as_json([section(escape(text))]))


def approved_message(
    exemption: Exemption, unresolved: str = "", also: Sequence[Also] = ()
) -> Message:
    """Return what somebody is told who has approved it; ``unresolved`` is why its alert is open,
    ``also`` are the alerts that it also resolves.
    """
    text = f"{escape(exemption.id)} is approved, and in force from now on"
    if exemption.alert and unresolved:
        text += f". {escape(exemption.alert)} stays open: {escape(unresolved, 500)}"
    elif exemption.alert:
        text += f". {escape(exemption.alert)} is resolved by it"
    if also:
        text += f". It also resolves {also_named(also)}"
    return Message(text, as_json([section(text)]))


def _until(pending: Pending) -> str:
    return f"It may be approved until {both_clocks(pending.until)}, since {escape(pending.why)}."


def _changes(held: Exemption, pending: Pending, now: datetime) -> Iterator[Block]:
    """Yield what would differ, where one in force is to be changed."""
    if held.is_in_force(now):
        lines = (f"• {escape(line, 300)}" for line in changes_told(held, pending.exemption))
        yield section("\n".join([bold("In force now; what would change:"), *lines]))
