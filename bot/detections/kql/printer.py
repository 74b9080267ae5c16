"""A tree to KQL text: what is printed reads back as the same tree."""

import re
from typing import assert_never

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

_BARE = re.compile(r"[A-Za-z0-9_@$%&=+,;?!#/~'|^.-]+")
# A bare "not" is a keyword before white space, even at the end of a longer word.
_RESERVED = re.compile(r"(?:.*not|and|or|true|false|null)", re.IGNORECASE)

_SPECIAL = re.compile(r'[\\():<>"*{}]')
_WHITE = re.compile(r"[^\S ]|[\ufeff]")
_KEYWORD = re.compile(r"(?<= )(?:and|or)(?= |\Z)|not(?= |\Z)", re.IGNORECASE)


def printed(query: Query) -> str:
    """Return the query as KQL."""
    match query:
        case All():
            return "*:*"
        case Match(None, value):
            return _value(value)
        case Match(field, value):
            return f"{_value(field)}:{_value(value)}"
        case Exists(field):
            return f"{_value(field)}:*"
        case Compare(field, operator, value):
            return f"{_value(field)} {operator} {_value(value)}"
        case Nested(path, inner):
            return f"{_value(path)}:{{ {printed(inner)} }}"
        case Not(clause):
            return f"not {_enclosed(clause, (Not, And, Or))}"
        case And(clauses):
            return _list(query) or " and ".join(_enclosed(clause, (And, Or)) for clause in clauses)
        case Or(clauses):
            return _list(query) or " or ".join(_enclosed(clause, (Or,)) for clause in clauses)
        case _:
            assert_never(query)


def _enclosed(query: Query, kinds: tuple[type, ...]) -> str:
    """Return the query, in parentheses if it is of those kinds and no list of values."""
    text = printed(query)
    return f"({text})" if isinstance(query, kinds) and not _list(query) else text


def _list(query: Query) -> str:
    """Return the query as a list of one field's values, or nothing if it is no such thing."""
    if not isinstance(query, And | Or):
        return ""
    fields: set[FieldName] = set()
    values = []
    for clause in query.clauses:
        if not isinstance(clause, Match) or clause.field is None:
            return ""
        fields.add(clause.field)
        values.append(_value(clause.value))
    joint = " and " if isinstance(query, And) else " or "
    return f"{_value(fields.pop())}:({joint.join(values)})" if len(fields) == 1 else ""


def _value(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Wildcard(parts):
            return "*".join(_unquoted(part) for part in parts)
        case str():
            if _BARE.fullmatch(value) and not _RESERVED.fullmatch(value):
                return value
            return f'"{value.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"'
        case _:
            assert_never(value)


def _unquoted(part: str) -> str:
    part = _SPECIAL.sub(r"\\\g<0>", part)
    part = _KEYWORD.sub(r"\\\g<0>", part)
    return _WHITE.sub(lambda found: f"\\u{ord(found[0]):04x}", part)
