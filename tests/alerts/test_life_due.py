"""What is due for an exemption: a reminder before each end, a notice after it, each once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alerts.life import Deed, Lived
from bot.alerts.life_due import LifeDue, LifeProgress, LifeStep, life_due
from bot.alerts.people import SGWATCH, Author
from bot.alerts.progress import Trouble
from bot.exemptions.model import Exemption, Scope
from tests.builders import NOON

DAY = timedelta(days=1)
ENDS = NOON + 30 * DAY
EXEMPTION = Exemption("EX-1", Scope(groups=("sg-0a1b",)), "CHG-12", "U0ROSA", NOON, ENDS)
OWNER, OTHER = Author("U0ROSA", "Rosa"), Author("U0ALICE", "Alice")
POSTED = LifeProgress(reminder="1.0", reminded_in="D0ROSA", about=ENDS)


def lived(did: Deed, until: datetime = ENDS, by: Author = SGWATCH, at: datetime = NOON) -> Lived:
    return Lived(at=at, by=by, did=did, until=until, reason="x")


def step(now: datetime, *lines: Lived, exemption: Exemption = EXEMPTION) -> LifeDue:
    return life_due(exemption, lines, LifeProgress(), now)


def test_the_owner_is_reminded_three_days_before_the_end() -> None:
    assert step(ENDS - 3 * DAY - timedelta(seconds=1)) == LifeDue(None, ENDS - 3 * DAY)
    assert step(ENDS - 3 * DAY).step is LifeStep.REMIND


def test_of_a_short_one_they_are_reminded_when_a_quarter_is_left() -> None:
    short = replace(EXEMPTION, expires_at=NOON + 4 * DAY)
    assert step(NOON, exemption=short).next == NOON + 3 * DAY
    extended = lived(Deed.EXTENDED, short.expires_at, at=NOON + 2 * DAY)
    assert step(NOON, extended, exemption=short).next == NOON + 3.5 * DAY


def test_they_are_reminded_once_of_each_end() -> None:
    late, told = ENDS - DAY, lived(Deed.REMINDED)
    assert step(late, told) == LifeDue(None, ENDS)
    longer = replace(EXEMPTION, expires_at=ENDS + DAY)
    extended = lived(Deed.EXTENDED, ENDS + DAY, at=ENDS - 2 * DAY)
    now = ENDS + timedelta(hours=10)
    assert step(now, told, extended, exemption=longer).step is LifeStep.REMIND


@pytest.mark.parametrize(
    ("lines", "to_do"),
    [
        pytest.param((), LifeStep.TELL_ENDED, id="it ran out"),
        pytest.param((lived(Deed.TOLD),), None, id="told already"),
        pytest.param((lived(Deed.ENDED, by=OTHER),), LifeStep.TELL_ENDED, id="by another"),
        pytest.param((lived(Deed.ENDED, by=OWNER),), None, id="by the owner, who knows"),
        pytest.param((lived(Deed.TOLD, NOON),), LifeStep.TELL_ENDED, id="told of an earlier end"),
    ],
)
def test_the_end_is_told_once(lines: tuple[Lived, ...], to_do: LifeStep | None) -> None:
    assert step(ENDS, *lines) == LifeDue(to_do, None)


@pytest.mark.parametrize(
    ("exemption", "now"),
    [
        pytest.param(replace(EXEMPTION, expires_at=ENDS + DAY), ENDS - DAY, id="extended"),
        pytest.param(replace(EXEMPTION, expires_at=ENDS - DAY), ENDS - DAY, id="ended early"),
        pytest.param(EXEMPTION, ENDS, id="ran out"),
    ],
)
def test_the_reminder_then_shows_what_became_of_it(exemption: Exemption, now: datetime) -> None:
    assert life_due(exemption, (), POSTED, now).step is LifeStep.SETTLE


def test_a_reminder_that_still_stands_is_left_alone() -> None:
    assert life_due(EXEMPTION, (lived(Deed.REMINDED),), POSTED, ENDS - DAY) == LifeDue(None, ENDS)


def test_what_failed_is_tried_again_later() -> None:
    later = ENDS - DAY + timedelta(minutes=1)
    progress = LifeProgress(trouble=Trouble(1, later, "internal_error"))
    assert life_due(EXEMPTION, (), progress, ENDS - DAY) == LifeDue(None, later)
    assert life_due(EXEMPTION, (), progress, later).step is LifeStep.REMIND
