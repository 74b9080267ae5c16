"""The commands to copy say exactly what the plan's calls do."""

import json
import shlex

import pytest

from bot.changes.permissions import rules_from_permissions
from bot.changes.rules import Direction
from bot.containment.commands import cli_commands
from bot.containment.effects.rules import Operation
from bot.containment.plan import Call, Plan, rule_call
from tests.builders import a_rule

WEB = a_rule(443, "10.0.0.0/8", rule_id="", description='internal web; it\'s "ours"')
APP = a_rule(8080, "sg-app", rule_id="")


def words_of(*calls: Call) -> list[list[str]]:
    return [shlex.split(command) for command in cli_commands(Plan(calls))]


@pytest.mark.parametrize(
    ("operation", "subcommand"),
    [
        pytest.param(Operation.REVOKE_INGRESS, "revoke-security-group-ingress", id="ingress"),
        pytest.param(Operation.REVOKE_EGRESS, "revoke-security-group-egress", id="egress"),
    ],
)
def test_rules_are_revoked_by_their_ids(operation: Operation, subcommand: str) -> None:
    rules = (a_rule(rule_id="sgr-1"), a_rule(23, rule_id="sgr-2"))
    (words,) = words_of(rule_call(operation, "123456789012", "eu-west-1", "sg-1", rules, ""))
    assert words == [
        *("aws", "ec2", subcommand, "--region", "eu-west-1", "--group-id", "sg-1"),
        *("--security-group-rule-ids", "sgr-1", "sgr-2"),
    ]


@pytest.mark.parametrize(
    ("operation", "subcommand"),
    [
        pytest.param(Operation.AUTHORIZE_INGRESS, "authorize-security-group-ingress", id="ingress"),
        pytest.param(Operation.AUTHORIZE_EGRESS, "authorize-security-group-egress", id="egress"),
    ],
)
def test_rules_are_put_back_whole(operation: Operation, subcommand: str) -> None:
    (words,) = words_of(rule_call(operation, "123456789012", "eu-west-1", "sg-1", (WEB, APP), ""))
    assert words[2] == subcommand
    assert words[-2] == "--ip-permissions"
    read = rules_from_permissions(json.loads(words[-1]), Direction.INGRESS)
    assert [(rule, rule.description) for rule in read] == [(WEB, WEB.description), (APP, "")]


def test_hostile_text_stays_one_word() -> None:
    rule = a_rule(rule_id="sgr-1; rm -rf $(HOME)")
    (words,) = words_of(rule_call(Operation.REVOKE_INGRESS, "1", "eu; x", "sg-1 `id`", (rule,), ""))
    assert words[4:] == [
        *("eu; x", "--group-id", "sg-1 `id`", "--security-group-rule-ids", rule.rule_id)
    ]


def test_a_command_for_each_call_in_order() -> None:
    calls = [
        rule_call(operation, "1", "r", "sg-1", (a_rule(),), "")
        for operation in (Operation.REVOKE_INGRESS, Operation.AUTHORIZE_INGRESS)
    ]
    assert [words[2] for words in words_of(*calls)] == [
        "revoke-security-group-ingress",
        "authorize-security-group-ingress",
    ]
