"""Every message three times, in any order, across three pollers: every event counts once."""

from random import Random

import pytest

from tests.crash.events import many, send
from tests.crash.lane import Lane
from tests.crash.promises import each_event_once, entries_of
from tests.crash.scenario import Case, dead, waiting

pytestmark = pytest.mark.line

EVENTS, PRINCIPALS, TIMES = 80, 5, 3


def test_each_message_comes_three_times_to_three_pollers(lane: Lane, rng: Random) -> None:
    lane.arguments = ("poller",)
    sent = many(lane, rng, EVENTS, PRINCIPALS)
    bodies = list(sent.bodies) * TIMES
    rng.shuffle(bodies)
    case = Case(lane)
    others = [lane.zygote.fork(lane.arguments, lane.environment(), lane.log) for _ in range(2)]
    try:
        send(lane, bodies)
        lane.until(lambda: waiting(lane) == 0, "the queue is empty")
    finally:
        for other in others:
            other.kill()
    each_event_once(lane, sent.times, entries_of(case))
    assert len(case.alerts) == PRINCIPALS
    assert dead(lane) == 0
