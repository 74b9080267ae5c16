"""Gives blocks and elements the ids that the app left out, as Slack does."""

from collections.abc import Iterator
from copy import deepcopy

from sandbox.slack.refused import Json

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACTING = frozenset({"image", "mrkdwn", "plain_text"})


class Names:
    """Hands out short ids, the same in every run."""

    def __init__(self) -> None:
        self._given = 916_132_832  # so that the first has Slack's five characters

    def next(self) -> str:
        """Return a new id."""
        self._given += 1
        number, digits = self._given, ""
        while number:
            number, digit = divmod(number, len(ALPHABET))
            digits = ALPHABET[digit] + digits
        return digits[-5:]


def named(blocks: list[Json], names: Names) -> list[Json]:
    """Return a copy of the blocks in which each has its ids."""
    copies = deepcopy(blocks)
    for block in copies:
        block.setdefault("block_id", names.next())
        for element in elements(block):
            if element.get("type") not in ACTING:
                element.setdefault("action_id", names.next())
    return copies


def elements(block: Json) -> Iterator[Json]:
    """Yield the elements of a block that may act or hold a value."""
    kind = block.get("type")
    if kind == "actions":
        yield from block.get("elements", [])
    elif kind == "section" and block.get("accessory"):
        yield block["accessory"]
    elif kind == "input":
        yield block["element"]


def find(blocks: list[Json], action_id: str, block_id: str = "") -> tuple[Json, Json] | None:
    """Return the block and element with an action id, if there is one."""
    for block in blocks:
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements(block):
            if element.get("action_id") == action_id:
                return block, element
    return None
