"""What Slack accepts as a block, with its limits, and where it may stand."""

from sandbox.slack.blocks.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.slack.blocks.rules import (
    Findings,
    Rule,
    any_of,
    flag,
    items,
    object_type,
    one_of,
    only_on,
    shape,
    string,
    text,
    typed,
    whole,
)

MESSAGE, MODAL, HOME = "message", "modal", "home"
TABLE_ROWS, TABLE_COLUMNS = 100, 20

_ID: dict[str, Rule] = {"block_id": string(255)}
_STYLES = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
_STYLE = shape({}, dict.fromkeys(_STYLES, flag))
_INLINE = typed(
    {
        "text": shape({"text": string(12000)}, {"style": _STYLE}),
        "link": shape(
            {"url": string(3000)}, {"text": string(3000), "style": _STYLE, "unsafe": flag}
        ),
        "emoji": shape({"name": string(255)}, {"unicode": string(255), "skin_tone": whole}),
        "user": shape({"user_id": string(255)}, {"style": _STYLE}),
        "usergroup": shape({"usergroup_id": string(255)}, {"style": _STYLE}),
        "channel": shape({"channel_id": string(255)}, {"style": _STYLE}),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
        "color": shape({"value": string(255)}),
        "date": shape(
            {"timestamp": whole, "format": string(255)},
            {"url": string(3000), "fallback": string(255), "style": _STYLE},
        ),
    }
)
_INLINES = items(_INLINE, 1000, least=0)
_RICH_PART = typed(
    {
        "rich_text_section": shape({"elements": _INLINES}),
        "rich_text_preformatted": shape(
            {"elements": _INLINES}, {"border": whole, "language": string(255)}
        ),
        "rich_text_quote": shape({"elements": _INLINES}, {"border": whole}),
        "rich_text_list": shape(
            {
                "elements": items(
                    typed({"rich_text_section": shape({"elements": _INLINES})}), 1000
                ),
                "style": one_of("bullet", "ordered"),
            },
            {"indent": whole, "offset": whole, "border": whole},
        ),
    }
)
_RICH_TEXT = shape({"elements": items(_RICH_PART, 1000)}, _ID)
_CELL = typed({"raw_text": shape({"text": string(12000)}), "rich_text": _RICH_TEXT})
_COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})

_SECTION = any_of(
    shape(
        {},
        _ID
        | {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": IN_SECTION,
            "expand": flag,
        },
    ),
    "text",
    "fields",
)
_CONTEXT_PART = typed(
    {
        "image": IMAGE,
        "mrkdwn": shape({"text": string(3000)}, {"verbatim": flag}),
        "plain_text": shape({"text": string(3000)}, {"emoji": flag}),
    }
)

BLOCKS: dict[str, Rule] = {
    "section": _SECTION,
    "header": shape({"text": text(150, markup=False)}, _ID),
    "divider": shape({}, _ID),
    "context": shape({"elements": items(_CONTEXT_PART, 10)}, _ID),
    "actions": shape({"elements": items(IN_ACTIONS, 25)}, _ID),
    "image": shape(
        {"image_url": string(3000), "alt_text": string(2000)},
        _ID | {"title": text(2000, markup=False)},
    ),
    "input": shape(
        {"label": text(2000, markup=False), "element": IN_INPUT},
        _ID | {"hint": text(2000, markup=False), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": _RICH_TEXT,
    "markdown": only_on(shape({"text": string(12000)}, _ID), MESSAGE),
    "table": only_on(
        shape(
            {"rows": items(items(_CELL, TABLE_COLUMNS), TABLE_ROWS)},
            _ID | {"column_settings": items(_COLUMN, TABLE_COLUMNS)},
        ),
        MESSAGE,
    ),
    "alert": only_on(
        shape(
            {"text": text(3000)},
            _ID | {"level": one_of("default", "info", "warning", "error", "success")},
        ),
        MODAL,
    ),
}

_BLOCK = typed(BLOCKS)


def blocks_rule(most: int) -> Rule:
    """A list of blocks whose ids are unique, and whose actions' ids are unique in each."""

    def check(findings: Findings, value: object, at: str) -> None:
        items(_BLOCK, most, least=0)(findings, value, at)
        if isinstance(value, list):
            _unique_ids(findings, value, at)

    return check


def _unique_ids(findings: Findings, blocks: list[object], at: str) -> None:
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                findings.note(f"block_id already exists: {block_id}", f"{at}/{place}/block_id")
            seen.add(block_id)
        elements = block.get("elements") if object_type(block) == "actions" else []
        actions: set[str] = set()
        for index, element in enumerate(elements if isinstance(elements, list) else []):
            action_id = element.get("action_id") if isinstance(element, dict) else None
            if isinstance(action_id, str):
                if action_id in actions:
                    where = f"{at}/{place}/elements/{index}/action_id"
                    findings.note(f"action_id already exists: {action_id}", where)
                actions.add(action_id)
