"""Elasticsearch's date math, as rules tell how far back they look: ``now-7d``, ``now-1d/d``."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_TEXT = re.compile(r"now((?:[+-][0-9]{1,6}[yMwdhHms]|/[yMwdhHms])*)")
_STEP = re.compile(r"([+-])([0-9]+)([yMwdhHms])|/([yMwdhHms])")
_SPAN = re.compile(r"([0-9]{1,6})([smhd])")

FURTHEST = timedelta(days=400)
"""A rule cannot look back further: what it would have to remember has no end."""

_FIXED = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "H": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class DateMath:
    """A point of time told from now on, as steps: an amount of a unit, or a unit to round to."""

    steps: tuple[tuple[int | None, str], ...]

    def before(self, at: datetime) -> datetime:
        """Return the point of time as seen at ``at``."""
        for amount, unit in self.steps:
            at = _rounded(at, unit) if amount is None else _moved(at, amount, unit)
        return at

    def span(self, at: datetime) -> timedelta:
        """Return how far it lies before ``at``."""
        return at - self.before(at)


@lru_cache(maxsize=1024)
def date_math(text: str) -> DateMath:
    """Return what the text says; raise ValueError where it is none, or not in the recent past."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no date math: write it as now-9m, now-7d or now-1d/d")
    math = DateMath(
        tuple(
            (None, rounded) if rounded else (int(sign + amount), unit)
            for sign, amount, unit, rounded in _STEP.findall(found[1])
        )
    )
    _check(text, math)
    return math


def _check(text: str, math: DateMath) -> None:
    # Where a rounded time lies depends on the day: one day of which nothing is the start, and one
    # that is the start of nearly everything.
    for day in (
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC),
    ):
        try:
            span = math.span(day)
        except (OverflowError, ValueError):
            span = FURTHEST * 2
        if span <= timedelta(0):
            raise ValueError(f"{text!r} is not in the past")
        if span > FURTHEST:
            raise ValueError(f"{text!r} is further back than {FURTHEST.days} days")


def span_of(text: str) -> timedelta:
    """Return the length of time that a text such as ``5m`` tells; raise ValueError if none."""
    found = _SPAN.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(f"{text!r} is no length of time: write it as 5m, 1h or 1d")
    return int(found[1]) * _FIXED[found[2]]


def _moved(at: datetime, amount: int, unit: str) -> datetime:
    if unit in _FIXED:
        return at + amount * _FIXED[unit]
    months = at.year * 12 + at.month - 1 + amount * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def _rounded(at: datetime, unit: str) -> datetime:
    """Return the start of the year, month, week (Monday), day, … that the time is in."""
    match unit:
        case "y":
            at = at.replace(month=1, day=1)
        case "M":
            at = at.replace(day=1)
        case "w":
            at -= timedelta(days=at.weekday())
        case _:
            pass
    return at.replace(
        hour=0 if unit in "yMwd" else at.hour,
        minute=0 if unit in "yMwdhH" else at.minute,
        second=at.second if unit == "s" else 0,
        microsecond=0,
    )
