"""Offers: the two or three scopes that the form begins with, the narrowest first.

Each covers all the changes that it is made from. For automation the first says who, with which
tool and from where; for people it names the very rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.changes.sentence import number_of
from bot.cloudtrail.principal import Principal
from bot.exemptions.boxes import network_of
from bot.exemptions.circumstances import is_from, tool_named
from bot.exemptions.model import Scope
from bot.exemptions.preview import PastChange, short
from bot.exemptions.problems import scope_problems
from bot.exemptions.suggest import suggest_scope

MOST = 3

MOST_SOURCES = 20
"""Ranges that an offer names; from more places than these, it names none."""

NEAR = {4: 24, 6: 64}
"""Usual addresses that share so many bits are of one network, if they are …"""

CROWD = 3
"""… so many."""

NAMED = 2
"""Ranges that an offer's title names; of the rest the number is told."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Where calls come from without surprise: the organisation's ranges, and the addresses that
    this principal has long called from.
    """

    networks: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A scope to choose. ``unusual`` are addresses in it where calls did not come from before."""

    told: str
    scope: Scope
    unusual: tuple[str, ...] = ()


def offers(
    changes: Sequence[PastChange], principal: Principal, usual: Usual, *, automated: bool
) -> tuple[Offer, ...]:
    """Return the scopes to choose from; no two of them say the same."""
    exact = suggest_scope([past.change for past in changes], principal)
    if not automated:
        return _distinct(_by_hand(exact, principal))
    tools = _tools(changes)
    sources, unusual = _sources(changes, usual)
    found = [*_automated(exact, principal, tools, sources, unusual)]
    return _distinct(found if len(found) > 1 else [*found, *_by_hand(exact, principal)])


def _automated(
    exact: Scope,
    principal: Principal,
    tools: tuple[str, ...],
    sources: tuple[str, ...],
    unusual: tuple[str, ...],
) -> Iterator[Offer]:
    who = Scope(principals=exact.principals, accounts=exact.accounts)
    name, where = short(principal.id), _places(sources)
    with_tool = f" with {' or '.join(tools)}"
    if tools and sources:
        scope = replace(who, tools=tools, sources=sources)
        yield Offer(f"{name}{with_tool} from {where}, whatever it changes", scope, unusual)
    if sources:
        scope = replace(who, sources=sources)
        yield Offer(f"{name} from {where}, with any tool", scope, unusual)
    if tools:
        yield Offer(f"{name}{with_tool}, from anywhere", replace(who, tools=tools))


def _by_hand(exact: Scope, principal: Principal) -> Iterator[Offer]:
    name = short(principal.id)
    groups = number_of(len(exact.groups), "security group")
    if exact.groups:
        yield Offer(f"{name}, such changes to {_listed(exact.groups, groups)}", exact)
    yield Offer(f"{name}, such changes to any security group", replace(exact, groups=()))
    if exact.groups:
        whatever = Scope(principals=exact.principals, accounts=exact.accounts, groups=exact.groups)
        yield Offer(f"{name}, any change to {_listed(exact.groups, groups)}", whatever)


def _tools(changes: Sequence[PastChange]) -> tuple[str, ...]:
    """Return the tools, without their versions; none if one is unknown, which never matches."""
    found = dict.fromkeys(tool_named(past.around.tool) for past in changes)
    return tuple(found) if all(found) else ()


def _sources(
    changes: Sequence[PastChange], usual: Usual
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ranges that calls come from, and which addresses among them are not usual."""
    addresses = tuple(dict.fromkeys(past.around.address for past in changes))
    needed = [_network(address, usual) for address in addresses]
    if not all(needed):
        return (), ()
    wide = filter(None, (_network(address, usual) for address in usual.addresses))
    sources = tuple(dict.fromkeys((*needed, *wide)))
    if len(sources) > MOST_SOURCES:
        sources = tuple(dict.fromkeys(needed))
    if len(sources) > MOST_SOURCES:
        return (), ()
    known = (*usual.networks, *usual.addresses)
    return sources, tuple(a for a in addresses if not any(is_from(a, cidr) for cidr in known))


def _network(address: str, usual: Usual) -> str:
    """Return the organisation's narrowest range about an address, else the network in which the
    usual ones crowd, else the address alone; empty for what is no address.
    """
    alone = network_of(address)
    if alone is None or alone.num_addresses > 1:
        return ""
    own = [network for network in map(network_of, usual.networks) if network is not None]
    about = [each for each in own if each.prefixlen and is_from(address, str(each))]
    if about:
        return str(max(about, key=lambda network: network.prefixlen))
    near = str(alone.supernet(new_prefix=NEAR[alone.version]))
    crowd = [each for each in usual.addresses if is_from(each, near)]
    return near if len(crowd) >= CROWD and address in crowd else str(alone)


def _distinct(found: Iterable[Offer]) -> tuple[Offer, ...]:
    """Return those that may be saved, of two alike the first."""
    kept: dict[Scope, Offer] = {}
    for offer in found:
        if not scope_problems(offer.scope):
            kept.setdefault(offer.scope, offer)
    return tuple(kept.values())[:MOST]


def _places(sources: tuple[str, ...]) -> str:
    return _listed(sources, number_of(len(sources), "network"))


def _listed(names: tuple[str, ...], number: str) -> str:
    return " and ".join(names) if len(names) <= NAMED else number
