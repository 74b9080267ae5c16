"""Dead letters for a person at a terminal: what they hold is somebody's, and may be anything."""

import json
from collections.abc import Mapping
from typing import Any

from bot.aws.deadletters import DeadLetter
from bot.cloudtrail.text import printable

ID = 8
"""Characters of an id in the list: enough to name a letter by."""

REASON, START = 60, 100
LINE = 2_000


def in_list(letter: DeadLetter) -> str:
    """Return two lines of the list: which it is and why, and how it begins."""
    reason = printable(letter.reason, REASON)
    start = printable(letter.body, START) or "nothing"
    return f"{letter.id[:ID]}  {letter.sent_at:%Y-%m-%d %H:%M:%S}  {reason}\n          {start}"


def whole(letter: DeadLetter) -> str:
    """Return all of a letter."""
    times = letter.message.receive_count
    head = {
        "id": letter.id,
        "given up": f"{letter.sent_at:%Y-%m-%d %H:%M:%S} UTC",
        "reason": printable(letter.reason, LINE),
        "received": f"{times} time{'s'[: times != 1]} from the dead letters, this look included",
        "was message": letter.origin or "not known",
    }
    lines = [f"{name:<13}{printable(value, LINE)}" for name, value in head.items()]
    return "\n".join([*lines, "", *map(_visible, _pretty(letter.body).splitlines())])


def as_object(letter: DeadLetter) -> Mapping[str, Any]:
    """Return a letter for programs."""
    return {
        "id": letter.id,
        "given_up_at": letter.sent_at.isoformat(),
        "reason": letter.reason,
        "receive_count": letter.message.receive_count,
        "message": letter.origin,
        "body": letter.body,
    }


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def _visible(line: str) -> str:
    """Return a line in which what would move the cursor or turn the text is written out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)
