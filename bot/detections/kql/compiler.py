"""A tree to a predicate: plain closures, built once, that a document is given to."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

from bot.detections.kql.leaves import Leaf, Operand, Source
from bot.detections.kql.tree import (
    All,
    And,
    Compare,
    Exists,
    FieldName,
    Match,
    Nested,
    Not,
    Or,
    Query,
    Value,
    Wildcard,
)

Predicate = Callable[[Source], bool]
_Test = Callable[[Leaf], bool]


def compiled(query: Query) -> Predicate:
    """Return a function that tells whether a document matches the query."""
    match query:
        case All():
            return lambda _: True
        case Match(field, value):
            return _match(field, [value])
        case Exists(field):
            return _some(field, lambda _: True)
        case Compare(field, operator, value):
            operand = Operand(value)
            return _some(field, lambda leaf: operand.bounds(operator, leaf))
        case Nested(path, inner):
            holds = compiled(inner)
            return lambda source: any(map(holds, source.inner(path)))
        case Not(clause):
            holds = compiled(clause)
            return lambda source: not holds(source)
        case And(clauses):
            return _every([compiled(clause) for clause in clauses])
        case Or(clauses):
            return _any(_alternatives(clauses))
        case _:
            assert_never(query)


def _every(predicates: Sequence[Predicate]) -> Predicate:
    def holds(source: Source) -> bool:
        for predicate in predicates:  # noqa: SIM110  a loop is a third faster than all() here
            if not predicate(source):
                return False
        return True

    return holds


def _any(predicates: Sequence[Predicate]) -> Predicate:
    if len(predicates) == 1:
        return predicates[0]
    return lambda source: any(predicate(source) for predicate in predicates)


def _alternatives(clauses: Iterable[Query]) -> list[Predicate]:
    """Compile the clauses of an ``or``, with all values for one field as a single look-up."""
    values: dict[FieldName, list[Value]] = {}
    predicates = []
    for clause in clauses:
        match clause:
            case Match(field, value):
                values.setdefault(field, []).append(value)
            case _:
                predicates.append(compiled(clause))
    return [_match(field, wanted) for field, wanted in values.items()] + predicates


def _match(field: FieldName, values: Sequence[Value]) -> Predicate:
    """Return whether any value of the field is any of those wanted."""
    plain = [_plain(value) for value in values if isinstance(value, str | bool)]
    texts = frozenset(plain)
    operands = [Operand(text) for text in plain]
    patterns = [_pattern(value) for value in values if isinstance(value, Wildcard)]

    def test(leaf: Leaf) -> bool:
        if not isinstance(leaf, str):
            return any(operand.equals(leaf) for operand in operands)
        if leaf in texts:
            return True
        for fits in patterns:  # noqa: SIM110
            if fits(leaf):
                return True
        return False

    return _some(field, test)


def _pattern(wildcard: Wildcard) -> Callable[[str], bool]:
    """Return the test of a wildcard, the quickest for the usual forms."""
    match wildcard.parts:
        case ("", inside, ""):
            return lambda text: inside in text
        case (start, ""):
            return lambda text: text.startswith(start)
        case ("", end):
            return lambda text: text.endswith(end)
        case _:
            return wildcard.matches


def _plain(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _some(field: FieldName, test: _Test) -> Predicate:
    """Return whether the test holds for any value of the field."""
    if not isinstance(field, str):
        return lambda source: any(test(leaf) for leaf in _by_pattern(field, source))

    def holds(source: Source) -> bool:
        for leaf in source.values(field):  # noqa: SIM110
            if test(leaf):
                return True
        return False

    return holds


def _by_pattern(field: Wildcard | None, source: Source) -> Iterator[Leaf]:
    """Return the values of every field whose name fits; without a pattern, of all."""
    for name in source.names():
        if field is None or field.matches(name):
            yield from source.values(name)
