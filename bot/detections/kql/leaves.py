"""What a document's fields hold, and how the text of a query compares with it.

As in Elasticsearch, the field's type decides what a query's text means: ``007`` is a number beside
a number and three characters beside a keyword. Every value is taken as a span from its lowest to
its highest, so that a day, a network and a range of ports compare like a single number does.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Any, Protocol

from bot.detections.kql.tree import Operator


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A field that holds all numbers from ``low`` to ``high``, as Elasticsearch's integer_range."""

    low: int
    high: int


Leaf = str | bool | int | float | datetime | IPv4Address | IPv6Address | NumberRange

Span = tuple[Any, Any]
"""The lowest and the highest of what a value stands for; both of one type that can be ordered."""


class Source(Protocol):
    """A document that can be asked for its fields."""

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the field's values: none if it is missing, several for a list."""

    def names(self) -> Sequence[str]:
        """Return the names of all fields that have a value."""

    def inner(self, path: str) -> "Sequence[Source]":
        """Return the objects listed under the path, each with field names of its own."""


class Operand:
    """The text of a query's value, read as each type of leaf asks for it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._spans: dict[type, Span | None] = {}

    def reads(self, kind: type[Leaf]) -> bool:
        """Return whether the text means anything beside such a leaf."""
        return _READERS[kind](self.text) is not None

    def equals(self, leaf: Leaf) -> bool:
        """Return whether the leaf is, or holds, or lies in what the text stands for."""
        span = self._beside(leaf)
        if span is None:
            return False
        low, high = _span(leaf)
        return bool(low <= span[1] and high >= span[0])

    def bounds(self, operator: Operator, leaf: Leaf) -> bool:
        """Return whether some of the leaf is within the bound that the text sets."""
        span = self._beside(leaf)
        return span is not None and _WITHIN[operator](_span(leaf), span)

    def _beside(self, leaf: Leaf) -> Span | None:
        kind = type(leaf)
        if kind not in self._spans:
            self._spans[kind] = _READERS[kind](self.text)
        return self._spans[kind]


_WITHIN: dict[Operator, Callable[[Span, Span], bool]] = {
    Operator.LESS: lambda leaf, bound: bool(leaf[0] < bound[0]),
    Operator.AT_MOST: lambda leaf, bound: bool(leaf[0] <= bound[1]),
    Operator.MORE: lambda leaf, bound: bool(leaf[1] > bound[1]),
    Operator.AT_LEAST: lambda leaf, bound: bool(leaf[1] >= bound[0]),
}


def _span(leaf: Leaf) -> Span:
    if isinstance(leaf, NumberRange):
        return leaf.low, leaf.high
    if isinstance(leaf, IPv4Address | IPv6Address):
        return _place(leaf), _place(leaf)
    return leaf, leaf


def _place(address: IPv4Address | IPv6Address) -> int:
    """Return an IPv4 address as the IPv6 one that stands for it, as Elasticsearch stores it."""
    return int(address) + (0xFFFF << 32 if address.version == 4 else 0)


def _text(text: str) -> Span:
    return text, text


def _boolean(text: str) -> Span | None:
    found = {"true": True, "false": False}.get(text)
    return None if found is None else (found, found)


_NUMBER = re.compile(r"[+-]?(?:\d{1,40}|(?:\d{1,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][+-]?\d{1,4})?)")


def _number(text: str) -> Span | None:
    if not text.isascii() or _NUMBER.fullmatch(text) is None:
        return None
    number = int(text) if text.lstrip("+-").isdigit() else float(text)
    return number, number


_NETWORK = re.compile(r"[0-9a-fA-F.:]+(?:/\d{1,3})?")


def _network(text: str) -> Span | None:
    if _NETWORK.fullmatch(text) is None:
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    return _place(network.network_address), _place(network.broadcast_address)


_MOMENT = re.compile(
    r"(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d{1,9})?)?)?)?)?)?)(Z|[+-]\d\d:?\d\d)?"
)
_MICROSECONDS = len("0000-00-00T00:00:00.000000")
"""Of what is finer, Python's datetime keeps nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def _moment(text: str) -> Span | None:
    """Read a date to whatever precision it is given: a day is all its moments."""
    if not text.isascii():
        return None
    if 4 < len(text) < 16 and text.isdigit():
        moment = _since_1970(int(text))
        return moment, moment
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    given, zone = found[1][:_MICROSECONDS], found[2] or "Z"
    try:
        days = monthrange(int(given[:4]), int(given[5:7] or 12))[1]
        first = given + "0000-01-01T00:00:00.000000"[len(given) :] + zone
        last = given + f"0000-12-{days}T23:59:59.999999"[len(given) :] + zone
        return datetime.fromisoformat(first), datetime.fromisoformat(last)
    except ValueError:
        return None


def _since_1970(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return _LAST


_READERS: dict[type, Callable[[str], Span | None]] = {
    str: _text,
    bool: _boolean,
    int: _number,
    float: _number,
    NumberRange: _number,
    datetime: _moment,
    IPv4Address: _network,
    IPv6Address: _network,
}
