"""Who is on call, and the answer to whoever had somebody stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.alerts.on_call import Stood
from bot.slack.views.blocks import as_json, context, section
from bot.slack.views.climb import mention
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import bold, clock, day, escape

HOW = "Stand in: `/sgwatch oncall override @person until 18:00`, with the rota's name before \
@person where there are several."


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call by one word of the policy; ``instead`` is whose turn it would be.

    ``trouble`` is why nobody knows.
    """

    word: str
    people: Sequence[str] = ()
    until: datetime | None = None
    instead: str = ""
    trouble: str = ""


def oncall_message(duties: Sequence[Duty], *, rotas: bool) -> Message:
    """Return who is on call now."""
    lines = [f"• {_line(duty)}" for duty in duties]
    told = "\n".join(lines) or "Nobody: the policy file names nobody under [escalation]."
    blocks = [section(f"{bold('On call now')}\n{told}")]
    return Message("On call now", as_json([*blocks, context(HOW)] if rotas else blocks))


def stood_message(stood: Stood) -> Message:
    """Return the answer to whoever made an override."""
    who, until = mention(stood.person), f"{day(stood.until)} {clock(stood.until)}"
    told = f"📟 {who} is on call in {bold(escape(stood.rota))} until {until}."
    return Message(f"{stood.rota} has somebody else on call now", as_json([section(told)]))


def _line(duty: Duty) -> str:
    name = escape(duty.word.removeprefix("rota:"))
    if duty.word.startswith("S"):
        return f"{mention(duty.word)}: {_people(duty)}"
    until = f" until {day(duty.until)} {clock(duty.until)}" if duty.until else ""
    instead = f", instead of {mention(duty.instead)}" if duty.instead else ""
    return f"{bold(name)}: {_people(duty)}{until}{instead}"


def _people(duty: Duty) -> str:
    if duty.trouble:
        return f"not known ({escape(duty.trouble)})"
    return ", ".join(map(mention, duty.people)) or "nobody"
