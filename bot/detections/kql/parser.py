"""KQL text to a tree, after Kibana's grammar.

Recursive descent: ``or`` over ``and`` over ``not`` over a clause, twice: between clauses, and
between the values of one field in parentheses.
"""

from collections.abc import Callable

from bot.detections.kql.error import KqlError
from bot.detections.kql.scanner import Scanner
from bot.detections.kql.tree import (
    ANYTHING,
    All,
    And,
    Compare,
    Exists,
    FieldName,
    Match,
    Nested,
    Not,
    Operator,
    Or,
    Query,
    Value,
    Wildcard,
)

LONGEST = 65_536
"""Characters of the longest query read."""

DEEPEST = 50
"""Parentheses and braces within one another, at most: bounds recursion here and in evaluation."""

_OPERATORS = (Operator.AT_MOST, Operator.AT_LEAST, Operator.LESS, Operator.MORE)


def parse(text: str) -> Query:
    """Return the query's tree; raise ``KqlError`` at the first place that is not KQL."""
    if len(text) > LONGEST:
        raise KqlError(f"longer than {LONGEST:,} characters", text, LONGEST)
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.scan = Scanner(text)
        self.depth = 0

    def whole(self) -> Query:
        self.scan.space()
        if self.scan.ended():
            return All()
        query = self._query()
        self.scan.space()
        if not self.scan.ended():
            raise self.scan.expected('"and", "or" or the end of the query')
        return query

    def _query(self) -> Query:
        return self._joined(self._clause)

    def _joined(self, item: Callable[[], Query]) -> Query:
        """Read items joined by ``and`` and ``or``, each perhaps with ``not`` before it."""
        either = []
        while True:
            both = [self._negatable(item)]
            while self.scan.joint("and"):
                both.append(self._negatable(item))
            either.append(both[0] if len(both) == 1 else And(tuple(both)))
            if not self.scan.joint("or"):
                return either[0] if len(either) == 1 else Or(tuple(either))

    def _negatable(self, item: Callable[[], Query]) -> Query:
        return Not(item()) if self.scan.negation() else item()

    def _within(self, close: str, items: Callable[[], Query]) -> Query:
        """Read what stands between an opening mark, already passed, and its closing one."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.scan.error(f"nested deeper than {DEEPEST} parentheses", self.scan.at - 1)
        self.scan.space()
        query = items()
        self.scan.space()
        if not self.scan.take(close):
            raise self.scan.expected(f'"and", "or" or "{close}"')
        self.depth -= 1
        return query

    def _clause(self) -> Query:
        if self.scan.take("("):
            return self._within(")", self._query)
        literal = self.scan.literal('a field, a value or "("')
        after = self.scan.at
        self.scan.space()
        if self.scan.take(":"):
            return self._field(_field(literal))
        for operator in _OPERATORS:
            if self.scan.take(operator):
                return self._range(_field(literal), operator)
        self.scan.at = after
        return _match(None, literal)

    def _field(self, field: str | Wildcard) -> Query:
        self.scan.space()
        if self.scan.take("{"):
            return Nested(str(field), self._within("}", self._query))
        return self._values(field)

    def _values(self, field: str | Wildcard) -> Query:
        if self.scan.take("("):
            return self._within(")", lambda: self._joined(lambda: self._values(field)))
        return _match(field, self.scan.literal("a value"))

    def _range(self, field: str | Wildcard, operator: Operator) -> Query:
        self.scan.space()
        value = self.scan.literal("a value to compare with")
        # Elasticsearch takes a range without a bound for "has a value".
        return _match(field, ANYTHING) if value is None else Compare(field, operator, _text(value))


def _match(field: FieldName, value: Value) -> Query:
    if value != ANYTHING:
        return Match(field, value)
    return All() if field is None or field == ANYTHING else Exists(field)


def _field(literal: Value) -> str | Wildcard:
    return literal if isinstance(literal, Wildcard) else _text(literal)


def _text(value: Value) -> str:
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)
