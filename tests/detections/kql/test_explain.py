"""Why a query does not match: the first clause that failed, and what is there instead."""

from dataclasses import dataclass
from typing import Any

import pytest

from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections.kql.explain import LONGEST, why_not
from bot.detections.kql.leaves import Leaf, NumberRange
from bot.detections.kql.parser import parse


@dataclass(frozen=True)
class Ports:
    """A document whose every field is a range of numbers."""

    ports: NumberRange

    def values(self, field: str) -> tuple[Leaf, ...]:
        return (self.ports,)

    def names(self) -> tuple[str, ...]:
        return ()

    def inner(self, path: str) -> tuple[()]:
        return ()


@pytest.mark.parametrize(
    ("query", "document", "reason"),
    [
        pytest.param("a:1", {"a": "1"}, "", id="nothing failed"),
        pytest.param("a:1", {"a": "2"}, "a:1 does not hold: a is 2", id="another value"),
        pytest.param("a:1", {}, "a:1 does not hold: a is missing", id="no value"),
        pytest.param("a:*", {}, "a:* does not hold: a is missing", id="exists"),
        pytest.param("a > 5", {"a": 3}, "a > 5 does not hold: a is 3", id="a range"),
        pytest.param("a:true", {"a": False}, "a:true does not hold: a is false", id="a boolean"),
        pytest.param("a:1 and b:2", {"a": "1"}, "b:2 does not hold: b is missing", id="and"),
        pytest.param("b:2 and a:1", {"c": "1"}, "b:2 does not hold: b is missing", id="the first"),
        pytest.param(
            "a:1 and (b:2 and c:3)",
            {"a": "1", "b": "2", "c": "4"},
            "c:3 does not hold: c is 4",
            id="and in and",
        ),
        pytest.param(
            "a:(1 or 2 or 3)",
            {"a": ["4", "5"]},
            "a:(1 or 2 or 3) does not hold: a is 4, 5",
            id="or of one field",
        ),
        pytest.param(
            "a:1 or b:2",
            {"a": "3"},
            "a:1 or b:2 does not hold: a is 3; b is missing",
            id="or of two fields",
        ),
        pytest.param(
            "a:1 or (a:2 and b:*)",
            {"a": "3"},
            "a:1 or a:2 and b:* does not hold: a is 3; b is missing",
            id="a field that is asked twice is told once",
        ),
        pytest.param(
            "a:1 or b:2 or c:3 or d:4",
            {"a": "3"},
            "a:1 or b:2 or c:3 or d:4 does not hold",
            id="or of many fields",
        ),
        pytest.param("a:1 or b*:2", {"a": "3"}, "a:1 or b*:2 does not hold", id="or of a pattern"),
        pytest.param("not a:1", {"a": "1"}, "not a:1 does not hold: a is 1", id="not"),
        pytest.param(
            "not a:(1 or 2)", {"a": "2"}, "not a:(1 or 2) does not hold: a is 2", id="not of a list"
        ),
        pytest.param("a*:1", {"ab": "2"}, "a*:1 does not hold", id="a field by pattern"),
        pytest.param("x", {"ab": "2"}, "x does not hold", id="no field"),
        pytest.param(
            "f:{ a:1 }", {"f": {"a": "2"}}, "f:{ a:1 } does not hold: a is 2", id="nested"
        ),
        pytest.param(
            "f:{ a:1 and b:2 }",
            {"f": [{"a": "1", "b": "3"}, {"a": "4", "b": "2"}, {"a": "4"}]},
            "f:{ a:1 and b:2 } does not hold: a is 1, 4; b is 3, 2",
            id="nested in several",
        ),
        pytest.param("f:{ a:1 }", {}, "f:{ a:1 } does not hold: f is missing", id="nested nowhere"),
        pytest.param(
            "a:x",
            {"a": list("abcdefg")},
            "a:x does not hold: a is a, b, c, d, e and 2 more",
            id="many values",
        ),
        pytest.param(
            "a:x",
            {"a": "y" * 300},
            f"a:x does not hold: a is {'y' * (LONGEST - 1)}…",
            id="a long value is cut",
        ),
        pytest.param(
            "a:x", {"a": "\x1b[31mred\nline"}, "a:x does not hold: a is [31mred line", id="hostile"
        ),
    ],
)
def test_the_first_clause_that_failed_is_told(
    query: str, document: dict[str, Any], reason: str
) -> None:
    assert why_not(parse(query), EcsDocument(document)) == reason


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        pytest.param(20, 21, "port is 20 to 21", id="a range"),
        pytest.param(443, 443, "port is 443", id="a range of one is a number"),
    ],
)
def test_what_a_range_holds_is_told(low: int, high: int, shown: str) -> None:
    ports = Ports(NumberRange(low, high))
    assert why_not(parse("port:22"), ports) == f"port:22 does not hold: {shown}"
