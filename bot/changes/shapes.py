"""Shapes: reading EC2's parameters in each of the forms that CloudTrail writes them in.

Older calls have camelCase names and lists as ``{"items": [...]}``. Newer ones lie within a
``...Request`` object and have PascalCase names; a list of one is the thing itself, a scalar in a
list is ``{"tag": 1, "content": ...}``, and text may have become a number or a boolean.
"""

from functools import cache
from typing import Any

from bot.cloudtrail.text import text_of

Node = Any
"""A value within a record: of any type, whatever it should be."""

WORD = 512
"""Characters of an id, a name or a description at most: AWS's own limits are lower."""


def part(node: Node, name: str) -> Node:
    """Return what a node has under a camelCase name, or under the same name in PascalCase."""
    if not isinstance(node, dict):
        return None
    found = node.get(name)
    return found if found is not None else node.get(_pascal(name))


@cache
def _pascal(name: str) -> str:
    return name[0].upper() + name[1:]


def within(parameters: dict[str, Node] | None, wrapper: str) -> dict[str, Node]:
    """Return a request's or response's parameters, out of their wrapper if they have one."""
    inner = (parameters or {}).get(wrapper, parameters)
    return inner if isinstance(inner, dict) else {}


def items(node: Node) -> list[Node]:
    """Return the elements of a list in any of its forms."""
    if isinstance(node, list):
        return node
    if isinstance(node, dict):
        if not node:
            return []
        for key in ("items", "item"):
            if key in node:
                return items(node[key])
        return [node]
    return [] if node is None or node == "" else [node]


def word(node: Node) -> str:
    """Return a scalar as text, out of the objects that stand around scalars."""
    if isinstance(node, dict):
        node = node.get("content", node.get("value"))
    return text_of(node, WORD).strip()


def word_at(node: Node, *names: str) -> str:
    """Return the text of the first of these names that a node has text under."""
    for name in names:
        found = part(node, name)
        if found is not None and (text := word(found)):
            return text
    return ""


def number(node: Node) -> int | None:
    """Return a whole number, whether it was written as one or as text."""
    if isinstance(node, bool):
        return None
    if isinstance(node, int):
        return node if abs(node) < 2**31 else None
    if isinstance(node, float):
        return int(node) if node.is_integer() and abs(node) < 2**31 else None
    text = word(node)
    digits = text.removeprefix("-")
    readable = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(text) if readable else None
