"""A query as a tree of frozen values: what Kibana's grammar makes of KQL."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Text with stars: ``parts`` are what stands before, between and after them."""

    parts: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Return whether the whole text fits, in time linear in its length."""
        first, *middle, last = self.parts
        at, end = len(first), len(text) - len(last)
        if end < at or not text.startswith(first) or not text.endswith(last):
            return False
        for part in middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    def __str__(self) -> str:
        return "*".join(self.parts)


ANYTHING = Wildcard(("", ""))
"""A lone star."""

Value = str | bool | None | Wildcard
"""What a field is asked for. Numbers stay text until they meet a number."""

FieldName = str | Wildcard | None
"""Which fields are asked: one, those that fit, or (None) any."""


class Operator(StrEnum):
    """How a range bounds a field."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class All:
    """Every document: the empty query, ``*`` and ``*:*``."""


@dataclass(frozen=True, slots=True)
class Match:
    """``field: value``: one of the field's values is this one."""

    field: FieldName
    value: Value


@dataclass(frozen=True, slots=True)
class Exists:
    """``field: *``: the field has a value."""

    field: str | Wildcard


@dataclass(frozen=True, slots=True)
class Compare:
    """``field >= value``: one of the field's values is within the bound."""

    field: str | Wildcard
    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Nested:
    """``path: { … }``: one object under the path satisfies the whole inner query."""

    path: str
    query: "Query"


@dataclass(frozen=True, slots=True)
class Not:
    """``not …``."""

    clause: "Query"


@dataclass(frozen=True, slots=True)
class And:
    """``… and …``, at least two."""

    clauses: "tuple[Query, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """``… or …``, at least two."""

    clauses: "tuple[Query, ...]"


Query = All | Match | Exists | Compare | Nested | Not | And | Or
