"""Commands: a plan as calls of the AWS command line (version 2), to be copied."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from bot.containment.effects.denial import WHEN_CALLED
from bot.containment.plan import Call, Plan, made_by

MADE: Mapping[str, str] = {"CreateNetworkAcl": "NetworkAcl.NetworkAclId"}
"""Where an answer names what a call has made; else it is a group."""

WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def cli_commands(plan: Plan) -> tuple[str, ...]:
    """Return a shell command for each call, in order; whoever runs it is in the call's account.

    The id of what a call makes is kept in a variable for those that need it.
    """
    return tuple(_command(number, call, plan) for number, call in enumerate(plan.calls))


def dashed(name: str) -> str:
    """Return one of the API's names as the command line spells it."""
    return WORDS.sub("-", name).lower()


def _command(number: int, call: Call, plan: Plan) -> str:
    text = shlex.join(_words(call))
    for needed in call.needs:
        # The placeholder is always within single quotes, which a variable must be outside of.
        text = text.replace(made_by(needed), f"'\"$made_{needed + 1}\"'")
    # Of a moment the shell knows better than the plan.
    text = text.replace(WHEN_CALLED, "'\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"'")
    if any(made_by(number) in str(other.effect) for other in plan.calls):
        named = MADE.get(call.operation, "GroupId")
        return f"made_{number + 1}=$({text} --query {named} --output text)"
    return text


def _words(call: Call) -> list[str]:
    words = ["aws", call.service, dashed(call.operation), "--region", call.region]
    return [*words, *(word for pair in call.parameters.items() for word in _option(*pair))]


def _option(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"--{'' if value else 'no-'}{dashed(name)}"
        return
    yield f"--{dashed(name)}"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield from value
    elif isinstance(value, list | dict):
        yield json.dumps(value, ensure_ascii=False)
    else:
        yield str(value)
