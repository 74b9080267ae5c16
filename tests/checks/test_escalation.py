"""``sgwatch doctor`` fails where nobody can be woken, and says why."""

from pathlib import Path

import pytest

from bot.checks.check import Check, Status
from tests.checks.conftest import Surroundings

LADDER = """
[escalation]
on_call = ["{whom}"]
[[escalation.ladders]]
name = "night"
severities = ["critical"]
[[escalation.ladders.levels]]
name = "first"
call = ["{call}"]
"""
ROTA = '[escalation.rotas.primary]\npeople = ["U0ROSA"]\nstarts = 2026-01-05\n'


def look(around: Surroundings, path: Path, content: str, **given: str) -> Check:
    file = path / "policy.toml"
    file.write_text(content, encoding="utf-8")
    checks = around.look("escalation", policy=str(file), **given)
    (check,) = [check for check in checks if check.name == "escalation"]
    return check


@pytest.mark.parametrize(
    ("call", "whom", "status", "said"),
    [
        ("pagerduty:default", "U0ROSA", Status.OK, "“night”: 1 level, wakes by pagerduty:default"),
        ("pagerduty:other", "U0ROSA", Status.FAIL, "SGWATCH_PAGERDUTY_KEYS has no other"),
        ("mention:on-call", "S0ONCALL", Status.FAIL, "wakes nobody (it only mentions people)"),
        ("dm:on-call", "S0ONCALL", Status.WARN, "wakes people by Slack alone"),
        ("dm:on-call", "S0NONE", Status.FAIL, "wakes nobody (dm:S0NONE: nobody is there)"),
        ("dm:on-call", "rota:primary", Status.WARN, "wakes people by Slack alone"),
        ("dm:on-call", "schedule:PXYZ", Status.FAIL, "SGWATCH_PAGERDUTY_TOKEN is not set"),
    ],
)
def test_whom_a_ladder_wakes(
    around: Surroundings, tmp_path: Path, call: str, whom: str, status: Status, said: str
) -> None:
    check = look(around, tmp_path, LADDER.format(call=call, whom=whom) + ROTA)
    assert (check.status, said in check.said) == (status, True), check
    assert bool(check.mend) is (status is not Status.OK)


def test_without_ladders_nobody_is_called(around: Surroundings, tmp_path: Path) -> None:
    check = look(around, tmp_path, "[escalation]\nladders = []")
    assert (check.status, "no ladder" in check.said) == (Status.FAIL, True)


def test_as_shipped_without_responders_or_keys_nobody_is_woken(
    around: Surroundings, tmp_path: Path
) -> None:
    check = look(around, tmp_path, "[rights]", pagerduty_keys="")
    assert (check.status, "wakes nobody" in check.said) == (Status.FAIL, True)
