"""Killed at any request, sgwatch carries on: nothing is lost, and nothing is done twice."""

import random

import pytest

from tests.crash.lane import Lane
from tests.crash.points import Point, arm, points_of
from tests.crash.promises import check
from tests.crash.scenario import PLAYS, play, tidy

pytestmark = pytest.mark.line

SAMPLE = 4
PARTS = 4


def killed_at(lane: Lane, name: str, point: Point | None) -> bool:
    """Play the scenario, killed at a point; say whether the point was come to."""
    if point is not None:
        arm(lane, point)
    try:
        check(play(lane, PLAYS[name]))
        return lane.started > 1
    except Exception as error:
        error.add_note(f"{name}, killed at {point}\n{lane.tail}")
        raise


def uninterrupted(lane: Lane, name: str) -> list[Point]:
    """Return the points of the scenario, played once without a crash."""
    assert not killed_at(lane, name, None), f"it ended by itself\n{lane.tail}"
    points = points_of(lane)
    tidy(lane)
    return points


def test_killed_at_a_few_requests(lane: Lane, rng: random.Random) -> None:
    points = uninterrupted(lane, "reverted")
    for point in rng.sample(points, SAMPLE):
        killed_at(lane, "reverted", point)
        tidy(lane)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", PLAYS)
def test_killed_at_every_request(lane: Lane, name: str, part: int) -> None:
    points = uninterrupted(lane, name)
    failed, missed = [], 0
    for point in points[part::PARTS]:
        try:
            missed += not killed_at(lane, name, point)
        except Exception as error:  # noqa: BLE001 (each is told at the end)
            failed.append(f"{point}: {error}")
        tidy(lane)
    assert not failed, f"{len(failed)} of {len(points[part::PARTS])}:\n" + "\n".join(failed)
    assert missed <= len(points) // 4, f"{missed} points were not come to"
