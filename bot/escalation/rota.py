"""Rotas: who is on call, by a clock on the wall.

A hand-over is the instant at which that clock shows the time: where it shows it twice in autumn,
the first; where it skips it in spring, when it would have come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Turn(StrEnum):
    """How long a turn is."""

    DAY = "day"
    WEEK = "week"

    @property
    def days(self) -> int:
        """Return it in days."""
        return 7 if self is Turn.WEEK else 1


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody else than the rota says, from one time until another, the end not included."""

    person: str
    begins: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Return whether it is in force."""
        return self.begins <= at < self.until


@dataclass(frozen=True, slots=True)
class Rota:
    """``people`` take turns: the first of them at ``hand_over`` on the day ``starts``."""

    name: str
    people: tuple[str, ...]
    turn: Turn
    starts: date
    hand_over: time
    zone: str
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call, and until when that is known. ``instead`` is whose turn it would be."""

    person: str
    until: datetime
    instead: str = ""


def on_call(rota: Rota, at: datetime, overrides: Iterable[Override] = ()) -> OnCall:
    """Return who is on call. ``overrides`` go before the rota's own, the last before all."""
    number = _turn(rota, at)
    person = rota.people[number % len(rota.people)]
    until = _begins(rota, number + 1)
    known = (*rota.overrides, *overrides)
    coming = [override.begins for override in known if at < override.begins < until]
    found = [override for override in known if override.holds(at)]
    if not found:
        return OnCall(person, min([until, *coming]))
    return OnCall(found[-1].person, min([found[-1].until, *coming]), person)


def _turn(rota: Rota, at: datetime) -> int:
    """Return how many turns have begun after the first; before it, less than none."""
    today = at.astimezone(ZoneInfo(rota.zone)).date()
    number = (today - rota.starts).days // rota.turn.days
    return number if _begins(rota, number) <= at else number - 1


def _begins(rota: Rota, number: int) -> datetime:
    day = rota.starts + timedelta(days=number * rota.turn.days)
    return datetime.combine(day, rota.hand_over, ZoneInfo(rota.zone)).astimezone(UTC)
