"""Refuses blocks, messages and views that Slack would refuse, with Slack's words."""

import json
from collections.abc import Iterator

from sandbox.slack.blocks.kinds import HOME, MESSAGE, MODAL, blocks_rule
from sandbox.slack.blocks.rules import Findings, Rule, flag, one_of, shape, string, text
from sandbox.slack.refused import Json, RefusedError, invalid

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
BLOCKS_TEXT = 13_000
"""All text of a message's blocks together; Slack states no number, this is what was measured."""
VIEW_BYTES = 250_000
TEXT, TEXT_OF_UPDATE = 40_000, 4_000

_VIEW: dict[str, Rule] = {
    "type": one_of(MODAL, HOME),
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_MODAL: dict[str, Rule] = {
    "submit": text(24, markup=False),
    "close": text(24, markup=False),
    "clear_on_close": flag,
    "notify_on_close": flag,
    "submit_disabled": flag,
}


def check_message(blocks: object, text_: str, *, most: int = TEXT) -> None:
    """Refuse a message that is too long or whose blocks are not right."""
    if len(text_) > most:
        raise RefusedError("msg_too_long")
    findings = block_findings(blocks, MESSAGE)
    if findings.problems:
        raise invalid("invalid_blocks", findings.lines())
    if sum(len(piece) for piece in _texts(blocks)) > BLOCKS_TEXT:
        raise RefusedError("msg_blocks_too_long")


def check_view(view: object, *kinds: str) -> Json:
    """Return a view, or refuse one that is not right."""
    if not isinstance(view, dict):
        raise invalid("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    findings = view_findings(view, "/view", kinds or (MODAL, HOME))
    if findings.problems:
        raise invalid("invalid_arguments", findings.lines())
    if len(json.dumps(view)) > VIEW_BYTES:
        raise RefusedError("view_too_large")
    return view


def block_findings(blocks: object, surface: str, at: str = "/blocks") -> Findings:
    """Return what is wrong with a message's blocks."""
    findings = Findings(surface)
    blocks_rule(MESSAGE_BLOCKS)(findings, blocks, at)
    return findings


def view_findings(view: Json, at: str, kinds: tuple[str, ...] = (MODAL, HOME)) -> Findings:
    """Return what is wrong with a view."""
    kind = str(view.get("type"))
    findings = Findings(kind)
    if kind not in kinds:
        findings.note(f"must be one of {', '.join(kinds)}", f"{at}/type")
        return findings
    required: dict[str, Rule] = {"blocks": blocks_rule(VIEW_BLOCKS)}
    optional = dict(_VIEW)
    if kind == MODAL:
        required["title"] = text(24, markup=False)
        optional |= _MODAL
    shape(required, optional)(findings, view, at)
    blocks = view.get("blocks")
    inputs = [b for b in blocks or [] if isinstance(b, dict) and b.get("type") == "input"]
    if kind == MODAL and inputs and not view.get("submit"):
        findings.note("missing required field: submit", at)
    return findings


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
