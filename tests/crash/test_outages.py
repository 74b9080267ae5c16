"""What sgwatch stands on fails: it waits, tries again and loses nothing, and says nothing twice."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from bot.alerts.entries import Acknowledged, ContainmentAsked
from sandbox.framing import error_answer, http_answer
from sandbox.scenarios import open_ssh
from sandbox.tap import PASS, Act, Asked, Instead, Slow, Strike, Swallow
from tests.crash.lane import Lane
from tests.crash.promises import check
from tests.crash.scenario import Case, play, reverted, waiting

pytestmark = [pytest.mark.line, pytest.mark.timeout(300)]

WRITES = frozenset({"record", "append", "snapshot", "enqueue", "finish", "HSET"})
SHOWING = frozenset({"chat.postMessage", "chat.update", "conversations.history"})
QUEUE = frozenset({"ReceiveMessage", "DeleteMessageBatch"})
CALLS = frozenset({"RevokeSecurityGroupIngress", "DescribeSecurityGroupRules", "AssumeRole"})

BROKEN = Instead(http_answer(500, "Something went wrong on our side.", "text/plain", {}))
LIMITED = Instead(
    http_answer(429, '{"ok":false,"error":"ratelimited"}', "application/json", {"Retry-After": "1"})
)
FAILING = Instead(error_answer(500, "InternalError"))
THROTTLED = Instead(error_answer(400, "ThrottlingException"))


def first(times: int, labels: frozenset[str], act: Act) -> Callable[[Asked], Act]:
    """Return what lets the first requests of each label fail."""
    return lambda asked: act if asked.label in labels and asked.number <= times else PASS


def always(labels: frozenset[str], act: Act) -> Callable[[Asked], Act]:
    """Return what does the same to each request of a label."""
    return lambda asked: act if asked.label in labels else PASS


long = partial(pytest.param, marks=pytest.mark.long)

FAULTS = [
    pytest.param(
        {
            "aws": first(1, CALLS, Strike(after=True)),
            "slack": first(1, SHOWING, Strike(after=True)),
        },
        id="the first answers of EC2, STS and Slack are lost on the way",
    ),
    long(
        {
            "aws": first(1, QUEUE | CALLS, Strike(after=True)),
            "slack": first(1, SHOWING, Strike(after=True)),
            "redis": first(1, WRITES, Strike(after=True)),
        },
        id="every first answer is lost on the way",
    ),
    long({"redis": always(WRITES, Slow(0.25))}, id="Redis has a slow disk"),
    long({"redis": first(2, WRITES, Strike(after=False))}, id="Redis hangs up before it writes"),
    long({"redis": first(2, WRITES, Strike(after=True))}, id="Redis hangs up once it has written"),
    long({"aws": first(7, QUEUE, FAILING)}, id="SQS fails"),
    long({"aws": first(7, QUEUE, THROTTLED)}, id="SQS throttles"),
    long({"aws": first(2, QUEUE, Strike(after=True))}, id="SQS's answers are lost"),
    long({"aws": first(2, CALLS, FAILING)}, id="EC2 and STS fail"),
    long({"aws": first(2, CALLS, Strike(after=True))}, id="EC2's and STS's answers are lost"),
    long({"aws": first(1, CALLS, Swallow())}, id="EC2 and STS act and never answer"),
    long({"slack": first(2, SHOWING, BROKEN)}, id="Slack answers 500"),
    long({"slack": first(2, SHOWING, LIMITED)}, id="Slack answers 429 and says for how long"),
    long({"slack": first(2, SHOWING, Strike(after=True))}, id="Slack hangs up once it has posted"),
    long({"slack": first(1, SHOWING, Swallow())}, id="Slack posts and never answers"),
]


@pytest.mark.parametrize("faults", FAULTS)
def test_it_rides_it_out(lane: Lane, faults: dict[str, Callable[[Asked], Act]]) -> None:
    for name, decide in faults.items():
        lane.taps[name].reset(decide)
    check(play(lane, reverted))
    assert lane.started == 1, f"it ended by itself\n{lane.tail}"


@pytest.mark.parametrize("seconds", [2, pytest.param(20, marks=pytest.mark.long)])
def test_redis_is_gone_and_comes_back_without_the_scripts(lane: Lane, seconds: int) -> None:
    lane.keep_running()
    lane.wait_ready()
    case = Case(lane)
    open_ssh(lane.stage.world)
    lane.until(lambda: bool(case.message()), "the alert is posted")
    lane.stage.redis.stop()
    try:
        open_ssh(lane.stage.world)
        time.sleep(seconds)
        assert waiting(lane) == 1, "what Redis has not stored has left the queue"
    finally:
        lane.stage.redis.start()
    case.until_decided("rosa", Acknowledged, "Acknowledge")
    lane.until(lambda: case.changes == 2, "both changes are seen")
    case.until_decided("rosa", ContainmentAsked, "Revert", "Revert", reason="Not planned")
    case.until_shown("REVERTED")
    case.until_quiet()
    check(case)
    assert lane.started == 1, f"it ended by itself\n{lane.tail}"


def test_a_socket_is_closed_in_the_middle_of_an_envelope(lane: Lane) -> None:
    lane.keep_running()
    lane.wait_ready()
    case = Case(lane)
    open_ssh(lane.stage.world)
    case.until_shown("web-prod")
    case.until_quiet()
    lane.taps["slack"].cut_next_answer()
    case.until_decided("rosa", Acknowledged, "Acknowledge")
    assert not lane.taps["slack"].will_cut, "nothing was cut"
    case.until_quiet()
    check(case)
