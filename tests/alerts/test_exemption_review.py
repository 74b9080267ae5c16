"""Which exemptions the weekly review tells of, and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.exemption_review import A_LOT, Watched, to_look_at
from bot.exemptions.model import Exemption, Scope
from tests.builders import NOON

DAY = timedelta(days=1)
EXEMPTION = Exemption(
    "EX-1", Scope(groups=("sg-0a1b",)), "x", "U0ROSA", NOON - 20 * DAY, NOON + 30 * DAY
)
USED = Watched(EXEMPTION, hid=5, lately=1)
KNOWN = (NOON - 90 * DAY).date()


def test_one_that_is_of_use_is_left_alone() -> None:
    assert to_look_at([USED], NOON, KNOWN) == ()


@pytest.mark.parametrize(
    ("watched", "why"),
    [
        pytest.param(replace(USED, hid=0), "it hid nothing in 20 days", id="nothing"),
        pytest.param(
            replace(USED, lately=A_LOT), "it hid 100 changes in the last week", id="a lot"
        ),
        pytest.param(replace(USED, owner_left=True), "its owner has left", id="left"),
        pytest.param(
            replace(USED, exemption=replace(EXEMPTION, expires_at=NOON + 7 * DAY)),
            "it ends within a week",
            id="ends soon",
        ),
    ],
)
def test_others_are_told_with_why(watched: Watched, why: str) -> None:
    [found] = to_look_at([USED, watched], NOON, KNOWN)
    assert found.why == (why,)


@pytest.mark.parametrize(
    "known", [pytest.param(None, id="no history"), pytest.param(NOON.date(), id="since today")]
)
def test_none_is_called_idle_for_longer_than_it_was_watched(known: None) -> None:
    assert to_look_at([replace(USED, hid=0)], NOON, known) == ()


def test_ended_ones_are_past_looking_at_and_the_next_to_end_is_first() -> None:
    ended = replace(USED, exemption=replace(EXEMPTION, expires_at=NOON), owner_left=True)
    sooner = replace(EXEMPTION, id="EX-2", expires_at=NOON + DAY)
    found = to_look_at(
        [ended, replace(USED, owner_left=True), replace(USED, exemption=sooner)], NOON, KNOWN
    )
    assert [each.exemption.id for each in found] == ["EX-2", "EX-1"]
