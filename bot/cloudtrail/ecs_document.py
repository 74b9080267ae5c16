"""A document in ECS's fields, held as JSON: looking values up by dotted names, and their types."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from bot.cloudtrail.java import scalar_text

Leaf = str | bool | int | float | datetime | IPv4Address | IPv6Address

FLATTENED = "aws.cloudtrail.flattened."
"""What lies below is kept as text, leaf by leaf, whatever JSON it was."""


class Kind(Enum):
    """How Elasticsearch keeps a field's values. ``ANY`` is as JSON has them."""

    ANY = auto()
    KEYWORD = auto()
    BOOLEAN = auto()
    DATE = auto()
    IP = auto()
    NUMBER = auto()


_KINDS = {
    "@timestamp": Kind.DATE,
    "event.created": Kind.DATE,
    "event.end": Kind.DATE,
    "event.ingested": Kind.DATE,
    "event.start": Kind.DATE,
    "aws.cloudtrail.user_identity.session_context.creation_date": Kind.DATE,
    "aws.cloudtrail.read_only": Kind.BOOLEAN,
    "aws.cloudtrail.console_login.additional_eventdata.mfa_used": Kind.BOOLEAN,
    "aws.cloudtrail.console_login.additional_eventdata.mobile_version": Kind.BOOLEAN,
}
_KEYWORDS = frozenset(
    {
        "cloud.account.id",
        "cloud.region",
        "event.action",
        "event.code",
        "event.dataset",
        "event.id",
        "event.outcome",
        "event.provider",
        "group.id",
        "group.name",
        "source.address",
        "user.id",
        "user.name",
        "user.target.id",
        "user.target.name",
        "user_agent.original",
    }
)
_NUMBERS = (".port", ".bytes", ".packets", ".as.number", "event.severity", "event.risk_score")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kind_of(field: str) -> Kind:
    """Return the kind of a field, by its full name."""
    if field in _KINDS:
        return _KINDS[field]
    if field in _KEYWORDS or field.startswith("aws.cloudtrail."):
        return Kind.KEYWORD
    if field.endswith(_NUMBERS):
        return Kind.NUMBER
    return Kind.IP if field.endswith(".ip") else Kind.ANY


class EcsDocument:
    """A JSON object as a document. ``prefix`` is the path that it was found under."""

    def __init__(self, json: dict[str, Any], prefix: str = "") -> None:
        self._json = json
        self._prefix = prefix

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        name = self._prefix + field
        found: Iterable[Any] = nodes(self._json, field)
        if flattened_root(name):
            found = (leaf for node in found for _, leaf in scalars(node))
        return leaves(found, kind_of(name))

    def names(self) -> Sequence[str]:
        """Return the names of the fields that have a value."""
        return list(dict.fromkeys(name for name, _ in scalars(self._json)))

    def inner(self, path: str) -> "Sequence[EcsDocument]":
        """Return the objects under the path."""
        return objects(nodes(self._json, path), f"{self._prefix}{path}.")


def objects(found: Iterable[Any], prefix: str) -> list[EcsDocument]:
    """Return those of the values that are objects, as documents found under the prefix."""
    return [EcsDocument(node, prefix) for node in found if isinstance(node, dict)]


def flattened_root(field: str) -> bool:
    """Return whether the field is a whole flattened object, which answers for all its leaves."""
    return field.startswith(FLATTENED) and "." not in field[len(FLATTENED) :]


def nodes(value: Any, path: str) -> Iterator[Any]:
    """Return what stands at a dotted path; every element of a list does, and keys may have dots."""
    waiting = [(value, path)]
    while waiting:
        node, rest = waiting.pop()
        if isinstance(node, list):
            waiting.extend((item, rest) for item in reversed(node))
        elif not rest:
            yield node
        elif isinstance(node, dict):
            if rest in node:
                waiting.append((node[rest], ""))
            # Asked by the text before each dot, not key by key: an object may have thousands.
            dot = rest.find(".", 1)
            while dot > 0:
                if rest[:dot] in node:
                    waiting.append((node[rest[:dot]], rest[dot + 1 :]))
                dot = rest.find(".", dot + 1)


def scalars(value: Any) -> Iterator[tuple[str, Any]]:
    """Return every value that is not null, with its dotted path. A key without a name has none."""
    waiting = [("", value)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, list):
            waiting.extend((path, item) for item in reversed(node))
        elif isinstance(node, dict):
            dot = f"{path}." if path else ""
            waiting.extend((f"{dot}{key}", item) for key, item in reversed(node.items()) if key)
        elif node is not None:
            yield path, node


def leaves(found: Iterable[Any], kind: Kind) -> tuple[Leaf, ...]:
    """Return the values as the field's kind keeps them, without what it cannot."""
    return tuple([leaf for node in found if (leaf := _leaf(node, kind)) is not None])


def _leaf(node: Any, kind: Kind) -> Leaf | None:
    if isinstance(node, datetime):
        return node
    if not isinstance(node, str | bool | int | float):
        return None
    match kind:
        case Kind.ANY:
            return node
        case Kind.KEYWORD:
            return scalar_text(node)
        case Kind.BOOLEAN:
            return {"true": True, "false": False}.get(scalar_text(node))
        case Kind.DATE:
            return _moment(node)
        case Kind.IP:
            return _address(node)
        case Kind.NUMBER:
            return _number(node)


def _number(node: str | float) -> int | float | None:
    """Return a number, which JSON may have as text."""
    if not isinstance(node, str):
        return None if isinstance(node, bool) else node
    try:
        return int(node) if node.isascii() and node.isdigit() else float(node)
    except ValueError:
        return None


def _address(node: str | float) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(node) if isinstance(node, str) else None
    except ValueError:
        return None


def _moment(node: str | float) -> datetime | None:
    try:
        if not isinstance(node, str):
            return _EPOCH + timedelta(milliseconds=node)
        moment = datetime.fromisoformat(node)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
