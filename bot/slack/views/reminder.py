"""Reminders: an exemption is about to end, what became of it, that it has ended; and its forms."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.alerts.life import Deed, Lived
from bot.alerts.life_due import ending_of
from bot.exemptions.model import FOREVER, Exemption
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.text import scope_text
from bot.slack.views.blocks import (
    Json,
    as_json,
    button,
    buttons,
    context,
    modal,
    reason_input,
    section,
    select_input,
)
from bot.slack.views.durations import chosen, durations
from bot.slack.views.exemptions import shown_owner
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, both_clocks, code, day, escape
from bot.slack.views.names import Action, Form
from bot.slack.views.preview import until
from bot.slack.views.refs import ExemptionRef, written

EXTEND, END = "Extend exemption", "End exemption"
LONGER = "30d"
LENGTHENS = frozenset({Deed.EXTENDED, Deed.EDITED, Deed.APPROVED})
NAME, SCOPE, WHY = 80, 1500, 300


def reminder_message(exemption: Exemption, hid: str, *, reached: bool) -> Message:
    """Return what the owner is told before the end; others where they cannot be ``reached``."""
    name = escape(exemption.id, NAME)
    head = f"⏳ {bold(f'Exemption {name} ends {day(exemption.expires_at)}')}"
    after = f"It {hid}. After {both_clocks(exemption.expires_at)} such changes raise alerts again."
    blocks: list[Block] = [
        section(f"{head}\n{_what(exemption)}"),
        section(after),
        *_choices(exemption),
        *_unreached(exemption, reached=reached),
    ]
    return Message(f"⏳ {name[:40]} is about to end: it {hid}", as_json(blocks))


def settled_message(exemption: Exemption, lived: Sequence[Lived], now: datetime) -> Message:
    """Return what the reminder says once nothing is left to decide by it."""
    name = escape(exemption.id, NAME)
    if exemption.expires_at > now:
        last = next((e for e in reversed(lived) if e.did in LENGTHENS), None)
        ends = exemption.expires_at
        text = f"🔁 Exemption {name} now ends on {ends:%Y-%m-%d}"
        head = f"🔁 {bold(f'Exemption {name} now ends {day(ends)}')}"
        if ends == FOREVER:
            text = f"🔁 Exemption {name} is now in force for ever"
            head = f"🔁 {bold(text[2:])}"
        why = _by(last) if last else ""
    else:
        text = f"⏹️ Exemption {name} has ended"
        head, why = f"⏹️ {bold(f'Exemption {name} has ended')}", _ended(exemption, lived)
    return Message(
        text[:120], as_json([section(f"{head}\n{_what(exemption)}"), context(why or "—")])
    )


def ended_message(
    exemption: Exemption, lived: Sequence[Lived], hid: str, *, reached: bool
) -> Message:
    """Return what is told once an exemption has ended: who, why, and what it hid."""
    name = escape(exemption.id, NAME)
    head = f"⏹️ {bold(f'Exemption {name} has ended')}: such changes raise alerts again"
    again = f"/sgwatch exemptions show {name}"
    blocks: list[Block] = [
        section(f"{head}\n{_what(exemption)}"),
        section(f"{_ended(exemption, lived)}\nIt {hid}: {code(again)}"),
        *_unreached(exemption, reached=reached),
    ]
    return Message(f"⏹️ {name[:40]} has ended: it {hid}", as_json(blocks))


def extend_form(exemption: Exemption, hid: str, policy: ExemptionPolicy) -> Json:
    """Return the form that lets an exemption last longer, as long as policy allows."""
    offered = durations(policy)
    return modal(
        EXTEND,
        [
            section(f"{_heading(exemption)}\n{_what(exemption)}"),
            context(f"It {hid}."),
            select_input("expiry", "Until when, from now?", offered, longer(policy)),
            reason_input("Why is it needed for longer?", hint="A sentence or a ticket number."),
        ],
        form=Form.EXEMPTION_EXTEND,
        submit="Extend",
        close="Cancel",
        metadata=written(ExemptionRef(exemption.id)),
    )


def longer(policy: ExemptionPolicy) -> str:
    """Return the choice by which it is extended unless another is chosen."""
    return LONGER if LONGER in durations(policy) else chosen(policy.longest)


def end_form(exemption: Exemption, hid: str) -> Json:
    """Return the form that ends an exemption now."""
    return modal(
        END,
        [
            section(f"{_heading(exemption)}\n{_what(exemption)}"),
            context(f"It {hid}. Such changes raise alerts again as soon as it has ended."),
            reason_input("Why is it not needed any more?", "no longer needed"),
        ],
        form=Form.EXEMPTION_END,
        submit="End",
        close="Cancel",
        metadata=written(ExemptionRef(exemption.id)),
    )


def _choices(exemption: Exemption) -> list[Block]:
    """Return what can be decided here: of what a file manages nothing."""
    if exemption.file:
        return [context(f"Managed by the file {escape(exemption.file, NAME)}: change it there.")]
    ref = ExemptionRef(exemption.id)
    extend = button("Extend…", Action.EXEMPTION_EXTEND, ref, "primary")
    return [buttons([extend, button("End…", Action.EXEMPTION_END, ref)])]


def _heading(exemption: Exemption) -> str:
    return f"{bold(escape(exemption.id, NAME))} · {until(exemption.expires_at)}"


def _what(exemption: Exemption) -> str:
    world = " · 🌐 also what opens to the internet" if exemption.allow_world else ""
    scope = code(scope_text(exemption.scope), SCOPE)
    return f"{scope}{world}\n“{escape(exemption.reason, WHY)}”"


def _ended(exemption: Exemption, lived: Sequence[Lived]) -> str:
    """Return who ended it and why, or that its time was over."""
    ended = ending_of(exemption, lived)
    return _by(ended) if ended else f"Its time was over {both_clocks(exemption.expires_at)}."


def _by(line: Lived) -> str:
    who = shown_owner(line.by.slack_id or line.by.name)
    did, why = line.did.value.capitalize(), escape(line.reason, WHY)
    return f"{did} by {who} {both_clocks(line.at)}: “{why}”"


def _unreached(exemption: Exemption, *, reached: bool) -> list[Block]:
    if reached:
        return []
    return [context(f"Its owner, {shown_owner(exemption.owner)}, cannot be reached in Slack.")]
