"""What a rule asks that no record can answer, so that a part of it never holds: told at load.

Kibana has fields that are not made here (a host's name, say), and refuses text that its field
cannot be compared with. Here neither stops a rule, so it must be said.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import IPv4Address

from bot.cloudtrail.ecs_document import Kind, kind_of
from bot.cloudtrail.text import printable
from bot.detections.document import FILES, is_made
from bot.detections.kql.leaves import Leaf, Operand
from bot.detections.kql.printer import printed
from bot.detections.kql.tree import And, Compare, Exists, Match, Nested, Not, Or, Query

SHOWN = 120
"""Characters that are shown of a clause or a field."""

_TYPES: dict[Kind, tuple[type[Leaf], str]] = {
    Kind.DATE: (datetime, "no date (date math such as now-1d is not evaluated in a query)"),
    Kind.IP: (IPv4Address, "no address and no network"),
    Kind.BOOLEAN: (bool, "neither true nor false"),
    Kind.NUMBER: (int, "no number"),
}


def unanswered(trees: Iterable[Query], needed: Iterable[str]) -> Iterator[str]:
    """Yield what of the queries no record can answer; ``needed`` are fields that must be there."""
    clauses = [(clause, name) for tree in trees for clause, name in _asked(tree, "")]
    for clause, name in clauses:
        if (text := _text(clause)) and (wrong := _wrong(name, text)):
            shown = printable(printed(clause), SHOWN)
            yield f"{shown} never holds: {printable(text, SHOWN)} is {wrong}"
    for name in dict.fromkeys(name for _, name in clauses):
        if setting := FILES.get(name):
            yield f"{name} is asked: it is missing unless {setting} names a file"
        elif not is_made(name):
            yield f"{printable(name, SHOWN)} is asked, but is not made of records: always missing"
    for name in dict.fromkeys(needed):
        if setting := FILES.get(name):
            yield f"{name} is needed: the rule never matches unless {setting} names a file"
        elif not is_made(name):
            yield (
                f"{printable(name, SHOWN)} is needed, but is not made of records: "
                "the rule never matches"
            )


def _asked(query: Query, within: str) -> Iterator[tuple[Query, str]]:
    """Yield each clause that asks one field, with the field's whole name."""
    match query:
        case Match(str(field), _) | Exists(str(field)) | Compare(str(field), _, _):
            yield query, within + field
        case Nested(path, clause):
            yield from _asked(clause, f"{within}{path}.")
        case Not(clause):
            yield from _asked(clause, within)
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from _asked(clause, within)
        case _:
            pass


def _text(clause: Query) -> str:
    match clause:
        case Match(_, str(text)) | Compare(_, _, text):
            return text
        case _:
            return ""


def _wrong(field: str, text: str) -> str:
    """Return why text compares with nothing that the field may hold; empty if it can."""
    kind, what = _TYPES.get(kind_of(field), (str, ""))
    return "" if Operand(text).reads(kind) else what
