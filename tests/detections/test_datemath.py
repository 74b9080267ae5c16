"""Date math: which point of time a text means, and which texts are none."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.detections.datemath import date_math, span_of

WEDNESDAY = datetime(2026, 3, 4, 15, 42, 7, 250, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        pytest.param("now-9m", "2026-03-04T15:33:07.000250", id="minutes"),
        pytest.param("now-7d", "2026-02-25T15:42:07.000250", id="days"),
        pytest.param("now-2w", "2026-02-18T15:42:07.000250", id="weeks"),
        pytest.param("now-90s", "2026-03-04T15:40:37.000250", id="seconds"),
        pytest.param("now-1H", "2026-03-04T14:42:07.000250", id="hours in capitals"),
        pytest.param("now-1M", "2026-02-04T15:42:07.000250", id="a month"),
        pytest.param("now-13M", "2025-02-04T15:42:07.000250", id="more than a year of months"),
        pytest.param("now-1y", "2025-03-04T15:42:07.000250", id="a year"),
        pytest.param("now-1d-2h+30m", "2026-03-03T14:12:07.000250", id="several steps"),
        pytest.param("now-1h/d", "2026-03-04T00:00:00", id="rounded to the day"),
        pytest.param("now/w", "2026-03-02T00:00:00", id="rounded to the week: Monday"),
        pytest.param("now-1M/M", "2026-02-01T00:00:00", id="rounded to the month"),
        pytest.param("now/y", "2026-01-01T00:00:00", id="rounded to the year"),
        pytest.param("now-5m/h", "2026-03-04T15:00:00", id="rounded to the hour"),
        pytest.param("now-5m/m", "2026-03-04T15:37:00", id="rounded to the minute"),
        pytest.param("now-1d/s", "2026-03-03T15:42:07", id="rounded to the second"),
    ],
)
def test_a_point_of_time(text: str, means: str) -> None:
    assert date_math(text).before(WEDNESDAY).replace(tzinfo=None).isoformat() == means


def test_a_month_before_its_longer_neighbour_ends_on_its_last_day() -> None:
    assert date_math("now-1M").before(datetime(2024, 3, 31, tzinfo=UTC)).day == 29


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "no date math", id="nothing"),
        pytest.param("9m", "no date math", id="a length alone"),
        pytest.param("now-9", "no date math", id="no unit"),
        pytest.param("now - 9m", "no date math", id="spaces"),
        pytest.param("now-9x", "no date math", id="a unit not heard of"),
        pytest.param("now-9m ago", "no date math", id="more behind it"),
        pytest.param("NOW-9m", "no date math", id="capitals"),
        pytest.param("2026-01-01||-1d", "no date math", id="from a date"),
        pytest.param("now-٣d", "no date math", id="digits of another script"),
        pytest.param("now-9999999d", "no date math", id="more digits than a time has"),
        pytest.param("now", "not in the past", id="now"),
        pytest.param("now+1h", "not in the past", id="to come"),
        pytest.param("now-1h+2h", "not in the past", id="to come, in steps"),
        pytest.param("now-2y", "further back than 400 days", id="too far back"),
        pytest.param("now-999999y", "further back", id="before there were years"),
    ],
)
def test_what_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        date_math(text)


def test_a_length_of_time() -> None:
    assert span_of("90m") == timedelta(minutes=90)
    for text in ("", "0m", "5", "5w", "-5m"):
        with pytest.raises(ValueError, match="no length of time"):
            span_of(text)
