"""What tests of ``sgwatch explain`` share: the command run, and its answers read."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from bot.cli.main import app

Json = dict[str, Any]


def explained(*arguments: str, given: str | bytes = "") -> Result:
    """Run the command on standard input, or on the file that the arguments name."""
    return CliRunner().invoke(app, ["explain", *arguments], input=given, env={"COLUMNS": "100"})


def answers(*records: Json, arguments: tuple[str, ...] = ()) -> list[Json]:
    """Return what ``--json`` answers to records given one a line; all must be read."""
    result = explained("-", "--json", *arguments, given="\n".join(map(json.dumps, records)))
    assert result.exit_code == 0, result.output
    return lines(result)


def lines(result: Result) -> list[Json]:
    """Return the lines of an answer."""
    return [json.loads(line) for line in result.stdout.splitlines()]
