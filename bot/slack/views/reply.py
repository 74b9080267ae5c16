"""A reply in the alert's thread."""

from dataclasses import dataclass
from datetime import datetime

from bot.slack.views.blocks import Json
from bot.slack.views.mrkdwn import clock, escape

REASON = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in the alert's thread; a broadcast one is also shown in the channel.

    With ``blocks`` those are shown, and the text is for notifications.
    """

    text: str
    broadcast: bool = False
    blocks: tuple[Json, ...] = ()


def told(text: str, at: datetime, *, broadcast: bool = False) -> Reply:
    """Return the reply with the time of what it tells."""
    return Reply(f"{text} · {clock(at)}", broadcast)


def quoted(reason: str) -> str:
    """Return somebody's reason as it is quoted."""
    return f"“{escape(reason, REASON)}”"
