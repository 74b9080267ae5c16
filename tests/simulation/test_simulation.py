"""Hundreds of seeded runs, thousands in the long tests; a failing one's seed is in its message."""

import os

import pytest

from bot.alerts.judge import Judge
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.store.store import connect
from tests.simulation.promises import check
from tests.simulation.run import build, play

RUNS = int(os.environ.get("SGWATCH_SIMULATIONS", "250"))
LONG_RUNS = 4000
FIRST = int(os.environ.get("SGWATCH_SEED", "0"))
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_the_promises_hold(part: int, redis_url: str) -> None:
    simulate(range(FIRST + part, FIRST + RUNS, PARTS), redis_url)


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_the_promises_hold_for_thousands(part: int, redis_url: str) -> None:
    simulate(range(FIRST + RUNS + part, FIRST + LONG_RUNS, PARTS), redis_url)


def simulate(seeds: range, redis_url: str) -> None:
    client, judge = connect(redis_url), Judge(Matcher(packaged().detections))
    for seed in seeds:
        world = build(seed, client, judge)
        try:
            play(world)
            check(world)
        except Exception as error:
            error.add_note(f"run it again with SGWATCH_SEED={seed} SGWATCH_SIMULATIONS=1")
            raise
        finally:
            world.scheduler.kill_all()
            client.flushdb()
