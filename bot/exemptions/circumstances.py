"""Circumstances: what a change alone does not tell, and the clauses of a scope that ask for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal
from bot.exemptions.boxes import addresses_of, network_of
from bot.exemptions.model import Scope
from bot.exemptions.names import is_under
from bot.exemptions.patterns import fits

VERSION = re.compile(r" (?:\d[\d.]*|\([^()]*\))$")
"""What follows a tool's name: ``Terraform 1.9``, ``AWS console (Firefox 140)``."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a change came about. What is empty is unknown, and matches no clause that asks for it.

    ``group_name`` and ``group_tags`` (``key=value``) are the group's before the change, as they
    were read from AWS: the name in a record may be one that the caller has just chosen. ``ou`` is
    the account's, as accounts.toml told it then. ``unread`` are groups that something is moved into
    and of which it is not known what is open there: it may be the world.
    """

    address: str = ""
    tool: str = ""
    group_name: str = ""
    group_tags: tuple[str, ...] = ()
    country: str = ""
    severity: Severity | None = None
    ou: str = ""
    unread: tuple[str, ...] = ()


UNTOLD = Circumstances()


def failing(
    scope: Scope, at: datetime, principal: Principal, around: Circumstances
) -> Iterator[str]:
    """Yield why each clause that asks for the circumstances does not match."""
    if scope.persons and not (principal.person and principal.person in scope.persons):
        yield _told("person", principal.person, scope.persons)
    if scope.sessions and not any(fits(p, principal.session) for p in scope.sessions):
        yield _told("session", principal.session, scope.sessions)
    yield from _elsewhere(scope, around)
    if scope.tools and not _names(around.tool) & {tool.casefold() for tool in scope.tools}:
        yield _told("tool", around.tool, scope.tools)
    if scope.sources and not any(is_from(around.address, cidr) for cidr in scope.sources):
        yield _told("source", around.address, scope.sources)
    if scope.countries and not (around.country and around.country in scope.countries):
        yield _told("source's country", around.country, scope.countries)
    if scope.windows and not any(window.holds(at) for window in scope.windows):
        yield _told("time", f"{at:%a %H:%M} UTC", tuple(map(str, scope.windows)))
    most = scope.max_severity
    if most is not None and (around.severity is None or around.severity > most):
        yield f"the severity is {around.severity or 'unknown'}, and it covers {most} at most"


def _elsewhere(scope: Scope, around: Circumstances) -> Iterator[str]:
    if scope.ous and not any(is_under(around.ou, ou) for ou in scope.ous):
        yield _told("account's OU", around.ou, scope.ous)
    if scope.group_names and not any(fits(p, around.group_name) for p in scope.group_names):
        yield _told("group's name before", around.group_name, scope.group_names)
    if scope.group_tags and not set(around.group_tags) & set(scope.group_tags):
        yield _told("group's tags before", ", ".join(around.group_tags), scope.group_tags)


def _told(name: str, actual: str, allowed: tuple[str, ...]) -> str:
    return f"the {name} is {actual or 'unknown'}, not {' or '.join(allowed)}"


def _names(tool: str) -> set[str]:
    """Return what a tool may be called: with its version or without."""
    return {tool.casefold(), tool_named(tool).casefold()} - {""}


def tool_named(tool: str) -> str:
    """Return a tool's name without its version."""
    return VERSION.sub("", tool)


def is_from(address: str, cidr: str) -> bool:
    """Return whether it is an address, not a service's name, and lies in the range."""
    source, network = network_of(address), network_of(cidr)
    if source is None or network is None or source.version != network.version:
        return False
    first, last = addresses_of(network)
    start, end = addresses_of(source)
    return first <= start and end <= last
