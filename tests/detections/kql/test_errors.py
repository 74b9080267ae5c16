"""Where a query stops being one, by Kibana's grammar, and how that is told."""

import pytest

from bot.detections.kql.error import KqlError
from bot.detections.kql.parser import DEEPEST, LONGEST, parse

NESTED = "(" * DEEPEST + "a:1" + ")" * DEEPEST

ERRORS: list[tuple[str, str, tuple[int, int]]] = [
    ("no operator between two clauses", 'a:"x" b:"y"', (1, 7)),
    ("unquoted, the second colon is what is wrong", "a:x b:y", (1, 6)),
    ("not without white space", "not(a:b)", (1, 4)),
    ("not twice", "not not a:b", (1, 5)),
    ("not outside a list", "a:not b", (1, 3)),
    ("not twice in a list", "a:(not not b)", (1, 8)),
    ("not in the middle of a value", "a:x not y", (1, 5)),
    ("not at the end of a longer word", "a:cannot do", (1, 6)),
    ("and without white space before", "(a:1)and b:2", (1, 6)),
    ("and without white space after", "(a:1) and(b:2)", (1, 7)),
    ("or without white space after a quote", 'a:"1"or b:2', (1, 6)),
    ("and with nothing after", "a:1 and ", (1, 9)),
    ("or with nothing after", "a:1 or ", (1, 8)),
    ("a colon alone", ":", (1, 1)),
    ("a field without a value", "a:", (1, 3)),
    ("a field without a value, with space", "a: ", (1, 4)),
    ("a value without a field", ":1", (1, 1)),
    ("two colons", "a::1", (1, 3)),
    ("a colon in a value", "a:b:c", (1, 4)),
    ("an open parenthesis", "(a:1", (1, 5)),
    ("a closed parenthesis", "a:1)", (1, 4)),
    ("an empty parenthesis", "()", (1, 2)),
    ("an empty list", "a:()", (1, 4)),
    ("an open list", "a:(1 or 2", (1, 10)),
    ("a clause in a list", "a:(1 or b:2)", (1, 10)),
    ("a list without a field's colon", "a (1 or 2)", (1, 3)),
    ("a list without joints", 'a:("1" "2")', (1, 8)),
    ("a list that ends with or", "a:(1 or )", (1, 9)),
    ("an open brace", "f:{ a:1", (1, 8)),
    ("an empty brace", "f:{}", (1, 4)),
    ("a brace that a parenthesis closes", "f:{ a:1 )", (1, 9)),
    ("a brace without a colon", "f { a:1 }", (1, 3)),
    ("an open quote", 'a:"x', (1, 3)),
    ("an open quote after an escaped one", r'a:"x\"', (1, 3)),
    ("a quote inside a value", 'a:x"y"', (1, 4)),
    ("a value after a quote", 'a:"x"y', (1, 6)),
    ("a lone backslash", "a:\\", (1, 3)),
    ("an unknown escape", r"a:C\Windows", (1, 4)),
    ("a short code point", r"a:\u00e", (1, 3)),
    ("an escaped space", r"a:x\ y", (1, 4)),
    ("a range without a value", "a >", (1, 4)),
    ("a range without a field", "> 1", (1, 1)),
    ("a range with a list", "a > (1 or 2)", (1, 5)),
    ("two range operators", "a >> 1", (1, 4)),
    ("a range operator and a colon", "a <: 1", (1, 4)),
    ("a range of a range", "a > 1 > 2", (1, 7)),
    ("a range after a value", "a:1 > 2", (1, 5)),
    ("exists of exists", "a:*:*", (1, 4)),
    ("a list in a range in a list", "a:(> 1)", (1, 4)),
    ("a backslash before a space, then and", r"a:x\ and b:2", (1, 4)),
    ("an escape in capitals", r"a:x\T", (1, 4)),
    ("a code point's u in capitals", r"a:\U0041", (1, 3)),
    ("a code point that is none", r"a:\u12g4", (1, 3)),
    ("not alone before space", "not ", (1, 5)),
    ("a field that ends in not", "a.not :1", (1, 3)),
    ("NOT twice in capitals", "NOT NOT a:1", (1, 5)),
    ("empty parentheses in parentheses", "(())", (1, 3)),
    ("nested in a list", "a:({ b:1 })", (1, 4)),
    ("a clause in a list of lists", "a:((b:1))", (1, 6)),
    ("on the second line", "a:1 and\nb:", (2, 3)),
    ("on the second line, in a list", "a:(\n  1 or\n)", (3, 1)),
    ("after a line break of Windows", "a:1 and\r\n:2", (2, 1)),
    ("columns count characters", "a:日本 and :", (1, 10)),
    ("nested too deep", "(" + NESTED + ")", (1, DEEPEST + 1)),
    ("braces too deep", "f:{" * (DEEPEST + 1) + "a:1", (1, 3 * DEEPEST + 3)),
    ("too long", "a" * (LONGEST + 1), (1, LONGEST + 1)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "place"), [pytest.param(query, place, id=name) for name, query, place in ERRORS]
)
def test_what_is_no_query_is_refused_at_its_place(query: str, place: tuple[int, int]) -> None:
    with pytest.raises(KqlError) as caught:
        parse(query)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param(
            'a:"x" b',
            'line 1, column 7: expected "and", "or" or the end of the query, found "b"\n'
            '  a:"x" b\n        ^',
            id="what was expected, what was found, and a caret under it",
        ),
        pytest.param(
            "a:1 and\n  b:\n",
            "line 3, column 1: expected a value, found the end of the query\n  \n  ^",
            id="at the end of the query",
        ),
        pytest.param(
            "a:(1 or 2",
            'line 1, column 10: expected "and", "or" or ")", found the end of the query\n'
            "  a:(1 or 2\n           ^",
            id="in a list",
        ),
        pytest.param(
            "x" * 200 + ":",
            "line 1, column 202: expected a value, found the end of the query\n"
            f"  {'x' * 59}:\n  {' ' * 60}^",
            id="a long line is cut",
        ),
        pytest.param(
            "a:\t:",
            "line 1, column 4: expected a value, found ':'\n  a: :\n     ^",
            id="a tab is one column",
        ),
    ],
)
def test_an_error_shows_the_place(query: str, said: str) -> None:
    with pytest.raises(KqlError) as caught:
        parse(query)
    assert str(caught.value) == said
