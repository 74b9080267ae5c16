"""Why a document does not match a query: the first clause that failed, in words."""

from collections.abc import Iterator, Sequence

from bot.cloudtrail.text import printable
from bot.detections.kql.compiler import compiled
from bot.detections.kql.leaves import Leaf, NumberRange, Source
from bot.detections.kql.printer import printed
from bot.detections.kql.tree import And, Compare, Exists, Match, Nested, Not, Or, Query

SHOWN = 5
"""Values of a field that are shown."""

LONGEST = 200
"""Characters that are shown of a value, or of a clause."""

FIELDS = 3
"""Fields whose values are shown; of a clause that asks more of them, none are."""


def why_not(query: Query, source: Source) -> str:
    """Return the first clause that failed, and what its field holds; nothing if all hold."""
    if compiled(query)(source):
        return ""
    if isinstance(query, And):
        return next(reason for clause in query.clauses if (reason := why_not(clause, source)))
    held = _held(query, [source])
    return f"{printable(printed(query), LONGEST)} does not hold{f': {held}' if held else ''}"


def _held(query: Query, sources: Sequence[Source]) -> str:
    """Return what the fields that the query asks hold; empty if they are many, or patterns."""
    if isinstance(query, Nested):
        inner = [each for source in sources for each in source.inner(query.path)]
        return (
            _held(query.query, inner) if inner else f"{printable(query.path, LONGEST)} is missing"
        )
    fields = tuple(dict.fromkeys(_fields(query)))
    if "" in fields or len(fields) > FIELDS:
        return ""
    return "; ".join(
        f"{printable(field, LONGEST)} is {_values([v for s in sources for v in s.values(field)])}"
        for field in fields
    )


def _fields(query: Query) -> Iterator[str]:
    """Yield the fields that the query asks, and "" for what asks no single one."""
    match query:
        case Match(str(field), _) | Exists(str(field)) | Compare(str(field), _, _):
            yield field
        case Not(clause):
            yield from _fields(clause)
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from _fields(clause)
        case _:
            yield ""


def _values(leaves: Sequence[Leaf]) -> str:
    """Return the values that a field holds, each once."""
    shown = tuple(dict.fromkeys(printable(_text(leaf), LONGEST) for leaf in leaves))
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return ", ".join(shown[:SHOWN]) + more if shown else "missing"


def _text(leaf: Leaf) -> str:
    if isinstance(leaf, NumberRange):
        return str(leaf.low) if leaf.low == leaf.high else f"{leaf.low} to {leaf.high}"
    return str(leaf).lower() if isinstance(leaf, bool) else str(leaf)
