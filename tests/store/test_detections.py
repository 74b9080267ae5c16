"""What detections remember in a real Redis, and that it is what the model in memory remembers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.changes.severity import Severity
from bot.detections import memory
from bot.detections.memory import Memory
from bot.detections.rule import Detection, NewTerms
from bot.detections.stateful import (
    LATE,
    Answer,
    Ask,
    CountAsk,
    Happening,
    ShownAsk,
    TermsAsk,
    state_of,
)
from bot.store import detections
from bot.store.detections import Detections
from bot.store.link import Link
from tests.builders import NOON, later
from tests.detections.rules import a_detection

WINDOW = timedelta(minutes=10)
COUNT = CountAsk("d", "count", ("key",), WINDOW, value=3)
TERMS = TermsAsk("d", "terms", ("term",), WINDOW)
SHOWN = ShownAsk("d", "shown", ("key",), WINDOW, Severity.MEDIUM)


@pytest.fixture
def learnt(link: Link) -> Detections:
    """What remembers, where the rule of the asks about terms knows what is usual."""
    link.call("HSET", link.keys.begun, TERMS.state, detections.LEARNT)
    return Detections(link)


def matches(asked: Detections | Memory, ask: Ask, event: str, minutes: float = 0) -> bool:
    (answer,) = asked.ask(Happening(event, later(minutes)), [ask])
    return answer.matches


@pytest.mark.parametrize(
    ("events", "matching"),
    [
        pytest.param({"a": 0, "b": 1}, "", id="too few"),
        pytest.param({"a": 0, "b": 1, "c": 2}, "c", id="the one that makes it enough"),
        pytest.param({"a": 0, "b": 1, "c": 2, "d": 3}, "cd", id="and all that follow"),
        pytest.param({"a": 0, "b": 5, "c": 10}, "c", id="as long as the window"),
        pytest.param({"a": 0, "b": 5, "c": 10.1}, "", id="longer than the window"),
        pytest.param({"c": 2, "b": 1, "a": 0}, "a", id="in the reverse order"),
        pytest.param({"a": 0, "c": 9, "b": 15, "late": 8}, "late", id="late, between the others"),
    ],
)
def test_events_are_counted_in_a_window_of_their_own_times(
    learnt: Detections, events: dict[str, float], matching: str
) -> None:
    found = [event for event, at in events.items() if matches(learnt, COUNT, event, at)]
    assert "".join(found) == matching


def test_an_event_counts_once_for_each_of_its_keys(learnt: Detections) -> None:
    both = replace(COUNT, keys=("key", "other"), value=2)
    assert not matches(learnt, both, "a")
    assert not matches(learnt, both, "a")
    assert matches(learnt, replace(COUNT, keys=("other",), value=2), "b")


def test_values_must_vary(learnt: Detections) -> None:
    ask = replace(COUNT, value=2, needed=(2,))
    assert not matches(learnt, replace(ask, varied=(("x",),)), "a")
    assert not matches(learnt, replace(ask, varied=(("x",),)), "b")
    event = Happening("c", NOON)
    (answer,) = learnt.ask(event, [replace(ask, varied=(("y",),))])
    assert answer == Answer("d", matches=True, count=3, varied=(2,))


@pytest.mark.parametrize(
    ("events", "matching"),
    [
        pytest.param({"a": 0, "b": 1}, "a", id="the first"),
        pytest.param({"a": 0, "b": 10, "c": 20}, "a", id="seen again before it was forgotten"),
        pytest.param({"a": 0, "b": 10.1}, "ab", id="new again after the window"),
        pytest.param({"a": 5, "b": 0}, "a", id="an earlier one that comes late"),
    ],
)
def test_terms_are_new_once(learnt: Detections, events: dict[str, float], matching: str) -> None:
    found = [event for event, at in events.items() if matches(learnt, TERMS, event, at)]
    assert "".join(found) == matching


def test_one_new_term_among_known_ones_is_enough(learnt: Detections) -> None:
    matches(learnt, TERMS, "a")
    assert matches(learnt, replace(TERMS, keys=("term", "other")), "b")


@pytest.mark.parametrize(
    ("severity", "minutes", "shown"),
    [
        pytest.param(Severity.MEDIUM, 5, False, id="like the one shown"),
        pytest.param(Severity.LOW, 5, False, id="less severe"),
        pytest.param(Severity.HIGH, 5, True, id="more severe"),
        pytest.param(Severity.MEDIUM, 10.1, True, id="after the duration"),
        pytest.param(Severity.MEDIUM, -1, False, id="an earlier one that comes late"),
    ],
)
def test_what_was_shown_is_not_shown_again(
    learnt: Detections, severity: Severity, minutes: float, shown: bool
) -> None:
    assert matches(learnt, SHOWN, "first")
    ask = replace(SHOWN, severity=severity)
    (answer,) = learnt.ask(Happening("second", later(minutes)), [ask])
    assert (answer.matches, answer.by) == (shown, "" if shown else "first")


def test_what_was_not_shown_does_not_stand_for_others(learnt: Detections) -> None:
    assert matches(learnt, SHOWN, "first")
    assert not matches(learnt, SHOWN, "second", 9)
    assert matches(learnt, SHOWN, "third", 11)


def test_an_event_of_several_keys_is_shown_unless_all_were(learnt: Detections) -> None:
    assert matches(learnt, SHOWN, "first")
    both = replace(SHOWN, keys=("key", "other"))
    assert matches(learnt, both, "second")
    assert not matches(learnt, both, "third")


@pytest.mark.parametrize("ask", [COUNT, TERMS, SHOWN], ids=lambda ask: type(ask).__name__)
def test_what_is_remembered_is_bounded_and_expires(
    learnt: Detections, link: Link, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.setattr(detections, "MOST_EVENTS", 3)
    monkeypatch.setattr(detections, "MOST_TERMS", 3)
    for number in range(10):
        term = f"term-{number}" if ask is TERMS else ask.keys[0]
        matches(learnt, replace(ask, keys=(term,)), f"e{number}", number * 11)
    names = link.keys.remembered(ask.state, "terms" if ask is TERMS else "key")
    assert link.call("ZCARD", names[0]) == link.call("HLEN", names[1]) == 3
    longest = (WINDOW + LATE) // timedelta(milliseconds=1)
    assert all(0 < link.call("PTTL", name) <= longest for name in names)


def learner(since: str = "now-7d") -> Detection:
    return replace(a_detection("a:1"), new_terms=NewTerms(("user.name",), since))


def test_a_rule_learns_silently_and_remembers(link: Link) -> None:
    rule, asked = learner(), Detections(link)
    asked.begin((rule,))
    ask = replace(TERMS, state=state_of(rule), window=timedelta(days=7))
    (answer,) = asked.ask(Happening("a", NOON), [ask])
    assert answer == Answer("d", matches=False, learning=True)
    (learning,) = asked.learning([rule, a_detection("b:1", "r-2")])
    assert learning.detection == rule
    asked.learnt(rule)
    assert asked.learning([rule]) == []
    assert not matches(asked, ask, "b"), "it was learnt that this is usual"
    assert matches(asked, replace(ask, keys=("other",)), "c")


def test_a_rule_has_learnt_when_its_window_has_passed(link: Link) -> None:
    rule, asked = learner("now-1h"), Detections(link)
    asked.begin((rule,))
    (learning,) = asked.learning([rule])
    link.call("HINCRBY", link.keys.begun, state_of(rule), -3_600_001)
    assert asked.learning([rule]) == []
    asked.begin((rule, a_detection("b:1", "r-2")))
    assert asked.learning([rule]) == [], "it began when it was first seen, not when it was loaded"
    assert matches(asked, replace(TERMS, state=state_of(rule), window=timedelta(hours=1)), "a")
    assert learning.until.tzinfo is not None


def test_a_rule_that_asks_otherwise_learns_anew(link: Link) -> None:
    rule, asked = learner(), Detections(link)
    asked.learnt(rule)
    edited = replace(rule, query="a:2")
    assert state_of(replace(rule, name="Another name", note="changed")) == state_of(rule)
    asked.begin((edited,))
    assert [each.detection for each in asked.learning([rule, edited])] == [edited]


def test_nothing_is_asked_for_nothing() -> None:
    class NoLink(Link):
        def __init__(self) -> None:
            pass

    assert Detections(NoLink()).ask(Happening("a", NOON), []) == ()


# Few values and times, so that events meet: at the edges of windows, twice, and out of order.
NAMES = st.sampled_from(["a", "b", "c"])
KEYS = st.lists(NAMES, min_size=1, max_size=2, unique=True).map(tuple)
VARIED = st.tuples(st.lists(NAMES, max_size=2, unique=True).map(tuple))
ASKS: st.SearchStrategy[Ask] = st.one_of(
    st.builds(CountAsk, st.just("d"), st.just("s-1"), KEYS, st.just(WINDOW), st.integers(1, 4)),
    st.builds(
        CountAsk,
        st.just("d"),
        st.just("s-2"),
        KEYS,
        st.just(WINDOW),
        st.integers(1, 3),
        st.tuples(st.integers(1, 3)),
        VARIED,
    ),
    st.builds(TermsAsk, st.just("d"), st.just("s-3"), KEYS, st.just(WINDOW)),
    st.builds(
        ShownAsk, st.just("d"), st.just("s-4"), KEYS, st.just(WINDOW), st.sampled_from(Severity)
    ),
)
TIMES = st.one_of(st.integers(0, 40), st.integers(0, 4).map(lambda day: day * 24 * 60))
EVENTS = st.lists(st.tuples(TIMES, st.lists(ASKS, min_size=1, max_size=3)), max_size=25)
ORDER = st.lists(st.integers(0, 24), max_size=15)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, again=ORDER, learns=st.booleans())
def test_the_store_answers_as_the_model_does(
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
    events: list[tuple[int, list[Ask]]],
    again: list[int],
    learns: bool,
) -> None:
    for room in (memory, detections):
        monkeypatch.setattr(room, "MOST_EVENTS", 5)
        monkeypatch.setattr(room, "MOST_TERMS", 2)
    link.call("FLUSHDB")
    store, model = Detections(link), Memory(learns=learns)
    if not learns:
        link.call("HSET", link.keys.begun, "s-3", detections.LEARNT)
    told = [*enumerate(events), *((n, events[n]) for n in again if n < len(events))]
    for number, (minutes, asks) in told:
        event = Happening(f"event-{number}", later(minutes))
        assert store.ask(event, asks) == model.ask(event, asks, now=NOON)


@given(events=st.lists(st.tuples(st.integers(0, 8), ASKS), min_size=1, max_size=25), data=st.data())
def test_asking_again_changes_no_answer(events: list[tuple[int, Ask]], data: st.DataObject) -> None:
    """A record delivered twice, or a crash between remembering it and claiming it."""
    model = Memory()
    answers: dict[int, tuple[Answer, ...]] = {}
    for number, (minutes, ask) in enumerate(events):
        answers[number] = model.ask(_event(number, minutes), [ask])
        old = data.draw(st.sampled_from(sorted(answers)))
        again = model.ask(_event(old, events[old][0]), [events[old][1]])
        assert [a.matches for a in again] == [a.matches for a in answers[old]]


def _event(number: int, minutes: float) -> Happening:
    return Happening(f"event-{number}", later(minutes))
