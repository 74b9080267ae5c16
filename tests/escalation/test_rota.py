"""Who is on call: turns, overrides, and the two nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.ladder import Hours
from bot.escalation.rota import Override, Rota, Turn, on_call

WEEKLY = Rota("primary", ("U1", "U2", "U3"), Turn.WEEK, date(2026, 1, 5), time(9), "Europe/Berlin")
NIGHTLY = Rota("night", ("U1", "U2"), Turn.DAY, date(2026, 1, 1), time(2, 30), "Europe/Berlin")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_turns_change_by_the_clock_on_the_wall_in_winter_and_in_summer() -> None:
    assert on_call(WEEKLY, utc(2026, 1, 12, 7, 59)).person == "U1"
    assert on_call(WEEKLY, utc(2026, 1, 12, 8, 0)).person == "U2"
    assert on_call(WEEKLY, utc(2026, 7, 6, 6, 59)).person == "U2"
    assert on_call(WEEKLY, utc(2026, 7, 6, 7, 0)).person == "U3"


def test_who_is_on_call_tells_until_when() -> None:
    now = on_call(WEEKLY, utc(2026, 3, 27, 12))
    assert now.until == utc(2026, 3, 30, 7)


def test_where_the_clock_shows_a_time_twice_nobody_comes_back() -> None:
    night = [utc(2026, 10, 25, 0, 0) + timedelta(minutes=m) for m in range(0, 180, 15)]
    told = [on_call(NIGHTLY, at).person for at in night]
    assert told.count(told[0]) == 2
    assert len(set(told[2:])) == 1


def test_where_the_clock_skips_the_hand_over_it_comes_all_the_same() -> None:
    before, after = utc(2026, 3, 29, 1, 29), utc(2026, 3, 29, 1, 30)
    assert on_call(NIGHTLY, before).person != on_call(NIGHTLY, after).person


def test_overrides_hold_from_their_beginning_until_their_end_and_the_last_one_wins() -> None:
    mine = Override("U8", utc(2026, 1, 6, 12), utc(2026, 1, 6, 18))
    yours = Override("U9", utc(2026, 1, 6, 13), utc(2026, 1, 6, 14))
    told = [on_call(WEEKLY, utc(2026, 1, 6, hour), (mine, yours)) for hour in (11, 12, 13, 14, 18)]
    assert [found.person for found in told] == ["U1", "U8", "U9", "U8", "U1"]
    assert [found.instead for found in told] == ["", "U1", "U1", "U1", ""]
    assert [found.until.hour for found in told[:3]] == [12, 13, 14]


@given(st.integers(0, 2 * 365 * 24 * 4))
def test_whoever_is_on_call_is_so_until_then_and_no_longer(quarters: int) -> None:
    at = utc(2025, 6, 1) + timedelta(minutes=15 * quarters)
    for rota in (WEEKLY, NIGHTLY):
        now = on_call(rota, at)
        assert at < now.until
        assert on_call(rota, now.until - timedelta(microseconds=1)).person == now.person
        assert on_call(rota, now.until).person != now.person


def test_people_work_by_their_own_clock() -> None:
    hours = Hours("Europe/Berlin", begins=time(9), ends=time(17))
    assert [hours.hold(utc(2026, 3, 27, hour)) for hour in (7, 8, 15, 16)] == [0, 1, 1, 0]
    assert hours.hold(utc(2026, 3, 30, 7))
    assert not hours.hold(utc(2026, 3, 28, 12))
