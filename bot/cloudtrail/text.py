"""Text from outside: read whatever its type, and made fit for one line."""

from typing import Any

LONGEST = 16_384
"""Characters of any one text that are kept: a record's text is bounded, whoever wrote it."""


def text_of(value: Any, limit: int = LONGEST) -> str:
    """Return a value as text, as AWS would have written it; what is no single value is empty."""
    if isinstance(value, str):
        if len(value) <= limit and value.isascii():
            return value
        return value[:limit].encode(errors="replace").decode()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else ""
    return str(value) if isinstance(value, float) else ""


def flag_of(value: Any) -> bool | None:
    """Return a value as yes or no, whether AWS wrote a boolean or its text; else None."""
    if isinstance(value, bool):
        return value
    match text_of(value).lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            return None


def printable(text: str, limit: int) -> str:
    """Return untrusted text on one line, without what is not seen, and cut where it is too long.

    Left out are control characters, those that turn the writing direction or have no width, and
    halves of surrogate pairs.
    """
    start = text[: limit * 4]
    seen = start
    if not start.isprintable():
        seen = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in start)
    line = " ".join(seen.split())
    whole = len(line) <= limit and len(start) == len(text)
    return line if whole else f"{line[: limit - 1]}…"
