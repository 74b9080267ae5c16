"""How to revert: the commands that a person runs, where sgwatch itself may not change AWS."""

from collections.abc import Iterator
from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot.alerts.alert import Alert
from bot.changes.sentence import number_of
from bot.containment.commands import cli_commands
from bot.containment.plan import Call, Plan
from bot.containment.readback import CLOSING
from bot.slack.views.blocks import Json, modal, section
from bot.slack.views.heading import heading
from bot.slack.views.message import Shown
from bot.slack.views.mrkdwn import bold, code, code_block, copyable, escape
from bot.slack.views.revert import lists

TITLE = "How to revert"
COMMAND = 2900
COMMANDS_SHOWN = 40
BY_ID, IN_FULL = 40, 5
"""Rules in one command: those named by id are short, those put back are written out."""


def how_to_revert(alert: Alert, shown: Shown, plan: Plan) -> Json:
    """Return the commands to copy, each with its account and why it is safe."""
    blocks: list[Block] = heading(alert, shown)
    if not plan.calls:
        return modal(TITLE, [*blocks, section("There is nothing to revert."), *lists(plan)])
    blocks.append(section("sgwatch is not allowed to change AWS here. Run these in order:"))
    parts = [part for call in plan.calls for part in _parts(call)]
    for number, part in enumerate(parts[:COMMANDS_SHOWN], 1):
        blocks += _command(number, part, shown)
    if len(parts) > COMMANDS_SHOWN:
        more = number_of(len(parts) - COMMANDS_SHOWN, "command")
        blocks.append(section(f"… and {more} more. Run these first, then look again."))
    return modal(TITLE, [*blocks, *lists(plan)])


def _parts(call: Call) -> Iterator[Call]:
    """Yield the call in parts that are short enough to be shown whole."""
    size = BY_ID if call.operation in CLOSING else IN_FULL
    for start in range(0, len(call.rules), size):
        yield replace(call, rules=call.rules[start : start + size])


def _command(number: int, call: Call, shown: Shown) -> list[Block]:
    where = f"{code(call.group_id)} in account {escape(shown.account(call.account))}"
    head = section(f"{bold(f'{number}.')} {where}: {escape(call.why, 500)}")
    command = copyable(cli_commands(Plan((call,)))[0], COMMAND)
    if command is None:
        rules = number_of(len(call.rules), "rule")
        missing = f"⚠️ {rules} cannot be written as a command here: use the AWS console."
        return [head, section(missing)]
    return [head, section(code_block([command]))]
