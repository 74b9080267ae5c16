"""Searching exemptions: ``principal=role/ci group=sg-0a1b rollout``.

A clause is about what the scope's clause of that name says, of several values between commas one;
other words stand anywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from bot.exemptions.boxes import network_of
from bot.exemptions.fields import FieldError, nearest
from bot.exemptions.model import Exemption
from bot.exemptions.patterns import fits, is_pattern
from bot.exemptions.sentence import TYPED, WORD
from bot.exemptions.text import CLAUSE, KEYS, VALUE, scope_text

BESIDE = ("owner", "alert", "file")
"""What an exemption is searched by beside the clauses of its scope."""


@dataclass(frozen=True, slots=True)
class Search:
    """All of it must be found; nothing finds all."""

    clauses: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.clauses or self.words)

    def finds(self, exemption: Exemption) -> bool:
        """Return whether the exemption is one that is looked for."""
        said = _said(exemption)
        for key, wanted in self.clauses:
            if not any(_is(want, value) for want in wanted for value in said.get(key, ())):
                return False
        text = "\n".join(_text(exemption)).casefold()
        return all(word in text for word in self.words)


def parse_search(text: str) -> Search:
    """Read what to look for. Raises FieldError for a clause that there is not."""
    clauses: list[tuple[str, tuple[str, ...]]] = []
    words: list[str] = []
    for word in WORD.findall(text.translate(TYPED)):
        key, equals, value = word.partition("=")
        if word.startswith('"') or not equals:
            words.append(word.strip('"').casefold())
            continue
        known = (*KEYS, *BESIDE)
        if key.lower() not in known:
            raise FieldError(key, nearest(key, known, f"look by {', '.join(known)}, or by words"))
        if not value:
            raise FieldError(word, f"say which: {key.lower()}=…")
        values = value.replace('"', "").casefold().split(",")
        clauses.append((key.lower(), tuple(filter(None, values))))
    return Search(tuple(clauses), tuple(words))


def _said(exemption: Exemption) -> dict[str, list[str]]:
    """Return the values of each clause of the scope as they are written, and of the rest."""
    said = {
        found[1]: [v[2] or v[1] for v in VALUE.finditer(found[2])]
        for found in CLAUSE.finditer(scope_text(exemption.scope))
    }
    return said | {"owner": [exemption.owner], "alert": [exemption.alert], "file": [exemption.file]}


def _is(wanted: str, value: str) -> bool:
    """Return whether a value has what is wanted in it, or is a pattern or range that it fits."""
    value = value.casefold()
    if wanted in value or (is_pattern(wanted) and fits(wanted, value)):
        return True
    return (is_pattern(value) and fits(value, wanted)) or _lies_in(wanted, value)


def _lies_in(wanted: str, value: str) -> bool:
    inner, outer = network_of(wanted), network_of(value)
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def _text(exemption: Exemption) -> Iterator[str]:
    yield from (exemption.id, exemption.reason, exemption.owner, exemption.alert, exemption.file)
    yield scope_text(exemption.scope)
