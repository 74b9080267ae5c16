"""What Slack accepts as an interactive element, with its limits."""

from sandbox.slack.blocks.rules import (
    Findings,
    Rule,
    any_of,
    fields_of,
    flag,
    items,
    one_of,
    shape,
    string,
    text,
    typed,
    whole,
)

OPTIONS, GROUPS, OVERFLOW, CHOICES = 100, 100, 5, 10

CONFIRM = shape(
    {"title": text(100, markup=False), "text": text(300)},
    {
        "confirm": text(30, markup=False),
        "deny": text(30, markup=False),
        "style": one_of("primary", "danger"),
    },
)


def _option(*, markup: bool) -> Rule:
    return shape(
        {"text": text(75, markup=markup), "value": string(150)},
        {"description": text(75, markup=markup), "url": string(3000)},
    )


_OPTION, _CHOICE = _option(markup=False), _option(markup=True)
_GROUP = shape({"label": text(75, markup=False), "options": items(_OPTION, OPTIONS)})
_ACTION: dict[str, Rule] = {"action_id": string(255), "confirm": CONFIRM, "focus_on_load": flag}
_PLACEHOLDER: dict[str, Rule] = {"placeholder": text(150, markup=False)}
_DISPATCH: Rule = shape(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
_MANY: dict[str, Rule] = {"max_selected_items": whole}


def _choosing(most: int, option: Rule) -> Rule:
    def check(findings: Findings, value: object, at: str) -> None:
        fields: dict[str, Rule] = _ACTION | {
            "initial_option": option,
            "initial_options": items(option, most),
        }
        shape({"options": items(option, most)}, fields)(findings, value, at)
        _initial_among_options(findings, value, at)

    return check


def _initial_among_options(findings: Findings, value: object, at: str) -> None:
    """What is chosen at first must be one of the options, word for word."""
    fields = fields_of(value)
    options = list(fields.get("options") or [])
    for group in fields.get("option_groups") or []:
        options += fields_of(group).get("options") or []
    chosen = [("initial_option", fields.get("initial_option"))]
    chosen += [
        (f"initial_options/{n}", o) for n, o in enumerate(fields.get("initial_options") or [])
    ]
    for name, option in chosen:
        if option is not None and option not in options:
            findings.note("must match one of the options", f"{at}/{name}")


def _select(extra: dict[str, Rule]) -> Rule:
    listed = shape(
        {},
        _ACTION
        | _PLACEHOLDER
        | {"options": items(_OPTION, OPTIONS), "option_groups": items(_GROUP, GROUPS)}
        | extra,
    )
    either = any_of(listed, "options", "option_groups")

    def check(findings: Findings, value: object, at: str) -> None:
        either(findings, value, at)
        _initial_among_options(findings, value, at)

    return check


def _entry(extra: dict[str, Rule]) -> Rule:
    return shape({}, _ACTION | _PLACEHOLDER | {"dispatch_action_config": _DISPATCH} | extra)


_LENGTHS: dict[str, Rule] = {"min_length": whole, "max_length": whole}
_NUMBERS: dict[str, Rule] = {
    "min_value": string(50),
    "max_value": string(50),
    "initial_value": string(50),
}

BUTTON = shape(
    {"text": text(75, markup=False)},
    _ACTION
    | {
        "value": string(2000, least=0),
        "url": string(3000),
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE = shape({"image_url": string(3000), "alt_text": string(2000)})
OVERFLOW_MENU = shape(
    {"options": items(_OPTION, OVERFLOW)}, {"action_id": string(255), "confirm": CONFIRM}
)

SELECTS: dict[str, Rule] = {
    "static_select": _select({"initial_option": _OPTION}),
    "multi_static_select": _select({"initial_options": items(_OPTION, OPTIONS)} | _MANY),
    "users_select": shape({}, _ACTION | _PLACEHOLDER | {"initial_user": string(255)}),
    "multi_users_select": shape(
        {}, _ACTION | _PLACEHOLDER | _MANY | {"initial_users": items(string(255), OPTIONS)}
    ),
    "channels_select": shape(
        {}, _ACTION | _PLACEHOLDER | {"initial_channel": string(255), "response_url_enabled": flag}
    ),
}
PICKERS: dict[str, Rule] = {
    "datepicker": shape({}, _ACTION | _PLACEHOLDER | {"initial_date": string(10)}),
    "timepicker": shape(
        {}, _ACTION | _PLACEHOLDER | {"initial_time": string(5), "timezone": string(255)}
    ),
    "datetimepicker": shape({}, _ACTION | {"initial_date_time": whole}),
    "radio_buttons": _choosing(CHOICES, _CHOICE),
    "checkboxes": _choosing(CHOICES, _CHOICE),
}
ENTRIES: dict[str, Rule] = {
    "plain_text_input": _entry(
        _LENGTHS | {"initial_value": string(3000, least=0), "multiline": flag}
    ),
    "number_input": _entry(_NUMBERS | {"is_decimal_allowed": flag}),
    "email_text_input": _entry({"initial_value": string(3000)}),
    "url_text_input": _entry({"initial_value": string(3000)}),
}

IN_ACTIONS: Rule = typed({"button": BUTTON, "overflow": OVERFLOW_MENU} | SELECTS | PICKERS)
IN_SECTION: Rule = typed(
    {"button": BUTTON, "overflow": OVERFLOW_MENU, "image": IMAGE} | SELECTS | PICKERS
)
IN_INPUT: Rule = typed(SELECTS | PICKERS | ENTRIES)
