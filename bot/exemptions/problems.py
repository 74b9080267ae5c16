"""Problems: why an exemption must not be saved as it is, each with what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from bot.exemptions.boxes import UNKNOWN, network_of, ports_of
from bot.exemptions.fields import (
    FieldError,
    checked_group_names,
    checked_principals,
    checked_sessions,
    checked_sources,
    checked_tags,
    duration_text,
    parse_cidrs,
    parse_countries,
    parse_groups,
    parse_peer_groups,
)
from bot.exemptions.model import FOREVER, Exemption, PortRange, Scope
from bot.exemptions.names import ACCOUNT

SHORTEST_REASON = 3
"""Characters: enough for "ok" to be refused and a ticket number to pass."""

NARROW_IPV4, NARROW_IPV6 = 8, 16
"""Ranges as wide as a whole private network are narrow enough to stand alone; wider are not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, with the field of the exemption or its scope that it is about."""

    field: str
    message: str


def problems(exemption: Exemption, now: datetime, ceiling: timedelta) -> tuple[Problem, ...]:
    """Return all that keeps the exemption from being saved now; empty if it may be."""
    return (
        *scope_problems(exemption.scope),
        *_reason_problems(exemption.reason),
        *_expiry_problems(exemption.expires_at, now, ceiling),
    )


def scope_problems(scope: Scope) -> tuple[Problem, ...]:
    """Return what is wrong with the scope alone."""
    wrong = (*_empty_values(scope), *_wrong_values(scope))
    if wrong or _is_narrow(scope):
        return wrong
    if scope == Scope():
        return (Problem("scope", "An empty scope would hide everything: say who, what and where."),)
    return (
        Problem(
            "scope",
            "This would hide changes by anyone to any group: "
            "name a principal, a person, a group, or peers narrower than the internet.",
        ),
    )


def _is_narrow(scope: Scope) -> bool:
    """Return whether the scope names who, which group, or which peers."""
    who = scope.principals or scope.principal_patterns or scope.persons
    if who or scope.groups or scope.group_names:
        return True
    peers_given = bool(scope.cidrs or scope.peer_groups)
    return peers_given and all(_is_narrow_range(cidr) for cidr in scope.cidrs)


def _is_narrow_range(cidr: str) -> bool:
    network = network_of(cidr)
    if network is None:
        return False
    return network.prefixlen >= (NARROW_IPV4 if network.version == 4 else NARROW_IPV6)


def _empty_values(scope: Scope) -> Iterator[Problem]:
    for field in fields(scope):
        values = getattr(scope, field.name)
        if isinstance(values, tuple) and any(isinstance(v, str) and not v.strip() for v in values):
            yield Problem(field.name, "One of these is empty: take it out or write what it is.")


def _wrong_values(scope: Scope) -> Iterator[Problem]:
    for account in scope.accounts:
        if not ACCOUNT.fullmatch(account):
            yield Problem("accounts", f"“{account}”: an account is written as its 12 digits.")
    for ports in scope.ports:
        if not _is_range(ports):
            yield Problem("ports", f"There are no such ports of {ports.protocol}: write 443/tcp.")
    readers: dict[str, Callable[[tuple[str, ...]], object]] = {
        "groups": lambda words: parse_groups(",".join(words)),
        "cidrs": lambda words: parse_cidrs(",".join(words)),
        "peer_groups": lambda words: parse_peer_groups(",".join(words)),
        "principals": checked_principals,
        "principal_patterns": checked_principals,
        "sessions": checked_sessions,
        "group_names": checked_group_names,
        "group_tags": checked_tags,
        "sources": checked_sources,
        "countries": parse_countries,
    }
    for name, read in readers.items():
        try:
            read(getattr(scope, name))
        except FieldError as error:
            yield Problem(name, str(error))


def _is_range(ports: PortRange) -> bool:
    return UNKNOWN not in ports_of(ports.protocol, ports.from_port, ports.to_port)


def _reason_problems(reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem("reason", "Say why such changes are expected.")
    elif len(reason.strip()) < SHORTEST_REASON:
        yield Problem("reason", "Give a reason that somebody can read in six months.")


def _expiry_problems(ends: datetime, now: datetime, ceiling: timedelta) -> Iterator[Problem]:
    if ends <= now:
        yield Problem("expires_at", "It would have ended already: choose a time to come.")
    elif ends > now + ceiling and ends != FOREVER:
        yield Problem(
            "expires_at", f"The longest allowed is {duration_text(ceiling)}: end it sooner."
        )
