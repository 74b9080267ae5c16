"""Patterns: names with ``*`` for any characters, and how little of a name is too little.

They are matched piece by piece from the left, never by a regular expression: no pattern is slow.
"""

import re
from functools import lru_cache

ANY = "*"
BREAKS = re.compile(r"([/:])")

FEWEST = 3
"""Characters beside ``*`` that a pattern must give which alone says who or where."""


def is_pattern(word: str) -> bool:
    """Return whether the word stands for several names. AWS has no ``*`` in principals' names."""
    return ANY in word


def fits(pattern: str, value: str) -> bool:
    """Return whether the whole value fits the pattern. Unknown (empty) fits none."""
    first, *others = pattern.split(ANY)
    if not value or not others:
        return bool(value) and pattern == value
    *middle, last = others
    end = len(value) - len(last)
    if len(first) > end or not (value.startswith(first) and value.endswith(last)):
        return False
    at = len(first)
    for piece in middle:
        found = value.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def fits_path(pattern: str, value: str) -> bool:
    """Return whether they fit part by part: ``*`` never reaches over a ``/`` or ``:``.

    So ``role/ci-*`` is no role under a path that begins so, and no account becomes another.
    """
    wanted, given = parts_of(pattern), parts_of(value)
    return len(wanted) == len(given) and all(
        want == have or fits(want, have) for want, have in zip(wanted, given, strict=True)
    )


@lru_cache(maxsize=65536)
def parts_of(text: str) -> tuple[str, ...]:
    """Return a name's parts, with what breaks it between them."""
    return tuple(BREAKS.split(text))


def literal(pattern: str) -> str:
    """Return what a pattern says of a name."""
    return pattern.replace(ANY, "")


def principal_literal(pattern: str) -> str:
    """Return what a pattern says of a principal's own name and path."""
    kind, slash, name = pattern.partition("/")
    return literal(name if slash else kind).replace("/", "")
