"""The text of a scope: one line that reads aloud, printed and parsed.

``principal=role/terraform-ci account=123456789012 ports=443/tcp peers=10.0.0.0/8``: clauses in any
order, values separated by commas, in double quotes where they hold spaces, commas or quotes. A role
or user of the scope's one account is written without its ARN.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.changes.rules import Direction
from bot.exemptions.fields import (
    PEER_GROUP,
    FieldError,
    nearest,
    parse_cidrs,
    parse_groups,
    parse_peer_groups,
    parse_ports,
    ports_text,
)
from bot.exemptions.model import Scope

KEYS = (
    "principal",
    "account",
    "region",
    "group",
    "action",
    "detection",
    "direction",
    "ports",
    "peers",
)
CLAUSE = re.compile(r'([^\s=",]+)=((?:"(?:[^"\\]|\\.)*"|[^\s"])*)(?=\s|$)')
VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"(?=,|$)|([^",]+)')
ARN = re.compile(r"arn:aws:iam::(\d{12}):((?:role|user)/.+|root)")
SHORT = re.compile(r"(?:role|user)/.+|root")
ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True, slots=True)
class _Clause:
    key: str
    values: tuple[str, ...]


class ScopeTextError(FieldError):
    """A scope cannot be read. ``at`` is where in the text the word begins."""

    def __init__(self, word: str, mend: str, at: int) -> None:
        super().__init__(word, mend)
        self.at = at


def scope_text(scope: Scope) -> str:
    """Return the scope as one line; empty for a scope without clauses."""
    clauses: tuple[tuple[str, Iterable[str]], ...] = (
        ("principal", (_short(p, scope.accounts) for p in scope.principals)),
        ("account", scope.accounts),
        ("region", scope.regions),
        ("group", scope.groups),
        ("action", scope.actions),
        ("detection", scope.detections),
        ("direction", scope.directions),
        ("ports", map(ports_text, scope.ports)),
        ("peers", (*scope.cidrs, *scope.peer_groups)),
    )
    written = ((key, ",".join(map(_quoted, values))) for key, values in clauses)
    return " ".join(f"{key}={values}" for key, values in written if values)


def parse_scope(text: str) -> Scope:
    """Read a scope. Raises ScopeTextError, which points at the word and says what to write."""
    clauses: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = CLAUSE.match(text, at)
        if found is None:
            word = text[at:].split(maxsplit=1)[0]
            raise ScopeTextError(word, "write clauses such as account=123456789012", at)
        clause = _clause(found, clauses)
        clauses[clause.key] = clause.values
        at = found.end()
    try:
        return _scope(clauses)
    except FieldError as error:
        found = re.search(rf'(?<=[=,"]){re.escape(error.word)}(?=[",\s]|$)', text)
        raise ScopeTextError(error.word, error.mend, found.start() if found else 0) from None


def _clause(found: re.Match[str], before: dict[str, tuple[str, ...]]) -> _Clause:
    key = found[1].lower()
    if key not in KEYS:
        known = f"the clauses are {', '.join(KEYS)}"
        raise ScopeTextError(found[1], nearest(key, KEYS, known), found.start(1))
    if key in before:
        raise ScopeTextError(
            found[1], "give each clause once, its values separated by commas", found.start(1)
        )
    values = _values(found[2])
    if not values:
        raise ScopeTextError(found[0], f"say which: {key}=…", found.start())
    return _Clause(key, values)


def _values(text: str) -> tuple[str, ...]:
    found = VALUE.finditer(text)
    return tuple(m[2] if m[1] is None else re.sub(r"\\(.)", r"\1", m[1]) for m in found)


def _scope(clauses: dict[str, tuple[str, ...]]) -> Scope:
    accounts = tuple(_account(word) for word in clauses.get("account", ()))
    peers = clauses.get("peers", ())
    named = [word for word in peers if PEER_GROUP.fullmatch(word)]
    return Scope(
        principals=tuple(_long(word, accounts) for word in clauses.get("principal", ())),
        accounts=accounts,
        regions=clauses.get("region", ()),
        groups=parse_groups(",".join(clauses.get("group", ()))),
        actions=clauses.get("action", ()),
        detections=clauses.get("detection", ()),
        directions=tuple(_direction(word) for word in clauses.get("direction", ())),
        ports=parse_ports(",".join(clauses.get("ports", ()))),
        cidrs=parse_cidrs(",".join(word for word in peers if word not in named)),
        peer_groups=parse_peer_groups(",".join(named)),
    )


def _account(word: str) -> str:
    if not ACCOUNT.fullmatch(word):
        raise FieldError(word, "an account is written as its 12 digits")
    return word


def _direction(word: str) -> Direction:
    known = [str(direction) for direction in Direction]
    if word.lower() not in known:
        raise FieldError(word, nearest(word, known, "the direction is ingress or egress"))
    return Direction(word.lower())


def _short(principal: str, accounts: Sequence[str]) -> str:
    found = ARN.fullmatch(principal)
    return found[2] if found and tuple(accounts) == (found[1],) else principal


def _long(word: str, accounts: Sequence[str]) -> str:
    if not SHORT.fullmatch(word):
        return word
    if len(accounts) != 1:
        raise FieldError(word, "give one account with it (account=…), or write its whole ARN")
    return f"arn:aws:iam::{accounts[0]}:{word}"


def _quoted(value: str) -> str:
    if re.search(r'[\s",\\]', value) or not value:
        return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    return value
