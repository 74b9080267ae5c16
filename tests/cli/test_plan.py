"""``sgwatch plan`` shows what a revert would call, from files alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.cli.plan_states import KEYS
from tests.records import a_record, authorize, modify_rules, permission

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures" / "records").glob("*.json"))
OPENED = authorize(permission(22), requestID="r-1")


def run(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(app, ["plan", *arguments], input=given)


def plan_of(record: Any, *arguments: str) -> dict[str, Any]:
    result = run("-", "--json", *arguments, given=json.dumps(record))
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def described(tmp_path: Path, **told: Any) -> tuple[str, str]:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(told))
    return "--state", str(path)


def rules_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rules that a record added, as DescribeSecurityGroupRules tells them."""
    (item,) = record["responseElements"]["securityGroupRuleSet"]["items"]
    named = {key[0].upper() + key[1:]: value for key, value in item.items()}
    return [named | {"IsEgress": False}]


def test_without_a_state_things_are_taken_to_be_as_the_record_left_them() -> None:
    answer = plan_of(OPENED)
    (call,) = answer["calls"]
    assert sorted(call) == ["operation", "parameters", "service", "why"]
    assert (call["service"], call["operation"]) == ("ec2", "RevokeSecurityGroupIngress")
    assert list(call["parameters"]) == ["GroupId", "SecurityGroupRuleIds"]
    assert sorted(answer) == ["calls", "cannot", "drift", "leaves"]
    assert "no --state tells them" in answer["drift"][0]


def test_a_state_tells_what_has_drifted(tmp_path: Path) -> None:
    (rule,) = rules_of(OPENED)
    edited = rule | {"FromPort": 2222, "ToPort": 2222}
    answer = plan_of(OPENED, *described(tmp_path, SecurityGroupRules=[edited]))
    assert answer["calls"] == []
    assert len(answer["drift"]) == 1
    assert "edited since, to in tcp 2222" in answer["drift"][0]


def test_a_state_tells_what_is_left_alone(tmp_path: Path) -> None:
    (rule,) = rules_of(OPENED)
    other = rule | {"SecurityGroupRuleId": "sgr-other", "FromPort": 443, "ToPort": 443}
    answer = plan_of(OPENED, *described(tmp_path, SecurityGroupRules=[rule, other]))
    (call,) = answer["calls"]
    assert call["parameters"]["SecurityGroupRuleIds"] == [rule["SecurityGroupRuleId"]]
    assert "sgr-other" in answer["leaves"][0]
    assert answer["drift"] == []


def test_a_group_that_is_gone_needs_nothing(tmp_path: Path) -> None:
    answer = plan_of(OPENED, *described(tmp_path, SecurityGroups=[]))
    assert answer["calls"] == []
    assert "is gone" in answer["leaves"][0]


def test_what_is_not_known_is_said_plainly() -> None:
    answer = plan_of(modify_rules({"SecurityGroupRuleId": "sgr-1", "tag": 1}))
    assert answer["calls"] == []
    assert answer["cannot"]


def test_a_person_reads_the_calls_and_why(tmp_path: Path) -> None:
    result = run("-", given=json.dumps(OPENED))
    assert "1. ec2 RevokeSecurityGroupIngress on sg-" in result.stdout
    assert "in tcp 22 ← 0.0.0.0/0" in result.stdout
    assert "why: takes away only what was added" in result.stdout
    none = run("-", given=json.dumps(a_record("DescribeInstances")))
    assert none.stdout.startswith("There is nothing to call.")


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_every_known_record_has_a_plan_or_says_why_not(path: Path) -> None:
    result = run(str(path), "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["calls"] or answer["leaves"] or answer["cannot"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("{", "this is no JSON", id="broken"),
        pytest.param("[]", "this is no describe output", id="another thing"),
        pytest.param('{"SecurityGroupRules": [3]}', "has another form", id="another form"),
    ],
)
def test_a_state_that_cannot_be_used_is_told_with_what_to_give(
    tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)
    result = run("-", "--state", str(path), given=json.dumps(OPENED))
    assert result.exit_code == 2
    assert says in result.output
    assert content == '{"SecurityGroupRules": [3]}' or KEYS[0] in result.output


def test_what_is_neither_a_file_nor_an_alert_is_told() -> None:
    result = run("nothing.json")
    assert result.exit_code == 2
    assert "There is no file nothing.json, nor is it an alert's id." in result.output


def test_a_record_that_is_unreadable_does_not_hide_the_others() -> None:
    result = run("-", "--json", given=json.dumps(OPENED) + "\n{broken")
    assert result.exit_code == 1
    assert "no JSON" in result.stderr
    assert json.loads(result.stdout)["calls"]
