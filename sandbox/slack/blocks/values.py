"""What inputs hold: their first values, what a person enters, and what Slack's client refuses."""

import re
from collections.abc import Callable, Mapping

from sandbox.slack.blocks.naming import elements
from sandbox.slack.refused import Json

Entered = Mapping[str, Mapping[str, object]]
"""By block id and action id: text, a date, an option's value, or a list of them."""

_PLAIN: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
}
_LISTS: dict[str, tuple[str, str]] = {
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
}
FIELDS = _PLAIN | _LISTS
_OPTIONAL_LOOKS: dict[str, tuple[str, str]] = {
    "email_text_input": (r"[^@\s]+@[^@\s]+", "Enter an email address."),
    "url_text_input": (r"https?://\S+", "Enter a full address, such as https://example.com."),
    "datepicker": (r"\d{4}-\d\d-\d\d", "Enter a date, such as 2030-01-31."),
}


class UnknownOptionError(ValueError):
    """A person cannot choose what is not offered."""


def state_values(blocks: list[Json], entered: Entered) -> Json:
    """Return ``state.values`` as Slack sends it."""
    values: Json = {}
    for block in blocks:
        typed = entered.get(str(block.get("block_id")), {})
        for element in elements(block):
            if element["type"] not in FIELDS or element["type"] == "overflow":
                continue
            action_id = element["action_id"]
            held = chosen(element, typed[action_id]) if action_id in typed else initial(element)
            values.setdefault(block["block_id"], {})[action_id] = held
    return values


def initial(element: Json) -> Json:
    """Return what an input holds before anybody touched it."""
    field, first = FIELDS[element["type"]]
    empty: object = [] if element["type"] in _LISTS else None
    return {"type": element["type"], field: element.get(first, empty)}


def chosen(element: Json, raw: object) -> Json:
    """Return what an input holds after a person entered something."""
    kind = str(element["type"])
    field, _ = FIELDS[kind]
    if kind in _LISTS:
        several = raw if isinstance(raw, list | tuple) else []
        option_list = field == "selected_options"
        return {
            "type": kind,
            field: [_option(element, one) if option_list else one for one in several],
        }
    if raw in ("", None):
        return {"type": kind, field: None}
    if field == "selected_option":
        return {"type": kind, field: _option(element, raw)}
    return {"type": kind, field: int(str(raw)) if kind == "datetimepicker" else str(raw)}


def _option(element: Json, value: object) -> Json:
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if option["value"] == value:
            return {"text": option["text"], "value": option["value"]}
    raise UnknownOptionError(f"{element.get('action_id')} does not offer {value!r}")


def unfit(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return, by block id, what Slack's client would not let a person submit."""
    problems: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        held = values[block["block_id"]][element["action_id"]].get(FIELDS[element["type"]][0])
        problem = _problem(element, held, optional=bool(block.get("optional")))
        if problem:
            problems[block["block_id"]] = problem
    return problems


def _problem(element: Json, held: object, *, optional: bool) -> str:
    if held in (None, "", []):
        return "" if optional else "Please complete this required field."
    look = _OPTIONAL_LOOKS.get(element["type"])
    if look and not re.fullmatch(look[0], str(held)):
        return look[1]
    check = _CHECKS.get(element["type"])
    return check(element, str(held)) if check else ""


def _length(element: Json, held: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(held) < least:
        return f"Please enter at least {least} characters."
    if len(held) > most:
        return f"Please enter at most {most} characters."
    return ""


def _number(element: Json, held: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, held):
        return "Enter a number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(held) < float(least):
        return f"Enter {least} or more."
    if most is not None and float(held) > float(most):
        return f"Enter {most} or less."
    return ""


_CHECKS: dict[str, Callable[[Json, str], str]] = {
    "plain_text_input": _length,
    "number_input": _number,
}
