"""The climb: for any ladder and any luck with the calls it goes up, and comes to an end."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.severity import Severity
from bot.escalation.climb import Call, Climb, Fate, Next, Rung, next_rung
from bot.escalation.ladder import Ladder, Level
from bot.escalation.target import Target, Way
from tests.builders import NOON

ONE = (Target(Way.DM, "U1"),)
TWO = (*ONE, Target(Way.PAGERDUTY, "default"))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    steps = draw(st.lists(st.integers(1, 30), min_size=1, max_size=5))
    levels = tuple(
        Level(
            f"level {number}",
            timedelta(minutes=sum(steps[:number])),
            draw(st.sampled_from([ONE, TWO, ()])),
            draw(st.sampled_from([(), ONE])),
        )
        for number in range(len(steps))
    )
    return Ladder("any", levels, repeat=draw(st.integers(0, 3)))


def begun(ladder: Ladder, **fields: object) -> Climb:
    return replace(Climb(1, ladder, Severity.HIGH, NOON), **fields)  # type: ignore[arg-type]


def called(climb: Climb, coming: Next, fates: list[Fate]) -> Climb:
    level = climb.ladder.levels[coming.level]
    targets = level.fallback if coming.fallback else level.calls
    calls = tuple(
        Call(coming.key(number), target, target.to, fates[number % len(fates)])
        for number, target in enumerate(targets)
    )
    rung = Rung(coming.round, coming.level, coming.fallback, coming.at, calls)
    return replace(climb, rungs=(*climb.rungs, rung), hurried=False)


FATES = st.lists(
    st.lists(st.sampled_from([Fate.SENT, Fate.FAILED, Fate.HELD]), min_size=1, max_size=2),
    min_size=1,
)


@given(ladders(), FATES)
def test_it_goes_up_skips_no_level_and_ends(ladder: Ladder, fates: list[list[Fate]]) -> None:
    climb, turns = begun(ladder), 0
    while (coming := next_rung(climb)) is not None:
        climb = called(climb, coming, fates[turns % len(fates)])
        turns += 1
        assert turns <= 2 * len(ladder.levels) * (ladder.repeat + 1)
    order = [(rung.round, rung.level, rung.fallback) for rung in climb.rungs]
    assert order == sorted(set(order))
    first = {(rung.round, rung.level) for rung in climb.rungs if not rung.fallback}
    assert len(first) == len(ladder.levels) * (ladder.repeat + 1)
    assert [rung.at for rung in climb.rungs] == sorted(rung.at for rung in climb.rungs)
    for rung in climb.rungs:
        level = ladder.levels[rung.level]
        if not rung.fallback and rung.wants_fallback and level.fallback:
            assert (rung.round, rung.level, True) in order


@given(ladders(), FATES)
def test_where_somebody_was_reached_the_next_level_waits_its_time(
    ladder: Ladder, fates: list[list[Fate]]
) -> None:
    climb, turns = begun(ladder), 0
    while (coming := next_rung(climb)) is not None and coming.round == 0:
        last = climb.rungs[-1] if climb.rungs else None
        if last and not coming.fallback and not last.in_vain:
            assert coming.at - NOON >= ladder.levels[coming.level].after - timedelta(0)
        climb = called(climb, coming, fates[turns % len(fates)])
        turns += 1


def test_where_nobody_was_reached_the_next_level_is_called_at_once() -> None:
    levels = (Level("one", timedelta(0), ONE), Level("two", timedelta(minutes=5), ONE))
    climb = begun(Ladder("two", levels))
    first = next_rung(climb)
    assert first is not None
    sent, failed = (called(climb, first, [fate]) for fate in (Fate.SENT, Fate.FAILED))
    assert next_rung(sent) == Next(0, 1, fallback=False, at=NOON + timedelta(minutes=5))
    assert next_rung(failed) == Next(0, 1, fallback=False, at=NOON)
    assert next_rung(replace(sent, hurried=True)) == Next(0, 1, fallback=False, at=NOON)


def test_what_was_stopped_calls_nobody() -> None:
    levels = (Level("one", timedelta(0), ONE),)
    climb = begun(Ladder("one", levels))
    first = next_rung(climb)
    assert first is not None
    climb = called(climb, first, [Fate.WAITING])
    assert climb.waiting
    stopped = replace(climb, stopped=NOON)
    assert next_rung(stopped) is None
    assert not stopped.waiting
