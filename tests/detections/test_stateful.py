"""What a rule that remembers asks about a document: of which keys, over which time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.changes.severity import Severity
from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections.rule import Detection, NewTerms, RuleException, Suppression, Threshold
from bot.detections.stateful import MOST_KEYS, CountAsk, ask_of, shown_ask, state_of
from tests.builders import NOON
from tests.detections.rules import a_detection

RULE = a_detection("a:1")


def counting(*fields: str, **varied: int) -> Detection:
    return replace(RULE, threshold=Threshold(fields, 3, tuple(varied.items())))


def learning(*fields: str) -> Detection:
    return replace(RULE, new_terms=NewTerms(fields, "now-7d"))


def suppressing(*fields: str, missing: bool = True) -> Detection:
    return replace(RULE, suppression=Suppression(fields, timedelta(hours=1), missing))


def keys(rule: Detection, event: dict[str, Any]) -> tuple[str, ...]:
    document = EcsDocument(event)
    if rule.suppression:
        ask = shown_ask(rule, document, Severity.LOW)
        return ask.keys if ask else ()
    asked = ask_of(rule, document, NOON)
    return asked.keys if asked else ()


ONE = {"x": "1", "y": "2"}


@pytest.mark.parametrize(
    ("rule", "event", "count"),
    [
        pytest.param(counting(), {}, 1, id="count all"),
        pytest.param(counting("x"), ONE, 1, id="count by a field"),
        pytest.param(counting("x", "z"), ONE, 0, id="not counted: a field is missing"),
        pytest.param(counting("x"), {"x": ["1", "2", "1"]}, 2, id="each value of a list once"),
        pytest.param(
            counting("x", "y"), {"x": ["1", "2"], "y": ["1", "2", "3"]}, 6, id="each combination"
        ),
        pytest.param(
            counting("x", "y"),
            {"x": [str(n) for n in range(90)], "y": [str(n) for n in range(90)]},
            MOST_KEYS,
            id="no more than so many",
        ),
        pytest.param(learning("x", "y"), ONE, 1, id="terms"),
        pytest.param(learning("x", "z"), ONE, 0, id="not new: a field is missing"),
        pytest.param(learning("x"), {"x": ["1", "2"]}, 2, id="each term of a list"),
        pytest.param(suppressing("x"), {"x": ["1", "2"]}, 2, id="alike by each value"),
        pytest.param(suppressing("z"), ONE, 1, id="alike in what is missing"),
        pytest.param(suppressing("z", missing=False), ONE, 0, id="what is missing is like nothing"),
        pytest.param(
            replace(suppressing("x"), new_terms=NewTerms(("y",), "now-7d")),
            {"x": ["1", "2"], "y": "1"},
            1,
            id="new terms are alike by the whole list",
        ),
        pytest.param(
            replace(suppressing(), threshold=Threshold(("x",), 3)), ONE, 1, id="as it is counted"
        ),
    ],
)
def test_how_many_keys_an_event_has(rule: Detection, event: dict[str, Any], count: int) -> None:
    assert len(set(keys(rule, event))) == count


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param({"x": "1", "y": "2"}, {"y": "2", "x": "1"}, True, id="order of fields"),
        pytest.param({"x": "1", "y": "2"}, {"x": "2", "y": "1"}, False, id="which field has it"),
        pytest.param({"x": "a,b", "y": "c"}, {"x": "a", "y": "b,c"}, False, id="where one ends"),
        pytest.param({"x": 1, "y": True}, {"x": "1", "y": "true"}, True, id="as text"),
        pytest.param({"x": ["1", "2"], "y": "3"}, {"x": ["2", "1"], "y": "3"}, True, id="a list"),
    ],
)
def test_which_events_share_a_key(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    rule = counting("x", "y")
    assert (keys(rule, one) == keys(rule, other)) is same


def test_what_is_asked_of_a_threshold() -> None:
    rule = replace(counting("x", y=2), since="now-1h/h")
    ask = ask_of(rule, EcsDocument({"x": "1", "y": ["a", "b"]}), NOON + timedelta(minutes=10))
    assert isinstance(ask, CountAsk)
    assert (ask.window, ask.value, ask.needed) == (timedelta(minutes=70), 3, (2,))
    assert [len(values) for values in ask.varied] == [2]


@pytest.mark.parametrize(
    ("edited", "forgets"),
    [
        pytest.param(replace(learning("x"), query="a:2"), True, id="query"),
        pytest.param(learning("y"), True, id="fields"),
        pytest.param(replace(RULE, new_terms=NewTerms(("x",), "now-8d")), True, id="window"),
        pytest.param(replace(learning("x"), id="r-2"), True, id="id"),
        pytest.param(
            replace(learning("x"), exceptions=(RuleException("", RULE.tree),)),
            False,
            id="exception",
        ),
        pytest.param(replace(learning("x"), severity=Severity.HIGH), False, id="severity"),
    ],
)
def test_which_edits_make_a_rule_learn_anew(edited: Detection, forgets: bool) -> None:
    assert (state_of(edited) != state_of(learning("x"))) is forgets
