"""``sgwatch pattern``: what it prints for rules of one's own, and of which rules it warns."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.cli.main import app
from tests.cli.detecting import rule_file


def pattern(*arguments: str, setting: str = "") -> Result:
    return CliRunner().invoke(app, ["pattern", *arguments], env={"SGWATCH_DETECTIONS": setting})


def test_the_actions_of_the_setting_and_of_the_paths_are_let_in(tmp_path: Path) -> None:
    one = rule_file(tmp_path, "event.action: CreateTags", "r-1")
    two = rule_file(tmp_path, "event.action: DeleteTags", "r-2")
    result = pattern("--detections", two, setting=one)
    assert {"CreateTags", "DeleteTags"} <= set(json.loads(result.stdout)["detail"]["eventName"])
    assert result.stderr == ""


def test_rules_that_it_lets_nothing_in_for_are_named(tmp_path: Path) -> None:
    any_action = rule_file(tmp_path, "event.provider: ec2.amazonaws.com", "r-any")
    refused = rule_file(tmp_path, "any where true", "r-eql", kind="eql", language="eql")
    result = pattern("--detections", str(tmp_path))
    assert result.exit_code == 0
    any_told, refused_told = sorted(result.stderr.splitlines())
    assert any_told == (
        f"{any_action} names no event.action: it sees only what is let in for other rules"
    )
    assert refused_told.startswith(f"{refused} is unsupported: type eql")


def test_a_pattern_that_eventbridge_would_refuse_is_not_printed(tmp_path: Path) -> None:
    many = " or ".join(f"ActionOfALongName{number}" for number in range(200))
    result = pattern("--detections", rule_file(tmp_path, f"event.action: ({many})"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "make several rules" in result.stderr
