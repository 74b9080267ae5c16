"""How it begins and ends while what it stands on is down."""

import os
import signal
import time
from random import Random

import pytest

from sandbox.framing import http_answer
from sandbox.tap import Instead
from tests.crash.events import many, send
from tests.crash.lane import Lane
from tests.crash.promises import check_alerts
from tests.crash.scenario import Case

pytestmark = [pytest.mark.line, pytest.mark.timeout(120)]

DOWN = Instead(http_answer(503, "Service Unavailable", "text/plain", {}))


def test_started_while_slack_is_down_it_reads_events_and_shows_them_later(
    lane: Lane, rng: Random
) -> None:
    lane.taps["slack"].reset(lambda _: DOWN)
    case = Case(lane)
    send(lane, many(lane, rng, 2, 2).bodies)
    lane.until(lambda: case.changes == 2, "the events are stored")
    lane.until(lambda: "waiting for Slack" in lane.tail, "it waits for Slack")
    lane.taps["slack"].reset()
    lane.wait_ready()
    case.until_quiet()
    check_alerts(case)
    assert lane.started == 1, f"it ended by itself\n{lane.tail}"


@pytest.mark.long
def test_told_to_stop_it_ends_though_redis_hangs(lane: Lane) -> None:
    lane.keep_running()
    lane.wait_ready()
    process, redis = lane.process, lane.stage.redis.pid
    assert process is not None
    assert redis is not None
    os.kill(redis, signal.SIGSTOP)
    try:
        os.kill(process.pid, signal.SIGTERM)
        while process.runs:
            time.sleep(0.05)
    finally:
        os.kill(redis, signal.SIGCONT)
    assert "stops with work in hand" in process.log
