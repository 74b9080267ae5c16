"""The fields of the exempt form as text: prefilled from a scope, and read back into one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from bot.exemptions.patterns import is_pattern
from bot.exemptions.text import ACCOUNT
from bot.slack.views.blocks import INPUT

T = TypeVar("T")

ANY = "any"
DIRECTIONS = {
    ANY: "Incoming and outgoing",
    Direction.INGRESS.value: "Incoming only",
    Direction.EGRESS.value: "Outgoing only",
}


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


def scope_of(given: ScopeFields) -> Scope | dict[str, str]:
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
    scope = Scope(
        principals=tuple(line for line in who if not is_pattern(line)),
        principal_patterns=tuple(line for line in who if is_pattern(line)),
        accounts=read("accounts", _accounts, given.accounts, ()),
        regions=tuple(words_of(given.regions)),
        groups=read("groups", parse_groups, given.groups, ()),
        actions=tuple(words_of(given.actions)),
        directions=() if given.direction == ANY else (Direction(given.direction),),
        ports=read("ports", parse_ports, given.ports, ()),
        cidrs=read("peers", parse_cidrs, cidrs, ()),
        peer_groups=read("peers", parse_peer_groups, ",".join(named), ()),
    )
    return wrong or scope


def _accounts(text: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(words_of(text)))
    for word in words:
        if not ACCOUNT.fullmatch(word):
            raise FieldError(word, "an account is written as its 12 digits")
    return words


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)
