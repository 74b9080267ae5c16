"""Crash points: every request of a scenario, before the stand-in acts and after."""

from dataclasses import dataclass

from sandbox.tap import PASS, Act, Asked, Strike
from tests.crash.lane import Lane

IDLE = frozenset({"ReceiveMessage", "BLPOP", "take", "now", "finish", "GET", "PING", "SMEMBERS"})
"""What is asked again and again while nothing happens, so that its number says little."""

IDLE_KEPT = 4


@dataclass(frozen=True, order=True, slots=True)
class Point:
    """Where the process dies: at the stand-in's ``number``-th request of a label."""

    stand_in: str
    label: str
    number: int
    after: bool

    def __str__(self) -> str:
        side = "after" if self.after else "before"
        return f"{self.stand_in}: {side} {self.label} #{self.number}"


def points_of(lane: Lane) -> list[Point]:
    """Return the crash points of what the taps have counted."""
    return [
        Point(stand_in, label, number, after)
        for stand_in, tap in sorted(lane.taps.items())
        for label, count in sorted(tap.counts().items())
        for number in range(1, min(count, IDLE_KEPT if label in IDLE else count) + 1)
        for after in (False, True)
    ]


def arm(lane: Lane, point: Point) -> None:
    """Have sgwatch killed there, once."""

    def decide(asked: Asked) -> Act:
        if (asked.label, asked.number) == (point.label, point.number):
            return Strike(point.after, lane.kill)
        return PASS

    for name, tap in lane.taps.items():
        if name == point.stand_in:
            tap.reset(decide)
        else:
            tap.reset()
