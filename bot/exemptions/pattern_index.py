"""An index of patterns: for a name, those that may fit it, without a look at the others.

Each pattern is filed by the longest text that it fixes at the beginning or the end of one part of a
name; where it fixes neither, by the longest text that stands anywhere in it.
"""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from bot.exemptions.patterns import ANY, BREAKS, fits_path, parts_of

T = TypeVar("T")

ARN_HEAD = 11
"""Parts of an ARN, breaks included, which many names have in common: up to "role" or "user"."""


class _Shape(NamedTuple):
    """Where a pattern fixes text: in which part of how many, at its end or not, how long."""

    parts: int
    part: int
    at_end: bool
    length: int


class PatternIndex(Generic[T]):
    """Values by patterns of names that break at ``/`` and ``:``."""

    def __init__(self) -> None:
        self._filed: dict[_Shape, dict[str, list[tuple[str, T]]]] = {}
        self._inner: dict[int, dict[str, list[tuple[str, T]]]] = {}

    def add(self, pattern: str, value: T) -> None:
        """File a value under a pattern."""
        shape, text = _fixed(pattern)
        if text:
            self._filed.setdefault(shape, {}).setdefault(text, []).append((pattern, value))
        else:
            inner = (piece for _, part in _telling(pattern) for piece in part.split(ANY))
            longest = max(inner, key=len, default="")
            texts = self._inner.setdefault(len(longest), {})
            texts.setdefault(longest, []).append((pattern, value))

    def of(self, name: str) -> Iterator[T]:
        """Yield the values whose pattern fits the name."""
        for pattern, value in self._that_may_fit(name):
            if fits_path(pattern, name):
                yield value

    def _that_may_fit(self, name: str) -> Iterator[tuple[str, T]]:
        parts = parts_of(name)
        for shape, texts in self._filed.items():
            if shape.parts == len(parts):
                part = parts[shape.part]
                text = part[-shape.length :] if shape.at_end else part[: shape.length]
                yield from texts.get(text, ())
        for length, texts in self._inner.items():
            starts = range(len(name) - length + 1)
            for text in {name[start : start + length] for start in starts}:
                yield from texts.get(text, ())


def _fixed(pattern: str) -> tuple[_Shape, str]:
    """Return where the pattern fixes the longest text, and that."""
    count = len(parts_of(pattern))
    fixed = [
        (_Shape(count, place, at_end, len(text)), text)
        for place, part in _telling(pattern)
        for at_end, text in ((False, part.split(ANY)[0]), (True, part.split(ANY)[-1]))
    ]
    nothing = (_Shape(count, 0, at_end=False, length=0), "")
    return max(fixed, key=lambda each: each[0].length, default=nothing)


def _telling(pattern: str) -> Iterator[tuple[int, str]]:
    """Yield the parts, each with its place, that tell one name from another."""
    parts = parts_of(pattern)
    head = ARN_HEAD if pattern.startswith("arn:") and len(parts) > ARN_HEAD else 0
    return ((n, part) for n, part in enumerate(parts) if n >= head and not BREAKS.match(part))
