"""What tests of ``sgwatch detections`` share: the command run, and rule files to run it on."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from bot.cli.main import app

Json = dict[str, Any]

RULE = """
[rule]
rule_id = "{id}"
name = "{name}"
type = "{type}"
language = "{language}"
severity = "high"
risk_score = 73
query = '''
{query}
'''
"""


def detections(*arguments: str, given: str | bytes = "", setting: str = "") -> Result:
    """Run the command on standard input, or on the files that the arguments name."""
    env = {"COLUMNS": "100", "SGWATCH_DETECTIONS": setting}
    return CliRunner().invoke(app, ["detections", *arguments], input=given, env=env)


def lines(result: Result) -> list[Json]:
    """Return the lines of an answer in JSON."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def rule_file(
    place: Path,
    query: str,
    rule_id: str = "r-1",
    name: str = "A rule",
    kind: str = "query",
    language: str = "kuery",
    more: str = "",
) -> str:
    """Write a rule file, named by the rule's id, and return its path."""
    path = place / f"{rule_id}.toml"
    text = RULE.format(id=rule_id, name=name, type=kind, language=language, query=query)
    path.write_text(text + more)
    return str(path)
