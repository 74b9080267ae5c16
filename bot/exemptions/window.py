"""Windows: a part of every week by a clock on the wall, such as a maintenance window.

It begins and ends when that clock shows so: where the clock shows a time twice in autumn, at the
first; where it skips one in spring, when it would have come.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = 3
"""Letters of a day's name that are enough."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Window:
    """From a time on a day to a time on a day, the end not included; Monday is 0.

    One that ends on the day on which it begins, but not later, ends a week after.
    """

    first_day: int
    start: time
    last_day: int
    end: time
    zone: str

    def __str__(self) -> str:
        first, last = (DAYS[day][:SHORT] for day in (self.first_day, self.last_day))
        return f"{first} {self.start:%H:%M}-{last} {self.end:%H:%M} {self.zone}"

    def holds(self, at: datetime) -> bool:
        """Return whether the instant lies in it, whichever week; in an unknown zone, never."""
        zone = _zone(self.zone)
        if zone is None:
            return False
        # One that began a week ago may just be ending; clocks that change may move it by a day.
        today = at.astimezone(zone).date()
        days = (today - timedelta(days=back) for back in range(-1, WEEK + 2))
        return any(
            self._holds_from(day, zone, at) for day in days if day.weekday() == self.first_day
        )

    def _holds_from(self, day: date, zone: ZoneInfo, at: datetime) -> bool:
        days = (self.last_day - self.first_day) % WEEK
        if days == 0 and self.end <= self.start:
            days = WEEK
        begins = datetime.combine(day, self.start, zone).astimezone(UTC)
        ends = datetime.combine(day + timedelta(days=days), self.end, zone).astimezone(UTC)
        return begins <= at < ends


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return None
