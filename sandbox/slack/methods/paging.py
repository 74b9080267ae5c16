"""Pages of a list: Slack's ``limit``, ``cursor`` and ``next_cursor``."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from sandbox.slack.arguments import Arguments
from sandbox.slack.refused import Json, RefusedError

MOST = 1000
Item = TypeVar("Item")


def page(
    arguments: Arguments, everything: Sequence[Item], default: int = 100
) -> tuple[Sequence[Item], str]:
    """Return the page that was asked for, and the cursor of the next (empty at the end)."""
    limit = arguments.number("limit", default) or default
    if limit > MOST:
        raise RefusedError("invalid_limit")
    start = _offset(arguments.text("cursor"))
    rest = start + limit
    cursor = base64.b64encode(f"next:{rest}".encode()).decode() if rest < len(everything) else ""
    return everything[start:rest], cursor


def turned(cursor: str) -> Json:
    """Return the part of an answer that tells the next cursor."""
    return {"response_metadata": {"next_cursor": cursor}}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise RefusedError("invalid_cursor") from None
