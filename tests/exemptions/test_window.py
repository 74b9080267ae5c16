"""Windows hold by the clock on the wall, also in the weeks in which clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exemptions.window import Window
from bot.exemptions.window_text import parse_window
from tests.builders import NOON
from tests.exemptions.strategies import windows

WEEK = 7 * 24 * 60


def minute_of_week(day: int, hour: int, minute: int) -> int:
    return (day * 24 + hour) * 60 + minute


@given(
    windows.filter(lambda w: w.zone != "Europe/Berlin"),
    st.integers(0, 366 * 24 * 60).map(lambda minute: NOON + timedelta(minutes=minute)),
)
def test_where_no_clock_changes_it_holds_between_two_minutes_of_the_week(
    window: Window, at: datetime
) -> None:
    begins = minute_of_week(window.first_day, window.start.hour, window.start.minute)
    ends = minute_of_week(window.last_day, window.end.hour, window.end.minute)
    local = at.astimezone(ZoneInfo(window.zone))
    now = minute_of_week(local.weekday(), local.hour, local.minute)
    assert window.holds(at) is ((now - begins) % WEEK < (ends - begins) % WEEK)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        pytest.param("Sat 22:00-Sun 04:00", "02-28 21:00", "03-01 02:59", id="winter"),
        pytest.param("Sat 22:00-Sun 04:00", "07-04 20:00", "07-05 01:59", id="summer"),
        pytest.param("Sat 22:00-Sun 04:00", "03-28 21:00", "03-29 01:59", id="an hour shorter"),
        pytest.param("Sat 22:00-Sun 04:00", "10-24 20:00", "10-25 02:59", id="an hour longer"),
        pytest.param("Sun 00:00-02:30", "10-24 22:00", "10-25 00:29", id="02:30 twice: the first"),
        pytest.param("Sun 00:00-02:30", "03-28 23:00", "03-29 01:29", id="02:30 never"),
        pytest.param("Sun 04:00-Sun 03:00", "10-18 02:00", "10-25 01:59", id="nearly a week"),
    ],
)
def test_it_begins_and_ends_by_the_wall_in_berlin(text: str, first: str, last: str) -> None:
    window = parse_window(f"{text} Europe/Berlin")
    begins, ends = (datetime.fromisoformat(f"2026-{at}+00:00") for at in (first, last))
    minute = timedelta(minutes=1)
    assert [window.holds(at) for at in (begins - minute, begins)] == [False, True]
    assert [window.holds(at) for at in (ends, ends + minute)] == [True, False]


def test_a_window_in_no_known_zone_never_holds() -> None:
    window = parse_window("Mon 00:00-Sun 23:59 UTC")
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert window.holds(noon)
    lost = Window(window.first_day, window.start, window.last_day, window.end, "Gone/Away")
    assert not lost.holds(noon)


@pytest.mark.parametrize(
    "text", ["saturday 22:00 - sun 4:00 europe/berlin", "Sat 22:00-SUN 04:00 Europe/Berlin"]
)
def test_what_is_read_alike(text: str) -> None:
    assert str(parse_window(text)) == "Sat 22:00-Sun 04:00 Europe/Berlin"
