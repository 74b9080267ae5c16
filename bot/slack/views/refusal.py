"""Refusals: why not, and who may. Always private."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.alerts.commands import Refusal
from bot.slack.views.blocks import Json, as_json, code_sections, context, modal, section
from bot.slack.views.message import Message
from bot.slack.views.mrkdwn import escape, line_of_code

WHY = 1000

FAILED = Refusal(
    "That did not work: something went wrong on our side. Nothing was decided. Try again in a "
    "minute; if it still fails, tell whoever runs sgwatch."
)
OUTDATED = Refusal(
    "This button or form is from an older version of sgwatch and does nothing any more. "
    "Use the newest message of the alert, or type /sgwatch help."
)


def refusal_message(refusal: Refusal, who: str = "", pointed: Sequence[str] = ()) -> Message:
    """Return the private message; ``who`` is markup that says who may, ``pointed`` are a line that
    was typed and one with a caret under the word that is wrong.
    """
    typed = code_sections([line_of_code(pointed[0]), *pointed[1:]]) if pointed else []
    text = f"Not done: {escape(refusal.why, WHY)}"
    return Message(text, as_json([*_blocks(refusal, who), *typed]))


def refusal_modal(title: str, refusal: Refusal, who: str = "") -> Json:
    """Return the modal that takes the place of a form."""
    return modal(title, _blocks(refusal, who))


def _blocks(refusal: Refusal, who: str) -> list[Block]:
    blocks: list[Block] = [section(f"🚫 {escape(refusal.why, WHY)}")]
    return [*blocks, context(who)] if who else blocks
