"""Hypothesis strategies: any tree that the parser can give, and documents for it to meet."""

from typing import Any

from hypothesis import strategies as st

from bot.detections.kql.tree import (
    ANYTHING,
    All,
    And,
    Compare,
    Exists,
    Match,
    Nested,
    Not,
    Operator,
    Or,
    Query,
    Value,
    Wildcard,
)

WORDS = ("a", "b", "a.b", "event.action", "and", "or", "not", "cannot", "NOT x", "true", "null")
TYPED = ("@timestamp", "ip", "aws.cloudtrail.read_only")
"""Fields whose kind says what a text means."""

ODD = ("1", "007", "2.5", "1e999", "999999999999999", "10.0.0.0/8", "10.1.2.3", "::/0", "fe80::1")
ODD_DATES = ("2026", "2026-02-30", "2026-03-02T12:00:00.123456789Z", "0001-01-01T00:00:00+14:00")
MARKS = 'ab \\():<>"*{}\t\n\r\xa0\u2003é🔥n'
# Halves of surrogate pairs meet their other half when they are read, so no text has them.
TEXTS = st.one_of(
    st.sampled_from([*WORDS, *ODD, *ODD_DATES, "x and y", " or ", "x not "]),
    st.text(MARKS, max_size=8),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
# What stands at the ends of an unquoted literal is trimmed.
TRIMMED = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)


@st.composite
def wildcards(draw: st.DrawFn) -> Wildcard:
    first, *middle, last = draw(st.lists(TEXTS, min_size=2, max_size=4))
    return Wildcard((first.lstrip(TRIMMED), *middle, last.rstrip(TRIMMED)))


FIELDS = st.one_of(st.sampled_from([*WORDS, *TYPED]), TEXTS, wildcards())
VALUES: st.SearchStrategy[Value] = st.one_of(
    TEXTS, wildcards().filter(lambda value: value != ANYTHING), st.booleans(), st.none()
)
LEAVES: st.SearchStrategy[Query] = st.one_of(
    st.just(All()),
    st.builds(Match, FIELDS, VALUES),
    st.builds(Match, st.none(), VALUES),
    st.builds(Exists, FIELDS.filter(lambda field: field != ANYTHING)),
    st.builds(Compare, FIELDS, st.sampled_from(Operator), TEXTS),
)


def _larger(queries: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(queries, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Not, queries),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Nested, TEXTS, queries),
    )


QUERIES: st.SearchStrategy[Query] = st.recursive(LEAVES, _larger, max_leaves=12)

SCALARS = st.one_of(
    TEXTS, st.none(), st.booleans(), st.integers(-3, 3000), st.floats(allow_nan=False)
)
KEYS = st.sampled_from(["a", "b", "c", "a.b", "event", "action", "aws", *TYPED])
DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)
        ),
        max_leaves=6,
    ),
    max_size=4,
)
