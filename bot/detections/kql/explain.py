"""Why a document does not match a query: the first clause that failed, in words."""

from collections.abc import Sequence

from bot.cloudtrail.text import printable
from bot.detections.kql.compiler import compiled
from bot.detections.kql.leaves import Leaf, NumberRange, Source
from bot.detections.kql.printer import printed
from bot.detections.kql.tree import And, Compare, Exists, Match, Not, Or, Query

SHOWN = 5
"""Values of a field that are shown."""

LONGEST = 200
"""Characters that are shown of a value, or of a clause."""


def why_not(query: Query, source: Source) -> str:
    """Return the first clause that failed, and what its field holds; nothing if all hold."""
    if compiled(query)(source):
        return ""
    if isinstance(query, And):
        return next(reason for clause in query.clauses if (reason := why_not(clause, source)))
    field = _field(query)
    held = f": {printable(field, LONGEST)} is {_values(source.values(field))}" if field else ""
    return f"{printable(printed(query), LONGEST)} does not hold{held}"


def _field(query: Query) -> str:
    """Return the one field that the query asks; empty if there are several, or patterns."""
    match query:
        case Match(str(field), _) | Exists(str(field)) | Compare(str(field), _, _):
            return field
        case Not(clause):
            return _field(clause)
        case And(clauses) | Or(clauses):
            fields = {_field(clause) for clause in clauses}
            return fields.pop() if len(fields) == 1 else ""
        case _:
            return ""


def _values(leaves: Sequence[Leaf]) -> str:
    if not leaves:
        return "missing"
    more = f" and {len(leaves) - SHOWN} more" if len(leaves) > SHOWN else ""
    return ", ".join(printable(_text(leaf), LONGEST) for leaf in leaves[:SHOWN]) + more


def _text(leaf: Leaf) -> str:
    if isinstance(leaf, NumberRange):
        return f"{leaf.low} to {leaf.high}"
    return str(leaf).lower() if isinstance(leaf, bool) else str(leaf)
