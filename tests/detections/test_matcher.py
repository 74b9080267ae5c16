"""Which detections a document matches, and that the index leaves out those alone that cannot."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections import matcher as matcher_module
from bot.detections.kql.compiler import compiled
from bot.detections.kql.leaves import Leaf, Source
from bot.detections.kql.parser import parse
from bot.detections.kql.tree import (
    All,
    And,
    Compare,
    Exists,
    Match,
    Not,
    Operator,
    Or,
    Query,
    Wildcard,
)
from bot.detections.matcher import ACTION, KNOWN, Matcher, pinned
from tests.detections.rules import a_detection

ACTIONS = ("A", "B", "C")


def ids(matcher: Matcher, document: Source) -> list[str]:
    return [detection.id for detection in matcher.matches(document)]


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        pytest.param("event.action:A", {"A"}, id="one"),
        pytest.param("event.action:(A or B)", {"A", "B"}, id="several"),
        pytest.param("event.action:A or event.action:B", {"A", "B"}, id="or"),
        pytest.param("x:1 and event.action:A", {"A"}, id="and, with something else"),
        pytest.param("event.action:(A or B) and event.action:A", {"A"}, id="and, the tightest"),
        pytest.param("event.action:(A or (B and C))", {"A", "B"}, id="a list in a list"),
        pytest.param("(event.action:A and x:1) or event.action:B", {"A", "B"}, id="and in or"),
        pytest.param("event.action:A or x:1", None, id="or something else"),
        pytest.param("event.action:(A or B*)", None, id="or a pattern"),
        pytest.param("event.action:A*", None, id="a pattern"),
        pytest.param("event.action:*", None, id="exists"),
        pytest.param("not event.action:A", None, id="not"),
        pytest.param("event.*:A", None, id="a field by pattern"),
        pytest.param("A", None, id="no field"),
        pytest.param("f:{ event.action:A }", None, id="nested, another field"),
        pytest.param("event.action:true", None, id="typed: what it meets depends on the field"),
        pytest.param("", None, id="everything"),
    ],
)  # fmt: skip
def test_the_actions_that_a_query_needs(query: str, actions: set[str] | None) -> None:
    assert pinned(parse(query), ACTION) == actions


# Queries about few actions, so that they and documents meet often.
WANTED = st.sampled_from([*ACTIONS, "1", "01", True, Wildcard(("A", ""))])
CLAUSES: st.SearchStrategy[Query] = st.one_of(
    st.builds(Match, st.sampled_from(KNOWN), WANTED),
    st.builds(Match, st.just("x"), st.sampled_from(["1", "2"])),
    st.builds(Match, st.sampled_from([None, Wildcard(("event.", ""))]), st.sampled_from(ACTIONS)),
    st.builds(Compare, st.sampled_from(KNOWN), st.just(Operator.MORE), st.sampled_from(ACTIONS)),
    st.builds(Exists, st.sampled_from([*KNOWN, "x"])),
    st.just(All()),
)  # fmt: skip
SMALL: st.SearchStrategy[Query] = st.recursive(
    CLAUSES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
HELD = st.one_of(st.sampled_from([*ACTIONS, "1", 1, True]), st.lists(st.sampled_from(ACTIONS)))
EVENTS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(KNOWN, HELD) | {"x": st.sampled_from(["1", "2"])}
)


@given(st.lists(SMALL, max_size=8), st.lists(EVENTS, min_size=1, max_size=4))
def test_a_rule_is_left_out_only_if_it_cannot_match(
    trees: list[Query], events: list[dict[str, Any]]
) -> None:
    detections = [
        replace(a_detection("*:*", str(number)), tree=tree) for number, tree in enumerate(trees)
    ]
    matcher = Matcher(detections)
    others = [event | {"x": x} for event in events for x in ("1", "2")]
    for document in map(EcsDocument, [*events, *others]):
        all_of_them = [str(n) for n, tree in enumerate(trees) if compiled(tree)(document)]
        assert ids(matcher, document) == all_of_them


def test_what_is_remembered_of_a_document_is_not_told_of_one_that_differs_elsewhere() -> None:
    matcher = Matcher([a_detection("event.action:A and x:1"), a_detection("event.action:A", "r-2")])
    for value, expected in (("1", ["r-1", "r-2"]), ("2", ["r-2"]), ("1", ["r-1", "r-2"])):
        event = EcsDocument({"event": {"action": "A"}, "x": value})
        assert ids(matcher, event) == expected


def test_combinations_without_end_are_not_all_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher_module, "REMEMBERED", 10)
    matcher = Matcher([a_detection("event.action:A7")])
    for _ in range(2):
        for number in range(25):
            found = ids(matcher, EcsDocument({"event": {"action": f"A{number}"}}))
            assert found == (["r-1"] if number == 7 else [])
            assert len(matcher._left) <= 10


def test_matches_come_once_and_in_the_order_given() -> None:
    matcher = Matcher(
        [
            a_detection("x:1", "unpinned"),
            a_detection("event.action:(A or B)", "both"),
            a_detection("event.provider:P", "provider"),
            a_detection("event.action:A", "one"),
        ]
    )
    event = EcsDocument({"event": {"action": ["B", "A"], "provider": "P"}, "x": "1"})
    assert ids(matcher, event) == ["unpinned", "both", "provider", "one"]


def test_an_action_that_is_a_number_meets_any_spelling_of_it() -> None:
    matcher = Matcher([a_detection("event.action:007", "seven"), a_detection("event.action:1")])
    assert ids(matcher, OtherAction(7)) == ["seven"]


def test_true_and_one_are_not_taken_for_each_other() -> None:
    matcher = Matcher([a_detection("event.action:1", "one"), a_detection("event.action:true")])
    assert [ids(matcher, OtherAction(action)) for action in (1, True, 1)] == [
        ["one"],
        ["r-1"],
        ["one"],
    ]


class OtherAction:
    """A document whose action is no text, as a document that is not ECS may have it."""

    def __init__(self, action: Leaf) -> None:
        self.action = action

    def values(self, field: str) -> Sequence[Leaf]:
        return (self.action,) if field == ACTION else ()

    def names(self) -> Sequence[str]:
        return (ACTION,)

    def inner(self, path: str) -> Sequence[Source]:
        return ()


class Counting:
    """A document that counts how often it is asked for a field, or for all."""

    def __init__(self, field: str = "x") -> None:
        self.field, self.asked = field, 0

    def values(self, field: str) -> Sequence[Leaf]:
        self.asked += field == self.field
        return {"event.action": ("A",), "event.provider": ("P",)}.get(field, ())

    def names(self) -> Sequence[str]:
        self.asked += 1
        return ()

    def inner(self, path: str) -> Sequence[Source]:
        return ()


@pytest.mark.parametrize(
    ("clause", "field"),
    [
        pytest.param("source.ip:*", "source.ip", id="an address"),
        pytest.param("not source.ip:10.0.0.0/8", "source.ip", id="not an address"),
        pytest.param("(z:1 or @timestamp > 2026)", "@timestamp", id="a time, among others"),
        pytest.param("word", "", id="any field"),
        pytest.param("x.*:1", "", id="fields by pattern"),
    ],
)
def test_what_is_dear_to_read_is_asked_last(clause: str, field: str) -> None:
    document = Counting(field)
    assert not ids(Matcher([a_detection(f"{clause} and y:1")]), document)
    assert document.asked == 0


def test_rules_about_other_actions_and_providers_are_not_asked() -> None:
    others = [a_detection(f"x:1 and event.action:A{n}", f"a{n}") for n in range(100)]
    others += [a_detection(f"x:1 and event.provider:P{n}", f"p{n}") for n in range(100)]
    document = Counting()
    Matcher([*others, a_detection("x:1 and event.action:A", "ours")]).matches(document)
    assert document.asked == 1
