"""A soak: many events while everything fails at random, and every one of them is accounted for."""

import json
from collections.abc import Callable, Mapping
from random import Random

import pytest

from bot.alerts.entries import Acknowledged
from sandbox.framing import error_answer, http_answer
from sandbox.tap import PASS, Act, Asked, Instead, Slow, Strike
from tests.crash.events import many, replay_dead, send
from tests.crash.lane import Lane
from tests.crash.promises import check_alerts, each_event_once, entries_of
from tests.crash.scenario import Case, dead, waiting

pytestmark = [pytest.mark.line, pytest.mark.timeout(1800)]

HASTY = json.dumps({"ok": False, "error": "ratelimited"})
FAULTS: Mapping[str, tuple[Act, ...]] = {
    "aws": (
        Strike(after=False),
        Strike(after=True),
        Slow(0.2),
        Instead(error_answer(500, "InternalError")),
        Instead(error_answer(400, "ThrottlingException")),
    ),
    "slack": (
        Strike(after=False),
        Strike(after=True),
        Slow(0.2),
        Instead(http_answer(500, "Something went wrong.", "text/plain", {})),
        Instead(http_answer(429, HASTY, "application/json", {"Retry-After": "1"})),
    ),
    "redis": (Strike(after=False), Strike(after=True), Slow(0.05)),
}
CHANCES = {"aws": 0.05, "slack": 0.05, "redis": 0.005}
SPARED = frozenset({"auth.test", "apps.connections.open", "link", "take"})
"""What ends the process at its start, and what only lags by a lease if its answer is lost."""

KILLS = 0.0005
"""Of all requests."""


def at_random(lane: Lane, stand_in: str, seed: int) -> Callable[[Asked], Act]:
    """Return what makes requests of a stand-in fail."""
    rng, kinds = Random(seed), FAULTS[stand_in]

    def decide(asked: Asked) -> Act:
        if asked.label not in SPARED and rng.random() < CHANCES[stand_in]:
            return rng.choice(kinds)
        if rng.random() < KILLS:
            return Strike(after=rng.random() < 0.5, do=lane.kill)
        return PASS

    return decide


@pytest.mark.parametrize(
    ("events", "principals"), [(300, 6), pytest.param(5000, 15, marks=pytest.mark.long)]
)
def test_every_event_is_accounted_for(
    lane: Lane, rng: Random, events: int, principals: int
) -> None:
    sent = many(lane, rng, events, principals)
    bodies = [*sent.bodies, *rng.sample(sent.bodies, events // 10)]  # SQS delivers some twice
    rng.shuffle(bodies)
    for name, tap in lane.taps.items():
        tap.reset(at_random(lane, name, rng.getrandbits(32)))
    case = Case(lane)
    lane.keep_running()
    send(lane, bodies)
    replayed = 0

    def all_read() -> bool:
        nonlocal replayed
        if waiting(lane) == 0:
            replayed += replay_dead(lane)
        return waiting(lane) == 0 and dead(lane) == 0

    lane.until(all_read, "the queue is empty", patience=1200)
    acknowledge_all(case)
    for tap in lane.taps.values():
        tap.reset()
    lane.kill()  # the last time: what it had in hand need not wait for its lease
    case.until_quiet()
    each_event_once(lane, sent.times, entries_of(case))
    assert len(case.alerts) == principals
    assert case.changes == events
    check_alerts(case)
    print(f"{lane.started} processes, {replayed} dead letters replayed")  # noqa: T201


def acknowledge_all(case: Case) -> None:
    """Press the button on each alert until that is decided."""
    rosa = case.lane.stage.workspace.person("rosa")
    for alert in case.alerts:

        def decided(alert: str = alert) -> bool:
            return any(isinstance(entry, Acknowledged) for entry in case.entries(alert))

        def press(alert: str = alert) -> None:
            message = case.message(alert)
            rosa.click(message, message.button("Acknowledge").action_id)

        case.lane.until(decided, f"{alert} is acknowledged", trying=press)
