"""How to revert: the commands that a person runs, where sgwatch itself may not change AWS."""

from collections.abc import Iterator
from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.changes.sentence import number_of
from bot.containment.commands import cli_commands
from bot.containment.effects.rules import ChangeRules
from bot.containment.plan import Call, Plan
from bot.slack.views.blocks import Json, modal, section
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold, code, code_block, copyable, escape
from bot.slack.views.revert import CANNOT, lists

TITLE = "How to revert"
COMMAND = 2900
COMMANDS_SHOWN = 40
BY_ID, IN_FULL = 40, 5
"""Rules in one command: those named by id are short, those put back are written out."""


def how_to_revert(alert: Alert, shown: Shown, plan: Plan) -> Json:
    """Return the commands that revert."""
    return how_to(TITLE, "There is nothing to revert.", alert, shown, plan)


def how_to(
    title: str, nothing: str, alert: Alert, shown: Shown, plan: Plan, cannot: str = CANNOT
) -> Json:
    """Return the commands to copy, each with its account and why it is safe."""
    blocks: list[Block] = heading(alert, shown)
    if not plan.calls:
        return modal(title, [*blocks, section(nothing), *lists(plan, cannot)])
    blocks.append(section("sgwatch is not allowed to change AWS here. Run these in order:"))
    parts = [
        part for pair in zip(plan.calls, cli_commands(plan), strict=True) for part in _parts(*pair)
    ]
    for number, (call, command) in enumerate(parts[:COMMANDS_SHOWN], 1):
        blocks += _command(number, call, command, shown)
    if len(parts) > COMMANDS_SHOWN:
        more = number_of(len(parts) - COMMANDS_SHOWN, "command")
        blocks.append(section(f"… and {more} more. Run these first, then look again."))
    return modal(title, [*blocks, *lists(plan, cannot)])


def _parts(call: Call, command: str) -> Iterator[tuple[Call, str]]:
    """Yield the call with its command, in parts that are short enough to be shown whole."""
    effect = call.effect
    if call.needs or not isinstance(effect, ChangeRules):
        yield call, command
        return
    size = BY_ID if effect.closes else IN_FULL
    for start in range(0, len(effect.rules), size):
        part = replace(call, effect=replace(effect, rules=effect.rules[start : start + size]))
        yield part, cli_commands(Plan((part,)))[0]


def _command(number: int, call: Call, text: str, shown: Shown) -> list[Block]:
    where = f"{code(call.about)} in account {escape(shown.account(call.account))}"
    head = section(f"{bold(f'{number}.')} {where}: {escape(call.why, 500)}")
    command = copyable(text, COMMAND)
    if command is None:
        missing = "⚠️ This cannot be written as a command here: use the AWS console."
        return [head, section(missing)]
    return [head, section(code_block([command]))]
