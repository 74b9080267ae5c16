"""Why an exemption must not be saved, each with what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.changes.rules import Direction
from bot.changes.severity import Severity
from bot.exemptions.model import Exemption, PortRange, Scope
from bot.exemptions.problems import problems
from tests.builders import NOON

CEILING = timedelta(days=90)
GOOD = Exemption(
    "X-1",
    Scope(groups=("sg-1",)),
    "CHG-1234 rollout",
    "U0ROSA",
    NOON,
    NOON + timedelta(days=30),
)


@pytest.mark.parametrize(
    "scope",
    [
        pytest.param(Scope(groups=("sg-1",)), id="a group"),
        pytest.param(Scope(principals=("arn:aws:iam::1:role/ci",)), id="a principal"),
        pytest.param(Scope(cidrs=("10.0.0.0/8", "fd00::/16")), id="private ranges"),
        pytest.param(Scope(peer_groups=("sg-1",)), id="a peer group"),
        pytest.param(Scope(persons=("ana@example.com",)), id="a person"),
        pytest.param(Scope(group_names=("web-*",)), id="a pattern of groups' names"),
        pytest.param(Scope(principal_patterns=("arn:aws:iam::*:role/ci-*",)), id="some roles"),
        pytest.param(Scope(groups=("sg-1",), cidrs=("0.0.0.0/0",)), id="the world, of one group"),
    ],
)
def test_one_narrow_clause_is_enough(scope: Scope) -> None:
    assert problems(replace(GOOD, scope=scope), NOON, CEILING) == ()


@pytest.mark.parametrize(
    ("scope", "field", "says"),
    [
        pytest.param(Scope(), "scope", "empty", id="nothing at all"),
        pytest.param(Scope(accounts=("123456789012",)), "scope", "anyone", id="a whole account"),
        pytest.param(Scope(actions=("RunInstances",)), "scope", "anyone", id="an action by anyone"),
        pytest.param(Scope(ports=(PortRange("tcp", 22, 22),)), "scope", "anyone", id="a port"),
        pytest.param(Scope(directions=(Direction.EGRESS,)), "scope", "anyone", id="a direction"),
        pytest.param(Scope(cidrs=("0.0.0.0/0",)), "scope", "anyone", id="the internet"),
        pytest.param(
            Scope(cidrs=("0.0.0.0/1", "10.0.0.0/8")), "scope", "anyone", id="half the internet"
        ),
        pytest.param(Scope(cidrs=("10.0.0.0/33",)), "cidrs", "10.0.0.0/33", id="a bad range"),
        pytest.param(Scope(cidrs=("10.1.2.3/8",)), "cidrs", "10.0.0.0/8?", id="bits to the right"),
        pytest.param(Scope(groups=("web",)), "groups", "sg-", id="a name for a group id"),
        pytest.param(Scope(principals=("unknown",)), "principals", "name a role", id="nobody"),
        pytest.param(Scope(sessions=("run-*",)), "scope", "anyone", id="a chosen session name"),
        pytest.param(Scope(countries=("DE",)), "scope", "anyone", id="a country"),
        pytest.param(Scope(countries=("Germany",)), "countries", "two letters", id="its name"),
        pytest.param(Scope(max_severity=Severity.LOW), "scope", "anyone", id="a severity"),
        pytest.param(Scope(group_tags=("env=prod",)), "scope", "anyone", id="a tag"),
        pytest.param(Scope(group_tags=("env",)), "group_tags", "env=prod", id="a tag's key alone"),
        pytest.param(Scope(tools=("Terraform",)), "scope", "anyone", id="a tool"),
        pytest.param(Scope(sources=("192.0.2.0/24",)), "scope", "anyone", id="a source"),
        pytest.param(
            Scope(principal_patterns=("arn:aws:iam::1:role/*",)),
            "principal_patterns",
            "nearly everything",
            id="every role",
        ),
        pytest.param(Scope(sessions=("**",)), "sessions", "everything", id="every session"),
        pytest.param(Scope(group_names=("*a*",)), "group_names", "3 char", id="most groups"),
        pytest.param(Scope(sources=("::/0",)), "sources", "every address", id="anywhere"),
        pytest.param(Scope(groups=("",)), "groups", "empty", id="an empty value"),
        pytest.param(Scope(peer_groups=("web",)), "peer_groups", "sg-", id="a bad peer group"),
        pytest.param(Scope(accounts=("prod",)), "accounts", "12 digits", id="a bad account"),
        pytest.param(
            Scope(ports=(PortRange("tcp", 9, 7),)), "ports", "443/tcp", id="ports backwards"
        ),
        pytest.param(Scope(ports=(PortRange("tpc", 9, 9),)), "ports", "443/tcp", id="bad protocol"),
    ],
)
def test_a_scope_is_refused(scope: Scope, field: str, says: str) -> None:
    (problem,) = problems(replace(GOOD, scope=scope), NOON, CEILING)
    assert problem.field == field
    assert says in problem.message


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        pytest.param({"reason": "  "}, "reason", "Say why", id="no reason"),
        pytest.param({"reason": "ok"}, "reason", "six months", id="a reason too short"),
        pytest.param({"expires_at": NOON}, "expires_at", "to come", id="ends now"),
        pytest.param(
            {"expires_at": NOON + CEILING + timedelta(seconds=1)},
            "expires_at",
            "90d",
            id="beyond the ceiling",
        ),
    ],
)
def test_a_reason_and_an_end_are_needed(fields: dict[str, Any], field: str, says: str) -> None:
    (problem,) = problems(replace(GOOD, **fields), NOON, CEILING)
    assert problem.field == field
    assert says in problem.message


def test_all_problems_are_told_at_once() -> None:
    bad = replace(GOOD, scope=Scope(), reason="", expires_at=NOON)
    assert [p.field for p in problems(bad, NOON, CEILING)] == ["scope", "reason", "expires_at"]
