"""Reach: to whom a set of addresses, or a group, opens something."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.changes.addresses import Intervals, both, interval_of, intervals_of, minus, size
from bot.changes.rules import Peer


class Reach(StrEnum):
    """To whom something is opened, widest first."""

    WORLD = "world"
    WIDE = "wide"
    EXTERNAL = "external"
    AWS = "aws"
    ORGANISATION = "organisation"
    PRIVATE = "private"
    GROUP = "group"

    @property
    def rank(self) -> int:
        """Return 0 for the widest, and more for what is narrower."""
        return RANKS[self]


RANKS = {reach: rank for rank, reach in enumerate(Reach)}

WIDE = {4: 2**16, 6: 2**96}
"""Addresses from which a public range is wide: an IPv4 /16, an IPv6 /32 (one provider's)."""

NOBODY = {
    4: intervals_of(
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        ),
        4,
    ),
    6: intervals_of(("::/3", "4000::/2", "8000::/1"), 6),
}
"""Addresses that nobody on the internet has: private, shared, local, multicast and reserved. Of
IPv6 all but 2000::/3."""

INTERNET = {
    4: intervals_of(("0.0.0.0/0",), 4),
    6: intervals_of(
        (
            "2001::/16",
            "2003::/18",
            "2400::/11",
            "2600::/12",
            "2610::/23",
            "2620::/23",
            "2630::/12",
            "2800::/12",
            "2a00::/11",
            "2c00::/12",
        ),
        6,
    ),
}
"""What "most of the internet" is measured by. Of IPv6, what IANA has given to the registries: most
of all IPv6 addresses is far more than anybody has."""

HALF = {version: size(internet) // 2 for version, internet in INTERNET.items()}


@dataclass(frozen=True)
class Organisation:
    """What is the organisation's own, and which ranges are known to be AWS's.

    Raises ValueError for text that is no CIDR. The account of a change is always its own.
    """

    accounts: frozenset[str] = frozenset()
    cidrs: tuple[str, ...] = ()
    aws_cidrs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for cidr in (*self.cidrs, *self.aws_cidrs):
            if interval_of(cidr) is None:
                raise ValueError(f"“{cidr}” is no range of addresses, such as 203.0.113.0/24")

    @cached_property
    def own(self) -> dict[int, Intervals]:
        """Return the organisation's addresses by IP version."""
        return {version: intervals_of(self.cidrs, version) for version in (4, 6)}

    @cached_property
    def aws(self) -> dict[int, Intervals]:
        """Return AWS's addresses by IP version."""
        return {version: intervals_of(self.aws_cidrs, version) for version in (4, 6)}


def is_world(addresses: Intervals, version: int) -> bool:
    """Return whether addresses are more than half of the internet."""
    half = HALF[version]
    return size(addresses) > half and size(both(INTERNET[version], addresses)) > half


def reach_of(addresses: Intervals, version: int, organisation: Organisation) -> Reach:
    """Return the widest reach among some addresses."""
    if is_world(addresses, version):
        return Reach.WORLD
    own, aws = organisation.own[version], organisation.aws[version]
    foreign = minus(minus(addresses, NOBODY[version]), own)
    outside = minus(foreign, aws)
    if size(outside) >= WIDE[version]:
        return Reach.WIDE
    if outside:
        return Reach.EXTERNAL
    if foreign:
        return Reach.AWS
    return Reach.ORGANISATION if both(addresses, own) else Reach.PRIVATE


def is_foreign(peer: Peer, account: str, organisation: Organisation) -> bool:
    """Return whether a group is in an account that is not the organisation's."""
    return bool(peer.account) and peer.account not in {account, *organisation.accounts}
