"""The fields of the exempt form as text: prefilled from a scope, and read back into one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.changes.rules import Direction
from bot.exemptions.fields import (
    PEER_GROUP,
    FieldError,
    parse_cidrs,
    parse_groups,
    parse_peer_groups,
    parse_ports,
    ports_text,
    words_of,
)
from bot.exemptions.model import Scope
from bot.exemptions.names import Names
from bot.exemptions.patterns import is_pattern
from bot.exemptions.text import parse_scope, scope_text
from bot.slack.views.blocks import INPUT

T = TypeVar("T")

ANY = "any"
DIRECTIONS = {
    ANY: "Incoming and outgoing",
    Direction.INGRESS.value: "Incoming only",
    Direction.EGRESS.value: "Outgoing only",
}


OWN = {
    "principals": ("principal", "Who"),
    "principal_patterns": ("principal", "Who"),
    "accounts": ("account", "Accounts"),
    "regions": ("region", "Regions"),
    "groups": ("group", "Security groups"),
    "actions": ("action", "AWS calls"),
    "directions": ("direction", "Direction"),
    "ports": ("ports", "Ports"),
    "cidrs": ("peers", "Peers"),
    "peer_groups": ("peers", "Peers"),
}
"""Of each part of a scope that has a field: its clause, and the field's label."""


@dataclass(frozen=True, slots=True)
class ScopeFields:
    """What stands in the fields. ``dropped`` names those whose values were too many to list."""

    principal: str = ""
    accounts: str = ""
    regions: str = ""
    groups: str = ""
    actions: str = ""
    direction: str = ANY
    ports: str = ""
    peers: str = ""
    more: str = ""
    dropped: tuple[str, ...] = ()


def fields_of(scope: Scope) -> ScopeFields:
    """Return the fields that say the scope."""
    texts = {
        "accounts": _joined(scope.accounts),
        "regions": _joined(scope.regions),
        "groups": _joined(scope.groups),
        "actions": _joined(scope.actions),
        "ports": _joined(map(ports_text, scope.ports)),
        "peers": _joined((*scope.cidrs, *scope.peer_groups)),
        "more": scope_text(_without_fields(scope)),
    }
    dropped = tuple(name for name, text in texts.items() if len(text) > INPUT)
    kept = {name: "" if name in dropped else text for name, text in texts.items()}
    one = scope.directions[0].value if len(scope.directions) == 1 else ANY
    return ScopeFields(
        principal="\n".join((*scope.principals, *scope.principal_patterns))[:INPUT],
        direction=one,
        dropped=dropped,
        **kept,
    )


def scope_of(given: ScopeFields, names: Names) -> Scope | dict[str, str]:
    """Read the fields. Returns what is wrong by field where one cannot be read."""
    wrong: dict[str, str] = {}

    def read(name: str, parse: Callable[[str], T], text: str, otherwise: T) -> T:
        try:
            return parse(text)
        except FieldError as error:
            wrong[name] = str(error)
            return otherwise

    peers = words_of(given.peers)
    named = [word for word in peers if PEER_GROUP.fullmatch(word)]
    cidrs = ",".join(word for word in peers if word not in named)
    who = [line.strip() for line in given.principal.splitlines() if line.strip()]
    more = read("more", lambda text: _more(text, names), given.more, Scope())
    scope = replace(
        more,
        principals=tuple(line for line in who if not is_pattern(line)),
        principal_patterns=tuple(line for line in who if is_pattern(line)),
        accounts=read("accounts", lambda text: _accounts(text, names), given.accounts, ()),
        regions=tuple(words_of(given.regions)),
        groups=read("groups", parse_groups, given.groups, ()),
        actions=tuple(words_of(given.actions)),
        directions=() if given.direction == ANY else (Direction(given.direction),),
        ports=read("ports", parse_ports, given.ports, ()),
        cidrs=read("peers", parse_cidrs, cidrs, ()),
        peer_groups=read("peers", parse_peer_groups, ",".join(named), ()),
    )
    return wrong or scope


def _accounts(text: str, names: Names) -> tuple[str, ...]:
    """Read accounts, each by its id or its name; a name may hold spaces."""
    words = [part.strip() for part in re.split(r"[,\n]+", text)]
    by_name = {name.casefold() for name in names.accounts.values()}
    parts = (word if word.casefold() in by_name else words_of(word) for word in words if word)
    found = (each for part in parts for each in ([part] if isinstance(part, str) else part))
    return tuple(dict.fromkeys(map(names.account, found)))


def _more(text: str, names: Names) -> Scope:
    """Read the clauses that have no field of their own."""
    scope = parse_scope(text, names)
    for name, (key, label) in OWN.items():
        if getattr(scope, name):
            raise FieldError(f"{key}=", f"that has a field of its own: {label}")
    return scope


def _without_fields(scope: Scope) -> Scope:
    return replace(
        scope,
        principals=(),
        principal_patterns=(),
        accounts=(),
        regions=(),
        groups=(),
        actions=(),
        directions=(),
        ports=(),
        cidrs=(),
        peer_groups=(),
    )


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)
