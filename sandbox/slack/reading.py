"""Messages and views as plain text, for transcripts and for looking for words."""

import html
import re
from collections.abc import Iterator, Mapping

from sandbox.slack.refused import Json

TOKEN = re.compile(r"<([^<>]+)>")
Names = Mapping[str, str]
"""What to say for the id of a person, channel or user group."""


def readable(markup: str, names: Names) -> str:
    """Return mrkdwn with its mentions, links and dates in words."""

    def word(token: re.Match[str]) -> str:
        target, _, label = token[1].partition("|")
        if target.startswith(("@", "#")):
            return target[0] + names.get(target[1:], label or target[1:])
        if target.startswith("!subteam^"):
            return "@" + names.get(target.removeprefix("!subteam^"), label)
        if target.startswith("!date^"):
            return label
        if target.startswith("!"):
            return "@" + target[1:]
        return label or target

    return html.unescape(TOKEN.sub(word, markup))


def message_lines(message: Json, names: Names) -> Iterator[str]:
    """Yield the lines of a message: of its blocks if it has any, else of its text."""
    blocks = list(message.get("blocks") or [])
    for attachment in message.get("attachments") or []:
        blocks += attachment.get("blocks") or []
        yield from _texts([attachment.get("text"), attachment.get("fallback")], names)
    if blocks:
        yield from block_lines(blocks, names)
    elif message.get("text"):
        yield readable(message["text"], names)
    yield from (f"📎 {file['name']}" for file in message.get("files") or [])


def block_lines(blocks: list[Json], names: Names) -> Iterator[str]:
    """Yield the lines that blocks show."""
    for block in blocks:
        match block["type"]:
            case "section" | "header" | "alert" | "markdown":
                fields = block.get("fields") or []
                yield from _texts([block.get("text"), *fields], names)
                yield from _elements([block["accessory"]] if block.get("accessory") else [], names)
            case "context":
                yield from _texts(block["elements"], names)
            case "actions":
                yield from _elements(block["elements"], names)
            case "input":
                yield from _texts([block["label"], block.get("hint")], names)
            case "image":
                yield f"[{block['alt_text']}]"
            case "divider":
                yield "─" * 20
            case "rich_text":
                yield _rich(block, names)
            case "table":
                yield from (" | ".join(_rich(cell, names) for cell in row) for row in block["rows"])
            case _:
                pass


def _texts(texts: list[Json | str | None], names: Names) -> Iterator[str]:
    for text in texts:
        words = text.get("text") or text.get("alt_text") if isinstance(text, dict) else text
        if words:
            yield readable(str(words), names)


def _elements(elements: list[Json], names: Names) -> Iterator[str]:
    shown = []
    for element in elements:
        label: Json = element.get("text") or element.get("placeholder") or {}
        shown.append(f"[{readable(str(label.get('text') or element['type']), names)}]")
    if shown:
        yield " ".join(shown)


def _rich(part: Json, names: Names) -> str:
    inner = part.get("elements")
    if inner is not None:
        joint = "\n" if part["type"] in ("rich_text", "rich_text_list") else ""
        return joint.join(_rich(one, names) for one in inner)
    match part["type"]:
        case "user":
            return "@" + names.get(part["user_id"], part["user_id"])
        case "channel":
            return "#" + names.get(part["channel_id"], part["channel_id"])
        case "usergroup":
            return "@" + names.get(part["usergroup_id"], part["usergroup_id"])
        case "emoji":
            return f":{part['name']}:"
        case "broadcast":
            return "@" + str(part["range"])
        case _:
            return str(part.get("text") or part.get("fallback") or part.get("url") or "")
