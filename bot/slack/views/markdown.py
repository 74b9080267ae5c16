"""A rule file's Markdown as Slack's markup: what it formats is kept, all else stays text.

Slack knows neither headings nor lists nor wrapped lines, and writes emphasis otherwise, so the text
is read and written anew. Links lead to web addresses alone. Nothing can mention anybody or hide,
because every piece goes through ``bot.slack.views.mrkdwn``.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.slack.views.mrkdwn import GAP, bold, code, code_block, escape, italic, line_of_code, link

PIECE = 2900
"""Characters of one piece: it fits a section's 3,000."""

CODE_LINE = 900
ROOM = PIECE - 40
"""Characters of a part of a paragraph, before what its line begins with."""

CELLS = 12
"""Columns of a table whose cells are put below each other."""

QUOTE = "> "
GROWTH = 6
"""Characters that one may become, at most: ``&amp;``."""

_SIGN = re.compile(
    r"\\(?P<literal>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`]+)`"
    r"|!?\[(?P<label>[^\[\]]*)\]\((?P<url>[^()\s]+)\)"
    r"|(?P<bare>https?://[^\s<>()\[\]`\"'*|]*[^\s<>()\[\]`\"'*|.,;:!?])"
    r"|\*\*(?P<strong>(?:[^*]|\*(?!\*))+)\*\*|__(?P<strong_>[^_]+)__"
    r"|(?<![\w*])\*(?P<weak>[^*\s][^*]*)\*(?![\w*])"
    r"|(?<!\w)_(?P<weak_>[^_\s][^_]*)_(?!\w)"
)
_BEGUN_EMOJI = re.compile(r":(?=[\w+'-]*$)")
"""A colon at which an emoji could begin that ends in what is written after."""

_ITEM = re.compile(r"(?:[-*+]|(\d{1,3})[.)])\s+(?=\S)")
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_LINE = re.compile(r"(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}")
_RULED = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?")
_FENCE = re.compile(r"`{3,}|~{3,}")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading, item, code or table: its text, and what its line begins with."""

    text: str
    lead: str = ""
    heading: bool = False
    code: bool = False
    table: bool = False


def pieces(text: str) -> Iterator[str]:
    """Yield the text in markup, in pieces of whole paragraphs that each fit a section."""
    held, before = "", _Block("", heading=True)
    for block in _blocks(text):
        apart = "\n" if before.heading or _alike(before, block) else "\n\n"
        for part in _parts(block):
            if held and len(held) + len(apart) + len(part) > PIECE:
                yield held
                held = ""
            held = f"{held}{apart}{part}" if held else part
            apart = "\n"
        before = block
    if held:
        yield held


def line(text: str, limit: int) -> str:
    """Return one line in markup, of at most ``limit`` characters as they were written."""
    whole = " ".join(text.split())
    return _inline(whole if len(whole) <= limit else f"{whole[: limit - 1]}…")


def _alike(one: _Block, two: _Block) -> bool:
    """Return whether both are items of a list, or both lines of a quote."""
    return bool(one.lead and two.lead) and (one.lead == QUOTE) is (two.lead == QUOTE)


def _blocks(text: str) -> list[_Block]:
    """Return the paragraphs, each with the lines that it was wrapped over joined."""
    found: list[_Block] = []
    going_on = False
    lines = iter(_read_out(text.splitlines()))
    for line in lines:
        bare = line.strip()
        if fence := _FENCE.match(bare):
            found.append(_Block("\n".join(_fenced(lines, fence[0])), code=True))
            going_on = False
        elif not bare or _LINE.fullmatch(bare):
            going_on = False
        elif bare.startswith("|"):
            going_on = _row(found, bare, going_on=going_on)
        elif block := _begun(line):
            found.append(block)
            going_on = not block.heading
        elif going_on and not found[-1].code:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {bare}")
        else:
            found.append(_Block(bare))
            going_on = True
    return found


def _read_out(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with the label of each of Kibana's buttons, and its query, in its place."""
    for line in lines:
        start, end = line.find("!{"), line.rfind("}}")
        kind, brace, rest = line[start + 2 : end + 1].partition("{")
        label, query = _labelled(brace + rest) if 0 <= start < end and kind.isalpha() else ("", "")
        if not label:
            yield line
            continue
        yield f"{line[:start]}{label} (runs in Kibana){line[end + 2 :]}"
        if query:
            yield from ("```", *query.splitlines(), "```")


