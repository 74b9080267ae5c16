"""One lane for all tests of the room in a process, empty for each."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.crash.lane import Lane, a_lane
from tests.crash.scenario import tidy


@pytest.fixture(scope="package")
def _a_lane() -> Iterator[Lane]:
    with a_lane() as lane:
        yield lane


@pytest.fixture
def lane(_a_lane: Lane) -> Iterator[Lane]:
    """Return the lane with nothing running and nothing remembered."""
    _a_lane.arguments = ("run",)
    tidy(_a_lane)
    yield _a_lane
    _a_lane.end()


@pytest.fixture
def rng() -> random.Random:
    """Return the run's chance: by SGWATCH_SEED, or another each time. A failure prints the seed."""
    given = os.environ.get("SGWATCH_SEED")
    seed = int(given) if given else random.randrange(1_000_000)
    print(f"run it again with SGWATCH_SEED={seed}")  # noqa: T201 (shown if the test fails)
    return random.Random(seed)
