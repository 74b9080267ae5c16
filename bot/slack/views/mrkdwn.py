"""Text for Slack. ``escape`` is the one door through which outside text enters markup.

Slack has no escape for its formatting characters, so outside code those that could format are
replaced by characters that look alike. Inside code nothing but a backtick and an entity has a
meaning, so there outside text stays as it was written: what people compare or copy goes there.
Links, channels and mentions that nobody marked up are kept from being made by ``verbatim`` on
every text object (``bot.slack.views.blocks``).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.cloudtrail.text import printable

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""All that Slack asks to have escaped."""

LOOK_ALIKES = {
    "*": "\N{ASTERISK OPERATOR}",
    "~": "\N{TILDE OPERATOR}",
    "`": "\N{MODIFIER LETTER GRAVE ACCENT}",
}
IN_CODE = {"`": LOOK_ALIKES["`"]}

UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
"""One that could begin or end italics; inside a word, as in ``deploy_role``, it cannot."""

EMOJI = re.compile(r":(?=[\w+'`-]+:)")
QUOTE = re.compile(r"^>")
"""Slack quotes a line that begins with this, even escaped."""

WEB = re.compile(r"https?://[!-;=?-{}~]{1,400}")
"""A web address of printable ASCII, without what ends a link in markup."""

GAPS = re.compile(r"(^ +| {2,})")
GAP = 40
"""Spaces side by side, in code: an indentation, or what parts two columns."""

MORE = "…"


def plain(text: str, limit: int) -> str:
    """Return outside text for a plain text object or a field: one line, bounded."""
    return printable(text, limit)


def escape(text: str, limit: int = 200) -> str:
    """Return outside text for mrkdwn: it can neither mention, link nor format."""
    line = QUOTE.sub("\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}", printable(text, limit + 1))
    line = UNDERSCORE.sub("\N{FULLWIDTH LOW LINE}", line)
    line = EMOJI.sub("\N{RATIO}", line)
    return _bounded(line, ENTITIES | LOOK_ALIKES, limit)


def in_code(text: str, limit: int = 200) -> str:
    """Return outside text for the inside of code, as it was written but for backticks."""
    return _bounded(printable(text, limit + 1), ENTITIES | IN_CODE, limit)


def line_of_code(text: str, limit: int = 200) -> str:
    """Return a line of outside text for the inside of a block of code, with its columns."""
    parts = GAPS.split(text.expandtabs(4).rstrip())
    kept = (part[:GAP] if part.isspace() else printable(part, limit + 1) for part in parts)
    return _bounded("".join(kept), ENTITIES | IN_CODE, limit)


def code(text: str, limit: int = 200) -> str:
    """Return outside text as a span of code; empty text gives none."""
    inside = in_code(text, limit - 2)
    return f"`{inside}`" if inside else ""


def copyable(text: str, limit: int) -> str | None:
    """Return a command for the inside of code exactly as it is; None where that cannot be."""
    escaped = "".join(ENTITIES.get(character, character) for character in text)
    exact = text.isprintable() and not set(text) & set(IN_CODE)
    return escaped if exact and len(escaped) <= limit else None


def bold(markup: str) -> str:
    """Return markup in bold."""
    return f"*{markup.strip()}*" if markup.strip() else ""


def italic(markup: str) -> str:
    """Return markup in italics."""
    return f"_{markup.strip()}_" if markup.strip() else ""


def link(url: str, label: str = "") -> str:
    """Return a link to a web address; of any other address only the text.

    A label that poses as an address is left out: the address itself is shown.
    """
    if not WEB.fullmatch(url):
        return escape(label or url)
    shown = url if "://" in label or label.lower().startswith("www.") else label or url
    return f"<{_bounded(url, ENTITIES, len(url) * 5)}|{escape(shown)}>"


def code_block(lines: Iterable[str]) -> str:
    """Return lines, each already through ``in_code``, as one block of code."""
    return "```" + "\n".join(lines) + "```"


def clock(at: datetime) -> str:
    """Return the time of day in the reader's own zone."""
    return _date(at, "{time}", f"{at.astimezone(UTC):%H:%M} UTC")


def day(at: datetime) -> str:
    """Return the date in the reader's own zone."""
    return _date(at, "{date_short}", f"{at.astimezone(UTC):%Y-%m-%d}")


def both_clocks(at: datetime) -> str:
    """Return the reader's time of day, and UTC with the date."""
    utc = at.astimezone(UTC)
    return f"{clock(at)} ({utc.day} {utc:%b %H:%M} UTC)"


def _date(at: datetime, form: str, fallback: str) -> str:
    return f"<!date^{int(at.timestamp())}^{form}|{fallback}>"


def _bounded(text: str, replaced: dict[str, str], limit: int) -> str:
    """Replace characters; never longer than ``limit``, never cut within an entity."""
    pieces = [replaced.get(character, character) for character in text]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    room, kept = limit - len(MORE), ""
    for piece in pieces:
        if len(kept) + len(piece) > room:
            break
        kept += piece
    return kept.rstrip() + MORE