def _labelled(text: str) -> tuple[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "", ""
    told = (found.get(key) for key in ("label", "query")) if isinstance(found, dict) else ("", "")
    label, query = (each if isinstance(each, str) else "" for each in told)
    return " ".join(label.split()), query


def _fenced(lines: Iterator[str], fence: str) -> Iterator[str]:
    for line in lines:
        if line.strip().startswith(fence):
            return
        yield line


def _row(found: list[_Block], row: str, *, going_on: bool) -> bool:
    """Add the row of a table."""
    if going_on and found[-1].table:
        found[-1] = replace(found[-1], text=f"{found[-1].text}\n{row}")
    else:
        found.append(_Block(row, code=True, table=True))
    return True


def _columns(table: str) -> str:
    """Return the rows with their cells below each other: Slack shows no table but as code."""
    rows = [
        [] if _RULED.fullmatch(row) else [cell.strip() for cell in row.strip("|").split("|", CELLS)]
        for row in table.splitlines()
    ]
    widths = [min(max(map(len, column)), GAP) for column in zip_longest(*rows, fillvalue="")]
    shown = (row or ["-" * width for width in widths] for row in rows)
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in shown)


def _begun(line: str) -> _Block | None:
    """Return the heading, item or quote that the line begins."""
    bare = line.strip()
    if bare.startswith("#"):
        title = bare.lstrip("#")
        return _Block(title.strip(), heading=True) if title[:1].isspace() else None
    if bare.startswith(">"):
        return _Block(bare.lstrip("> "), QUOTE)
    if item := _ITEM.match(bare):
        depth = min((len(line) - len(line.lstrip())) // 2, 3)
        text, sign = bare[item.end() :], f"{item[1]}. " if item[1] else "• "
        if box := _BOXES.get(text[:4]):
            text, sign = text[4:], box
        return _Block(text, "    " * depth + sign)
    return None


def _parts(block: _Block) -> Iterator[str]:
    if block.code:
        yield from _code(_columns(block.text) if block.table else block.text)
        return
    for part in _fitted(block.text):
        yield bold(part) if block.heading else block.lead + part


def _code(text: str) -> Iterator[str]:
    held: list[str] = []
    for line in text.splitlines():
        shown = line_of_code(line, CODE_LINE)
        if sum(map(len, held)) + len(held) + len(shown) > ROOM:
            yield code_block(held)
            held = []
        held.append(shown)
    if any(held):
        yield code_block(held)


def _fitted(text: str) -> Iterator[str]:
    """Yield the text in markup, halved until each part fits."""
    shown = _inline(text)
    if len(shown) <= ROOM:
        yield shown
        return
    middle = len(text) // 2
    at = text.find(" ", middle)
    at = middle if at < 0 else at
    yield from _fitted(text[:at])
    yield from _fitted(text[at:])


def _inline(text: str) -> str:
    """Return one paragraph's text with its signs as Slack's."""
    shown, unsigned, at = "", "", 0
    for sign in _SIGN.finditer(text):
        unsigned += text[at : sign.start()]
        at = sign.end()
        if literal := sign["literal"]:
            unsigned += literal
        else:
            for part in (_plain(unsigned), _sign(sign.groupdict(""))):
                shown += _BEGUN_EMOJI.sub("\N{RATIO}", part)
            unsigned = ""
    return (shown + _plain(unsigned + text[at:])).strip()


def _sign(sign: dict[str, str]) -> str:
    if sign["code"]:
        return code(sign["code"], GROWTH * len(sign["code"]) + 2)
    if sign["url"]:
        return link(sign["url"], sign["label"])
    if sign["bare"]:
        return link(sign["bare"])
    if strong := sign["strong"] or sign["strong_"]:
        return bold(_inline(strong))
    return italic(_inline(sign["weak"] or sign["weak_"]))


def _plain(text: str) -> str:
    """Return text without signs; a space at its ends parts it from the sign beside it."""
    words = escape(text, GROWTH * len(text) + 1)
    return f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}" if words else text[:1]
