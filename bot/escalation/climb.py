"""The climb: how far an alert has come on its ladder, and whom it calls next, and when.

It goes one way only: a level has been called once in a round, its fallback once after it, and the
rounds are counted. So it ends, whatever becomes of the calls.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.changes.severity import Severity
from bot.escalation.ladder import Ladder
from bot.escalation.target import Target


class Fate(StrEnum):
    """What became of one call. ``held`` is that it was not needed: others were called already."""

    WAITING = "waiting"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of somebody. ``target.to`` is resolved: a Slack id, a topic, or a name.

    ``whom`` is who that is, ``told`` what came of it, both in words.
    """

    key: str
    target: Target
    whom: str
    fate: Fate = Fate.WAITING
    told: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """A level that was called, in which round, or its fallback."""

    round: int
    level: int
    fallback: bool
    at: datetime
    calls: tuple[Call, ...]

    @property
    def wants_fallback(self) -> bool:
        """Return whether a way failed, or there was nobody."""
        return not self.calls or any(call.fate is Fate.FAILED for call in self.calls)

    @property
    def in_vain(self) -> bool:
        """Return whether nobody was reached, nor may be yet."""
        return all(call.fate is Fate.FAILED for call in self.calls)


@dataclass(frozen=True, slots=True)
class Climb:
    """``first`` is the level that it began at, ``hurried`` that somebody wants the next one now.

    ``number`` counts the climbs of the alert: pagers know each by a key of its own.
    """

    number: int
    ladder: Ladder
    severity: Severity
    began: datetime
    first: int = 0
    rungs: tuple[Rung, ...] = ()
    hurried: bool = False
    stopped: datetime | None = None

    @property
    def waiting(self) -> tuple[Call, ...]:
        """Return the calls that nobody knows the end of yet."""
        if self.stopped:
            return ()
        calls = (call for rung in self.rungs for call in rung.calls)
        return tuple(call for call in calls if call.fate is Fate.WAITING)


@dataclass(frozen=True, slots=True)
class Next:
    """The level, or its fallback, that is called next if nobody acknowledges until then."""

    round: int
    level: int
    fallback: bool
    at: datetime

    def key(self, number: int) -> str:
        """Return what tells one of its calls from all others of the climb."""
        return f"{self.round}.{self.level}{'f' if self.fallback else ''}.{number}"


def next_rung(climb: Climb) -> Next | None:
    """Return what comes next; None if the climb was stopped or has come to its end."""
    levels = climb.ladder.levels
    if climb.stopped is not None or not levels:
        return None
    if not climb.rungs:
        at = climb.began if climb.hurried else climb.began + levels[climb.first].after
        return Next(0, climb.first, fallback=False, at=at)
    last = climb.rungs[-1]
    if not last.fallback and last.wants_fallback and levels[last.level].fallback:
        return Next(last.round, last.level, fallback=True, at=last.at)
    if last.level + 1 < len(levels):
        at = _started(climb, last.round) + levels[last.level + 1].after
        at = last.at if climb.hurried or _in_vain(climb, last) else max(at, last.at)
        return Next(last.round, last.level + 1, fallback=False, at=at)
    if last.round < climb.ladder.repeat:
        at = last.at if climb.hurried else last.at + climb.ladder.repeat_after
        return Next(last.round + 1, 0, fallback=False, at=at)
    return None


def _in_vain(climb: Climb, last: Rung) -> bool:
    same = (r for r in climb.rungs if (r.round, r.level) == (last.round, last.level))
    return all(rung.in_vain for rung in same)


def _started(climb: Climb, round_: int) -> datetime:
    """Return when a round began, as its levels count their time."""
    first = next(rung for rung in climb.rungs if rung.round == round_)
    return first.at - climb.ladder.levels[first.level].after
