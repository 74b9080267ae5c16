"""``[exemptions]`` of the policy file: how long they last, and which wait for approval."""

from datetime import timedelta

import pytest

from bot.changes.severity import Severity
from bot.exemptions.policy import ExemptionPolicy
from bot.policy import read_policy
from bot.tables import FileError


def test_without_the_table_it_is_as_usual() -> None:
    assert read_policy(b"", "p", "C0").exemptions == ExemptionPolicy()


def test_all_of_it_is_read() -> None:
    content = b"""
[exemptions]
default = "2d"
longest = "30d"
request = "12h"
approve_world = true
approve_severity = "high"
approve_accounts = ["123456789012"]
approve_longer_than = "2w"
"""
    assert read_policy(content, "p", "C0").exemptions == ExemptionPolicy(
        lasts=timedelta(days=2),
        longest=timedelta(days=30),
        request=timedelta(hours=12),
        approve_world=True,
        approve_severity=Severity.HIGH,
        approve_accounts=("123456789012",),
        approve_longer_than=timedelta(weeks=2),
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("default = '3m'", "exemptions.default: “3m”: write how long", id="a span"),
        pytest.param("default = '91d'", "the default may not be longer", id="the wrong order"),
        pytest.param("approve_accounts = ['prod']", "“prod”: an account is written", id="account"),
        pytest.param("approve_severity = 'bad'", "must be low, medium, high", id="a severity"),
        pytest.param("aprove_world = true", "there is no such setting", id="a typo"),
    ],
)
def test_a_fault_names_its_place(content: str, says: str) -> None:
    with pytest.raises(FileError, match=says):
        read_policy(f"[exemptions]\n{content}".encode(), "p", "C0")
