"""JSON of any shape, and records with one thing in them changed."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.records import GONE, Json

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(("", "sg-1", "-1", "0.0.0.0/0", "true", "items", "\ud800", "\x00", "\u202e")),
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("items", "item", "tag", "content", "groupId", "x"))
            | st.text(max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)

WRONG: tuple[Any, ...] = (
    GONE,
    None,
    "",
    "x",
    "-1",
    "\ud800\x00\u202e",
    0,
    -1,
    2**400,
    1.5,
    float("nan"),
    float("inf"),
    True,
    [],
    [None],
    ["x", 1],
    {},
    {"items": None},
    {"items": [None, "x", 7, []]},
    {"tag": 1, "content": "x"},
    {"value": {}},
)
"""What is put in a value's place."""


def paths(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value within a JSON value."""
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (step,)
        if isinstance(inner, dict | list):
            yield from ((step, *rest) for rest in paths(inner))


def changed(record: Json, path: tuple[str | int, ...], wrong: Any) -> Json:
    """Return the record with another value at the path, or with nothing there."""
    copy = deepcopy(record)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    if wrong is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return copy


def mutants(record: Json) -> Iterator[tuple[str, Json]]:
    """Yield the record with each wrong value at each path, and a name for it."""
    for path in paths(record):
        for number, wrong in enumerate(WRONG):
            yield f"{'.'.join(map(str, path))} #{number}", changed(record, path, wrong)
