"""The text of a window: ``Sat 22:00-Sun 04:00 Europe/Berlin``, read with what to mend."""

import re
from datetime import time
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from bot.exemptions.fields import FieldError
from bot.exemptions.window import DAYS, SHORT, Window

WINDOW = re.compile(
    r"(?P<first>[a-z]+) +(?P<start>\d{1,2}:\d\d) *- *"
    r"(?:(?P<last>[a-z]+) +)?(?P<end>\d{1,2}:\d\d)(?: +(?P<zone>\S+))?",
    re.IGNORECASE,
)
EXAMPLE = '"Sat 22:00-Sun 04:00 Europe/Berlin"'


def parse_windows(words: tuple[str, ...]) -> tuple[Window, ...]:
    """Read windows. Raises FieldError."""
    return tuple(dict.fromkeys(map(parse_window, words)))


def parse_window(text: str) -> Window:
    """Read a window. Raises FieldError."""
    found = WINDOW.fullmatch(text.strip())
    if found is None:
        raise FieldError(text, f"write a window such as {EXAMPLE}, in double quotes")
    first, start, end = _day(found["first"]), _time(found["start"]), _time(found["end"])
    last = _day(found["last"]) if found["last"] else first
    if found["zone"] is None:
        raise FieldError(text, f"say by which clock, as in {EXAMPLE}")
    if not found["last"] and end < start:
        raise FieldError(text, f"it ends before it begins: name the day, as in {EXAMPLE}")
    if (first, start) == (last, end):
        raise FieldError(text, "that is the whole week or nothing: end it at another time")
    return Window(first, start, last, end, _zone(found["zone"]))


def _day(word: str) -> int:
    for number, day in enumerate(DAYS):
        if len(word) >= SHORT and day.lower().startswith(word.lower()):
            return number
    raise FieldError(word, _meant(word, {day.lower(): day for day in DAYS}, "a day is Mon to Sun"))


def _time(word: str) -> time:
    hours, minutes = map(int, word.split(":"))
    if hours > 23 or minutes > 59:
        raise FieldError(word, "times of day go from 00:00 to 23:59")
    return time(hours, minutes)


def _zone(word: str) -> str:
    zones = _zones()
    if word.lower() not in zones:
        raise FieldError(word, _meant(word, zones, "name a zone such as Europe/Berlin or UTC"))
    return zones[word.lower()]


def _meant(word: str, known: dict[str, str], otherwise: str) -> str:
    close = get_close_matches(word.lower(), known, n=1)
    return f"did you mean {known[close[0]]}?" if close else otherwise


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}
