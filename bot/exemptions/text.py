"""The text of a scope: one line that reads aloud, printed and parsed.

``principal=role/terraform-ci account=123456789012 ports=443/tcp peers=10.0.0.0/8``: clauses in any
order, values separated by commas, in double quotes where they hold spaces, commas or quotes. A role
or user of the scope's one account is written without its ARN. ``*`` stands for any characters in
principals, sessions and names of groups. Accounts may be read by name, and are printed by number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.changes.rules import Direction
from bot.exemptions.fields import (
    PEER_GROUP,
    FieldError,
    checked_group_names,
    checked_principals,
    checked_sessions,
    checked_sources,
    checked_tags,
    nearest,
    parse_cidrs,
    parse_countries,
    parse_groups,
    parse_ports,
    parse_severity,
    ports_text,
)
from bot.exemptions.model import Scope
from bot.exemptions.names import Names
from bot.exemptions.patterns import is_pattern
from bot.exemptions.window_text import parse_windows

KEYS = (
    "principal",
    "person",
    "session",
    "account",
    "ou",
    "region",
    "group",
    "group-name",
    "group-tag",
    "tool",
    "source",
    "country",
    "action",
    "detection",
    "direction",
    "ports",
    "peers",
    "max-severity",
    "during",
)
WORD = re.compile(r"\S+")
VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s",]+)')
CLAUSE = re.compile(rf'([^\s=",]+)=((?:(?:{VALUE.pattern})(?:,(?!\s|$)|(?=\s|$)))*)(?=\s|$)')
ARN = re.compile(r"arn:aws:iam::(\d{12}):((?:role|user)/.+|root)")
SHORT = re.compile(r"(?:role|user)/.+|root")
_T = TypeVar("_T")
WORLDLY = re.compile(r"-*allow[-_]world", re.IGNORECASE)
WORLD = "that is no clause: write --allow-world after a command, allow_world = true in a file"
NO_NAMES = Names()


@dataclass(frozen=True, slots=True)
class _Clause:
    """Values as they were written, beginning at ``at`` in the whole text."""

    written: str
    at: int

    def read(self, parse: Callable[[tuple[str, ...]], tuple[_T, ...]]) -> tuple[_T, ...]:
        found = list(VALUE.finditer(self.written))
        words = [m[2] if m[1] is None else re.sub(r"\\(.)", r"\1", m[1]) for m in found]
        try:
            return parse(tuple(words))
        except FieldError as error:
            if error.word in words:
                value = found[words.index(error.word)]
                at = value.start(2 if value[1] is None else 1)
            else:
                at = max(0, self.written.find(error.word))
            raise ScopeTextError(error.word, error.mend, self.at + at) from None


class ScopeTextError(FieldError):
    """A scope cannot be read. ``at`` is where in the text the word begins."""

    def __init__(self, word: str, mend: str, at: int) -> None:
        super().__init__(word, mend)
        self.at = at


def scope_text(scope: Scope) -> str:
    """Return the scope as one line; empty for a scope without clauses."""
    who = (*scope.principals, *scope.principal_patterns)
    clauses: tuple[tuple[str, Iterable[str]], ...] = (
        ("principal", (_short(p, scope.accounts) for p in who)),
        ("person", scope.persons),
        ("session", scope.sessions),
        ("account", scope.accounts),
        ("ou", scope.ous),
        ("region", scope.regions),
        ("group", scope.groups),
        ("group-name", scope.group_names),
        ("group-tag", scope.group_tags),
        ("tool", scope.tools),
        ("source", scope.sources),
        ("country", scope.countries),
        ("action", scope.actions),
        ("detection", scope.detections),
        ("direction", scope.directions),
        ("ports", map(ports_text, scope.ports)),
        ("peers", (*scope.cidrs, *scope.peer_groups)),
        ("max-severity", () if scope.max_severity is None else (str(scope.max_severity),)),
        ("during", map(str, scope.windows)),
    )
    written = ((key, ",".join(map(_quoted, values))) for key, values in clauses)
    return " ".join(f"{key}={values}" for key, values in written if values)


def parse_scope(text: str, names: Names = NO_NAMES) -> Scope:
    """Read a scope, in which accounts may have ``names``.

    Raises ScopeTextError, which points at the word and says what to write.
    """
    clauses: dict[str, _Clause] = {}
    for found in _found(text):
        clauses[_key(found, clauses)] = _Clause(found[2], found.start(2))
    return _scope(clauses, names)


def _found(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while word := WORD.search(text, at):
        found = CLAUSE.match(text, word.start())
        if found is None:
            mend = "write clauses such as account=123456789012"
            mend = WORLD if WORLDLY.fullmatch(word[0]) else mend
            raise ScopeTextError(word[0], mend, word.start())
        yield found
        at = found.end()


def _key(found: re.Match[str], before: dict[str, _Clause]) -> str:
    key, at = found[1].lower(), found.start(1)
    if key not in KEYS:
        known = WORLD if WORLDLY.fullmatch(key) else f"the clauses are {', '.join(KEYS)}"
        raise ScopeTextError(found[1], nearest(key, KEYS, known), at)
    if key in before:
        raise ScopeTextError(found[1], "give each clause once, values separated by commas", at)
    if not found[2]:
        raise ScopeTextError(found[0], f"say which: {key}=…", at)
    return key


def _scope(clauses: dict[str, _Clause], names: Names) -> Scope:
    def read(key: str, parse: Callable[[tuple[str, ...]], tuple[_T, ...]]) -> tuple[_T, ...]:
        return clauses[key].read(parse) if key in clauses else ()

    accounts = read("account", lambda words: tuple(dict.fromkeys(map(names.account, words))))
    who = read("principal", lambda words: tuple(_long(w, accounts) for w in words))
    return Scope(
        principals=tuple(word for word in who if not is_pattern(word)),
        principal_patterns=tuple(word for word in who if is_pattern(word)),
        persons=read("person", _as_written),
        sessions=read("session", checked_sessions),
        accounts=accounts,
        ous=read("ou", lambda words: tuple(dict.fromkeys(map(names.ou, words)))),
        regions=read("region", _as_written),
        groups=read("group", lambda words: parse_groups(",".join(words))),
        group_names=read("group-name", checked_group_names),
        group_tags=read("group-tag", checked_tags),
        tools=read("tool", _as_written),
        sources=read("source", checked_sources),
        countries=read("country", parse_countries),
        max_severity=next(iter(read("max-severity", parse_severity)), None),
        windows=read("during", parse_windows),
        actions=read("action", _as_written),
        detections=read("detection", _as_written),
        directions=read("direction", lambda words: tuple(map(_direction, words))),
        ports=read("ports", lambda words: parse_ports(",".join(words))),
        cidrs=read("peers", lambda words: parse_cidrs(",".join(_ranges(words)))),
        peer_groups=read("peers", lambda words: tuple(w for w in words if w not in _ranges(words))),
    )


def _as_written(words: tuple[str, ...]) -> tuple[str, ...]:
    return words


def _ranges(words: tuple[str, ...]) -> list[str]:
    return [word for word in words if not PEER_GROUP.fullmatch(word)]


def _direction(word: str) -> Direction:
    known = [str(Direction.INGRESS), str(Direction.EGRESS)]
    if word.lower() not in known:
        raise FieldError(word, nearest(word, known, "the direction is ingress or egress"))
    return Direction(word.lower())


def _short(principal: str, accounts: Sequence[str]) -> str:
    found = ARN.fullmatch(principal)
    return found[2] if found and tuple(accounts) == (found[1],) else principal


def _long(word: str, accounts: Sequence[str]) -> str:
    checked_principals((word,))
    if not SHORT.fullmatch(word):
        return word
    if len(accounts) != 1:
        raise FieldError(word, "give one account with it (account=…), or write its whole ARN")
    return f"arn:aws:iam::{accounts[0]}:{word}"


def _quoted(value: str) -> str:
    if re.search(r'[\s",\\]', value) or not value:
        return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
    return value
