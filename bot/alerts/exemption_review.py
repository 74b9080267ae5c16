"""The weekly review of exemptions: those that somebody should look at, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.changes.sentence import number_of
from bot.exemptions.model import Exemption

WEEK = timedelta(days=7)
SPAN = timedelta(days=90)
"""For how long back it is asked since when our history is kept."""

IDLE = timedelta(days=14)
"""What hid nothing for less is not called useless."""

A_LOT = 100
"""Changes hidden within a week, from which on somebody should know."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An exemption: what it hid in all and within a week, and whether its owner has left."""

    exemption: Exemption
    hid: int
    lately: int
    owner_left: bool = False


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """An exemption to look at, and why."""

    exemption: Exemption
    why: tuple[str, ...]


def to_look_at(
    watched: Sequence[Watched], now: datetime, known_since: date | None
) -> tuple[ToLookAt, ...]:
    """Return those in force that somebody should look at, the next to end first.

    ``known_since`` is when our own history begins.
    """
    in_force = (each for each in watched if each.exemption.expires_at > now)
    first = sorted(in_force, key=lambda each: each.exemption.expires_at)
    found = (ToLookAt(each.exemption, tuple(_why(each, now, known_since))) for each in first)
    return tuple(each for each in found if each.why)


def idle_for(watched: Watched, now: datetime, known_since: date | None) -> timedelta | None:
    """Return for how long an exemption is known to have hidden nothing, if it is worth telling."""
    known = now - datetime.combine(known_since or now.date(), time(), now.tzinfo)
    age = min(known, now - watched.exemption.created_at)
    return age if watched.hid == 0 and age >= IDLE else None


def _why(watched: Watched, now: datetime, known_since: date | None) -> Iterator[str]:
    exemption = watched.exemption
    idle = idle_for(watched, now, known_since)
    if watched.owner_left:
        yield "its owner has left"
    if idle is not None:
        yield f"it hid nothing in {idle.days} days"
    if watched.lately >= A_LOT:
        yield f"it hid {number_of(watched.lately, 'change')} in the last week"
    if exemption.expires_at - now <= WEEK:
        yield "it ends within a week"
