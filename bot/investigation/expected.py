"""Expected: what the policy says is usual in the organisation, and which networks it names."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from bot.alerts.fact import Signal
from bot.alerts.familiar import tool_name
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.cloudtrail.text import printable
from bot.detections.document import Place
from bot.investigation.windows import matches

WORD = 60


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected; an empty list expects anything.

    Countries are ISO codes, administrators ARNs or people's names at the identity provider, in
    which ``*`` stands for anything.
    """

    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    key_age: timedelta = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Network:
    """Ranges that people gave a name, such as a VPN's exits."""

    name: str
    cidrs: tuple[str, ...]


def unexpected(seen: Sighting, place: Place | None, expected: Expected) -> Iterator[Signal]:
    """Yield what the policy does not expect of a change."""
    principal, region, tool = seen.principal, seen.change.region, tool_name(seen.origin.tool)
    country = place.country_iso_code if place else ""
    if expected.countries and country and country not in expected.countries:
        name = place.country_name if place else country
        yield signal("unexpected_country", f"from {name}, which is not expected")
    if expected.regions and region not in expected.regions:
        yield signal("unexpected_region", f"in {printable(region, WORD)}, which is not expected")
    if expected.tools and tool and not _among(tool, expected.tools):
        yield signal("unexpected_tool", f"with {printable(tool, WORD)}, which is not expected")
    names = (principal.id, principal.person)
    if expected.administrators and not matches(expected.administrators, names):
        yield signal("unexpected_principal", "by somebody who is not listed as an administrator")


def network_of(address: str, networks: Sequence[Network]) -> str:
    """Return the name of the first of the networks that an address is in; empty for none."""
    return next((network.name for network in networks if within(address, network.cidrs)), "")


def within(address: str, cidrs: Sequence[str]) -> bool:
    """Return whether an address is in one of some ranges; what is no address is in none."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in ip_network(cidr, strict=False) for cidr in cidrs)


def _among(tool: str, tools: Sequence[str]) -> bool:
    return any(tool.casefold() == each.casefold() for each in tools)
