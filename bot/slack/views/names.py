"""Names that Slack sends back to us: of buttons and of forms. Each has one listener."""

from enum import StrEnum


class Action(StrEnum):
    """The ``action_id`` of each button."""

    ACKNOWLEDGE = "acknowledge"
    BENIGN = "benign"
    EXEMPT = "exempt"
    EXEMPT_PREVIEW = "exempt_preview"
    REVERT = "revert"
    HOW_TO_REVERT = "how_to_revert"
    REOPEN = "reopen"
    GUIDE = "guide"
    GUIDE_BACK = "guide_back"
    GUIDE_ON = "guide_on"
    MORE = "more"
    CHANGES = "changes"
    CHANGES_BACK = "changes_back"
    CHANGES_ON = "changes_on"
    CHANGES_ORDER = "changes_order"
    CHANGES_CSV = "changes_csv"
    CHANGES_JSON = "changes_json"
    STORM = "storm"
    STORM_BACK = "storm_back"
    STORM_ON = "storm_on"
    STORM_SEVERITY = "storm_severity"
    STORM_CSV = "storm_csv"
    STORM_JSON = "storm_json"
    SHOW_HERE = "show_here"
    ANSWER_YES = "answer_yes"
    ANSWER_NO = "answer_no"
    ANSWER_UNSURE = "answer_unsure"
    EXEMPTION_EXTEND = "exemption_extend"
    EXEMPTION_END = "exemption_end"
    ASIDE = "aside"
    ASIDE_BACK = "aside_back"
    ASIDE_ON = "aside_on"
    ASIDE_SHOW = "aside_show"


class Form(StrEnum):
    """The ``callback_id`` of each form that can be submitted."""

    BENIGN = "benign_form"
    EXEMPT = "exempt_form"
    REVERT = "revert_form"
    REOPEN = "reopen_form"
    ANSWER = "answer_form"
    EXEMPTION_EDIT = "exemption_edit_form"
    EXEMPTION_EXTEND = "exemption_extend_form"
    EXEMPTION_END = "exemption_end_form"
