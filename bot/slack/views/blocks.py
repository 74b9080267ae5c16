"""The few blocks that our views are made of. Slack's limits are checked when they become JSON."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.slack.views.mrkdwn import code_block, escape
from bot.slack.views.names import Action
from bot.slack.views.refs import AsideRef, ExemptionRef, MenuRef, Ref, StormRef, written

Json = dict[str, Any]

VALUE = "value"
"""The ``action_id`` of every field: its block is what names it."""

FILLED = "."
"""Parts a field's name from how often it was filled anew: Slack keeps what stands in a block."""

INPUT, REASON, ONE_LINE, PROBLEM, LABEL = 3000, 1000, 100, 600, 75
BLOCK_LINES = 14
"""Lines of code in one section: with lines of at most 200 characters they fit its limit."""


def markup(text: str) -> MarkdownTextObject:
    """Return markup in which Slack makes no link or mention that we did not write."""
    return MarkdownTextObject(text=text, verbatim=True)


def words(text: str) -> PlainTextObject:
    """Return text without markup, in which ``:name:`` stays as it is."""
    return PlainTextObject(text=text, emoji=False)


def section(text: str, beside: InteractiveElement | None = None) -> SectionBlock:
    """Return a paragraph, with a button or a menu beside it."""
    return SectionBlock(text=markup(text), accessory=beside)


def code_sections(lines: Sequence[str]) -> list[Block]:
    """Return lines, each already through ``in_code``, as code in as many sections as it takes."""
    starts = range(0, len(lines), BLOCK_LINES)
    return [section(code_block(lines[start : start + BLOCK_LINES])) for start in starts]


def context(text: str) -> ContextBlock:
    """Return a small grey line."""
    return ContextBlock(elements=[markup(text)])


def button(
    label: str,
    action: Action,
    ref: Ref,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """Return a button about an alert, a storm or an exemption; a screen reader hears which."""
    return ButtonElement(
        text=words(label),
        action_id=action,
        value=written(ref),
        style=style,
        confirm=confirm,
        accessibility_label=f"{label.rstrip('…')} {_about(ref)}"[:LABEL],
    )


def _about(ref: Ref) -> str:
    match ref:
        case StormRef():
            return "of the storm"
        case ExemptionRef():
            return f"exemption {ref.exemption}"
        case AsideRef() if not ref.alert:
            return "of the digest's alerts"
        case _:
            return f"alert {ref.alert}"


def sure(title: str, text: str, confirm: str, deny: str) -> ConfirmObject:
    """Return the question whether somebody really wants what they have pressed."""
    return ConfirmObject(
        title=words(title),
        text=words(text),
        confirm=words(confirm),
        deny=words(deny),
        style="danger",
    )


def menu(action: Action, options: Mapping[str, MenuRef]) -> OverflowMenuElement:
    """Return a menu behind three dots; ``options`` maps what people read to what it carries."""
    offered = [Option(value=written(ref), text=words(text)) for text, ref in options.items()]
    return OverflowMenuElement(action_id=action, options=offered)


def choice(action: Action, options: Mapping[str, StormRef], chosen: str) -> StaticSelectElement:
    """Return a choice that acts at once; ``chosen`` is what is read of the present one."""
    offered = {text: Option(value=written(ref), text=words(text)) for text, ref in options.items()}
    return StaticSelectElement(
        action_id=action, options=list(offered.values()), initial_option=offered[chosen]
    )


def buttons(elements: Sequence[InteractiveElement]) -> ActionsBlock:
    """Return a row of buttons and menus."""
    return ActionsBlock(elements=list(elements))


def as_json(blocks: Iterable[Block]) -> tuple[Json, ...]:
    """Return blocks as Slack reads them. Raises if one breaks a limit."""
    return tuple(block.to_dict() for block in blocks)


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    form: str | None = None,
    submit: str | None = None,
    close: str = "Close",
    metadata: str | None = None,
) -> Json:
    """Return a modal; one with a form can be submitted."""
    view = View(
        type="modal",
        title=words(title),
        blocks=list(blocks),
        callback_id=form,
        submit=words(submit) if submit else None,
        close=words(close),
        private_metadata=metadata,
    )
    return dict(view.to_dict())


def text_input(
    name: str, label: str, initial: str = "", *, hint: str = "", optional: bool = True
) -> InputBlock:
    """Return a field of one line, or of several where what it begins with is long."""
    element = PlainTextInputElement(
        action_id=VALUE,
        initial_value=initial,
        multiline=len(initial) > ONE_LINE,
        max_length=INPUT,
    )
    return _input(name, label, element, hint, optional=optional)


def reason_input(label: str, initial: str = "", hint: str = "") -> InputBlock:
    """Return the field for a reason, which every decision on AWS or on silence needs."""
    element = PlainTextInputElement(
        action_id=VALUE, initial_value=initial, multiline=True, max_length=REASON
    )
    return _input("reason", label, element, hint, optional=False)


def select_input(
    name: str, label: str, options: Mapping[str, str], initial: str, *, hint: str = ""
) -> InputBlock:
    """Return a choice of one; ``options`` maps values to what people read."""
    offered = [Option(value=value, text=words(text)) for value, text in options.items()]
    chosen = next((option for option in offered if option.value == initial), offered[0])
    element = StaticSelectElement(action_id=VALUE, options=offered, initial_option=chosen)
    return _input(name, label, element, hint, optional=False)


def consent_input(name: str, label: str, text: str) -> InputBlock:
    """Return a box that must be ticked."""
    offered = [Option(value="yes", text=words(text))]
    element = CheckboxesElement(action_id=VALUE, options=offered)
    return _input(name, label, element, "", optional=False)


def boxes_input(
    name: str, label: str, options: Mapping[str, str], ticked: Collection[str]
) -> InputBlock:
    """Return boxes, of which any may be ticked; ``options`` maps values to what people read."""
    offered = [Option(value=value, text=words(text)) for value, text in options.items()]
    chosen = [option for option in offered if option.value in ticked]
    element = CheckboxesElement(action_id=VALUE, options=offered, initial_options=chosen or None)
    return _input(name, label, element, "", optional=True)


def choices_input(
    name: str, label: str, options: Mapping[str, str], chosen: Collection[str]
) -> InputBlock:
    """Return a choice of one or several; ``options`` maps values to what people read."""
    offered = [Option(value=value, text=words(text)) for value, text in options.items()]
    first = [option for option in offered if option.value in chosen]
    element = StaticMultiSelectElement(
        action_id=VALUE, options=offered, initial_options=first or None
    )
    return _input(name, label, element, "", optional=False)


def problem_section(problem: str) -> list[Block]:
    """Return what was wrong with what was submitted, if anything was."""
    return [section(f"⚠️ {escape(problem, PROBLEM)}")] if problem else []


def _input(
    name: str, label: str, element: InputInteractiveElement, hint: str, *, optional: bool
) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=words(label),
        element=element,
        hint=words(hint) if hint else None,
        optional=optional,
    )
