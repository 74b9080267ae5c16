"""What holds of every query: it survives printing, and no input does worse than be refused."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections.kql.compiler import compiled
from bot.detections.kql.error import KqlError
from bot.detections.kql.explain import why_not
from bot.detections.kql.parser import DEEPEST, LONGEST, parse
from bot.detections.kql.printer import printed
from bot.detections.kql.tree import And, Match, Not, Or, Query, Wildcard
from tests.detections.kql.strategies import DOCUMENTS, QUERIES, TEXTS, wildcards


@given(QUERIES)
@example(And((Match("a", Wildcard(("", "x not"))), Match("b", Wildcard(("not x and y", ""))))))
@example(Match("a", Wildcard(("x\nnot y", ""))))
@example(Match("cannot", "x\\nz"))
@example(Match("a", Wildcard(("*", "x"))))
@example(Match(Wildcard(("", "or")), 'say "\\"'))
def test_a_printed_query_reads_as_itself(query: Query) -> None:
    assert parse(printed(query)) == query


@given(QUERIES, DOCUMENTS)
def test_not_is_the_complement(query: Query, document: dict[str, Any]) -> None:
    source = EcsDocument(document)
    assert compiled(parse(f"not ({printed(query)})"))(source) is not compiled(query)(source)


@given(QUERIES, QUERIES, DOCUMENTS)
def test_and_or_are_what_both_and_either_say(
    one: Query, two: Query, document: dict[str, Any]
) -> None:
    source = EcsDocument(document)
    first, second = compiled(one)(source), compiled(two)(source)
    both, either = f"({printed(one)}) and ({printed(two)})", f"({printed(one)}) or ({printed(two)})"
    assert compiled(parse(both))(source) is (first and second)
    assert compiled(parse(either))(source) is (first or second)


@given(QUERIES, DOCUMENTS)
def test_there_is_a_reason_exactly_where_a_query_fails(
    query: Query, document: dict[str, Any]
) -> None:
    source = EcsDocument(document)
    assert bool(why_not(query, source)) is not compiled(query)(source)
    assert why_not(Not(query), source) == "" or compiled(query)(source)


@given(wildcards(), TEXTS, st.data())
def test_a_wildcard_fits_as_the_regular_expression_does(
    wildcard: Wildcard, text: str, data: st.DataObject
) -> None:
    fillers = [data.draw(TEXTS) for _ in wildcard.parts[1:]]
    pairs = zip(wildcard.parts, [*fillers, ""], strict=True)
    made = "".join(part + filler for part, filler in pairs)
    expression = re.compile(".*".join(map(re.escape, wildcard.parts)), re.DOTALL)
    assert wildcard.matches(made)
    assert wildcard.matches(text) is (expression.fullmatch(text) is not None)


PIECES = (" and ", " or ", "not ", "\\u00", "\\not ", "\\ud83d", "null", ">=", "\xa0")
SCRAPS = st.lists(st.sampled_from([*'ab:()<>{}"*\\ \n\t', *PIECES]), max_size=30).map("".join)


@settings(max_examples=300)
@given(st.one_of(SCRAPS, st.text(max_size=40)))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    read = _read(text)
    if isinstance(read, KqlError):
        assert 1 <= read.line <= text.count("\n") + 1
        assert 0 <= read.position <= len(text)
        assert read.summary in str(read)
    else:
        assert parse(printed(read)) == read
        compiled(read)(EcsDocument({"a": ["b", 1, True, None]}))


def _read(text: str) -> Query | KqlError:
    try:
        return parse(text)
    except KqlError as error:
        return error


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * LONGEST, id="only opening parentheses"),
        pytest.param("a:(" * 20_000, id="only opening lists"),
        pytest.param("f:{" * 20_000, id="only opening braces"),
        pytest.param("not " * 16_000, id="only not"),
        pytest.param("a:1 and " * 8_000, id="a joint with nothing after it"),
        pytest.param('"' * (LONGEST - 1), id="only quotes"),
        pytest.param("\\" * (LONGEST - 1), id="only backslashes"),
        pytest.param("a:x" + " " * 60_000 + "or" + " " * 3_000, id="white space before a joint"),
        pytest.param("a:" + "x " * 30_000 + ":", id="a long unquoted value"),
        pytest.param("a:b " * 250_000, id="a megabyte"),
    ],
)
def test_what_is_large_and_wrong_is_refused(text: str) -> None:
    with pytest.raises(KqlError):
        parse(text)


def test_a_query_may_be_wide() -> None:
    assert parse(" or ".join(["(a:1)"] * (DEEPEST * 2))) == Or((Match("a", "1"),) * (DEEPEST * 2))
    query = parse(" or ".join(f"a:{number}" for number in range(5_000)))
    assert compiled(query)(EcsDocument({"a": "4999"}))


def test_what_may_be_deep_can_be_evaluated_printed_and_explained() -> None:
    deep = "a:1"
    for _ in range(DEEPEST // 2):
        deep = f"not (b:2 or (c:3 and {deep}))"
    query = parse(deep)
    source = EcsDocument({"a": "1", "c": "3"})
    assert parse(printed(query)) == query
    assert bool(why_not(query, source)) is not compiled(query)(source)
