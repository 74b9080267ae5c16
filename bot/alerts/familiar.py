"""Familiar: what is kept of a principal's changes, to tell whether another is usual for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.alerts.sighting import Sighting
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.text import printable

VALUE = 100


class Trait(StrEnum):
    """What changes of one principal may have in common."""

    DAY = "day"
    PLACE = "place"
    TOOL = "tool"
    ADDRESS = "address"
    HAND = "hand"


BY_HAND, AUTOMATED = "by hand", "automated"

LONG = timedelta(days=7)
"""A principal that has called from an address for so long does so as a rule."""


@dataclass(frozen=True, slots=True)
class Span:
    """When something was seen first and last."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one principal. ``since`` is from when on we would know.

    ``places`` are the accounts and regions that anybody's changes were seen in.
    """

    since: datetime | None = None
    traits: Mapping[Trait, Mapping[str, Span]] = field(default_factory=dict)
    places: Mapping[str, Span] = field(default_factory=dict)

    def before(self, trait: Trait, at: datetime) -> dict[str, Span]:
        """Return the values of a trait that were seen before a time."""
        found = self.traits.get(trait, {})
        return {value: span for value, span in found.items() if span.first < at}

    def long_from(self, at: datetime) -> tuple[str, ...]:
        """Return the addresses that calls had long come from before a time, the latest first."""
        found = self.before(Trait.ADDRESS, at).items()
        held = [
            (span.last, value) for value, span in found if min(span.last, at) - span.first >= LONG
        ]
        return tuple(value for _, value in sorted(held, reverse=True))

    def regions_before(self, at: datetime) -> frozenset[str]:
        """Return the AWS regions that anybody's changes were seen in before a time."""
        found = (place for place, span in self.places.items() if span.first < at)
        return frozenset(place.partition("/")[2] for place in found)

    def days_before(self, at: datetime, since: datetime) -> list[str]:
        """Return the days on which groups were changed between two times, in order."""
        days = self.before(Trait.DAY, at).items()
        return sorted(day for day, span in days if span.last >= since)


def known_as(principal: Principal) -> str:
    """Return what a principal is remembered by: people who share a role are different actors."""
    return "/".join(filter(None, (principal.id, principal.person)))


def traits_of(seen: Sighting) -> Iterator[tuple[Trait, str]]:
    """Yield what is remembered of a change. A call that failed makes nothing familiar."""
    if seen.change.error:
        return
    yield Trait.DAY, f"{seen.change.at:%Y-%m-%d}"
    yield Trait.PLACE, f"{seen.change.account}/{seen.change.region}"
    yield Trait.HAND, AUTOMATED if seen.origin.automated else BY_HAND
    if tool := tool_name(seen.origin.tool):
        yield Trait.TOOL, tool
    if seen.origin.address:
        yield Trait.ADDRESS, printable(seen.origin.address, VALUE)


def tool_name(label: str) -> str:
    """Return a tool without its version or its browser: "Terraform 1.9" is "Terraform"."""
    name = label.partition(" (")[0]
    words = name.split()
    if len(words) > 1 and words[-1][0].isdecimal():
        words.pop()
    return printable(" ".join(words), VALUE)
