"""What the doctor says of how old is what is known of groups."""

from datetime import timedelta

import pytest

from bot.checks.baselines import MOST, ages, unread
from bot.checks.check import Status
from bot.store.baselines import Trouble
from bot.store.events import Place
from tests.builders import NOON
from tests.checks.conftest import PROD, REGION, STAGING, Surroundings, named

NAMES = {PROD: "prod", STAGING: "staging"}
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        pytest.param(
            {f"{PROD}/eu-west-1": 5, f"{PROD}/us-east-1": 1, f"{STAGING}/eu-west-1": 2},
            [(Status.OK, "read prod 5 h 0 min, staging 2 h 0 min ago")],
            id="all were read",
        ),
        pytest.param(
            {f"{PROD}/eu-west-1": 13, f"{PROD}/us-east-1": 1, f"{STAGING}/eu-west-1": 0},
            [(Status.OK, "read staging 0 min ago"), (Status.WARN, "prod: read 13 h 0 min ago")],
            id="a region of one was read long ago",
        ),
        pytest.param(
            {f"{STAGING}/eu-west-1": 0},
            [(Status.OK, "read staging 0 min ago"), (Status.WARN, "prod: not read yet")],
            id="one was never read",
        ),
        pytest.param({}, [(Status.WARN, "prod, staging: not read yet")], id="none was"),
    ],
)
def test_ages_are_told_by_account(read: dict[str, int], expected: list[tuple[Status, str]]) -> None:
    read_at = {place: NOON - hours * HOUR for place, hours in read.items()}
    found = ages(read_at, NAMES, NOON, 6 * HOUR)
    assert [(check.status, check.said) for check in found] == expected


def test_hundreds_of_accounts_are_a_few_lines() -> None:
    read_at = {f"{n:012}/eu-west-1": NOON - n * HOUR for n in range(300)}
    assert len(list(ages(read_at, {}, NOON, 6 * HOUR))) == MOST + 1
    troubles = [Trouble(Place(f"{n:012}", ""), "no permission") for n in range(300)]
    assert len(list(unread(troubles, {}))) == MOST + 1


def test_it_is_looked_at_with_the_rest(around: Surroundings) -> None:
    around.store.baselines.failed(Trouble(Place(STAGING, REGION), "no permission for x"))
    checks = around.look("baselines")
    assert "read prod 0 min, staging 0 min ago" in named(checks, "baselines", Status.OK)
    assert "staging/eu-west-1: no permission for x" in named(checks, "baselines", Status.WARN)
    assert "off" in named(around.look("baselines", baseline_hours="0"), "baselines", Status.OK)
