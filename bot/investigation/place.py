"""Place: where the call came from and with what, and whether the principal ever did so before.

No call of AWS: it reads the atlas, the policy, and what is remembered of the principal. A name
server is asked only where a setting says so.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.familiar import AUTOMATED, BY_HAND, Known, Span, Trait, tool_name
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.changes.reach import Organisation
from bot.cloudtrail.agent import INTERNAL
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.text import printable
from bot.detections.document import Lookup, Place
from bot.investigation.expected import Expected, Network, network_of, unexpected, within
from bot.investigation.run import Answer

FIELD = "source.geo.country_name"
LINE, WORD, AGENT = 100, 60, 200
LISTED = 8
AWS_SERVICES = (".amazonaws.com", ".amazonaws.com.cn")


class Memory(Protocol):
    """What is needed of what is remembered. Raises StoreError."""

    def known(self, principal: Principal) -> Known:
        """Return what is known of a principal."""
        ...


@dataclass(frozen=True, slots=True)
class Map:
    """What is known of addresses: the atlas, whose they are, and what the policy expects.

    ``by_registry`` is that countries are those that an address was given to. ``host`` asks for an
    address's name, where a setting wants it.
    """

    atlas: Lookup
    by_registry: bool = False
    organisation: Organisation = field(default_factory=Organisation)
    networks: Sequence[Network] = ()
    expected: Expected = field(default_factory=Expected)
    host: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Asks where changes came from, the worst first, and whether that is new.

    What speaks for worse is told of every change: a stolen key may join what its owner does.
    """

    map: Map
    memory: Memory

    def __call__(self, alert: Alert, _: datetime, /) -> Answer:
        """Return where from. Raises StoreError."""
        seen = alert.worst[0]
        begun = alert.first_at or seen.change.at
        known = self.memory.known(seen.principal)
        host = self.map.host(seen.origin.address) if self.map.host else ""
        view = View(seen, begun, known, self.map, host)
        others = [View(other, begun, known, self.map) for other in _elsewhere(alert)]
        signals = {s.name: s for each in (*reversed(others), view) for s in each.signals()}
        about, more = seen.principal.id, (*view.lines(), *_also(others))
        fact = Fact(Question.PLACE, about, _line(view, others), more=more, field=FIELD)
        return Answer((fact,), tuple(signals.values()))


@dataclass(frozen=True, slots=True)
class View:
    """All that there is to tell of where a change came from."""

    seen: Sighting
    begun: datetime
    known: Known
    map: Map
    host: str = ""

    @property
    def address(self) -> str:
        """Return where the call came from, as the record says."""
        return self.seen.origin.address

    @property
    def place(self) -> Place | None:
        """Return where that is."""
        return self.map.atlas(self.address)

    def line(self) -> str:
        """Return the answer in one line."""
        news = [s.text for s in self.signals() if s.name.startswith(("new_", "unexpected_country"))]
        parts = [self.whose() or where(self.place) or self._nowhere()]
        parts += [text.removeprefix("from ") for text in news]
        return printable("; ".join(parts), LINE)

    def whose(self) -> str:
        """Return whose an address is, where that says more than its country."""
        if network := network_of(self.address, self.map.networks):
            return f"{printable(network, WORD)} (a network that the policy names)"
        if within(self.address, self.map.organisation.cidrs):
            return "the organisation's own network"
        if self.seen.origin.endpoint:
            return f"through the VPC endpoint {printable(self.seen.origin.endpoint, WORD)}"
        if self.address.endswith(AWS_SERVICES) or self.address == INTERNAL:
            return "from inside AWS"
        if within(self.address, self.map.organisation.aws_cidrs):
            return ", ".join(filter(None, ("an address of AWS", where(self.place))))
        return ""

    def _nowhere(self) -> str:
        return "no country known for it" if self.address else "the record tells no address"

    def signals(self) -> Iterator[Signal]:
        """Yield what speaks for worse."""
        yield from self._news()
        yield from unexpected(self.seen, self.place, self.map.expected)
        if network := network_of(self.address, self.map.networks):
            yield signal("listed_network", f"from {printable(network, WORD)}")
        region, regions = self.seen.change.region, self.known.regions_before(self.begun)
        if regions and region not in regions:
            yield signal("new_region", f"the first group change seen in {printable(region, WORD)}")

    def _news(self) -> Iterator[Signal]:
        """Yield what the principal never did before, if anything is known of them from before."""
        place, tool = self.place, tool_name(self.seen.origin.tool)
        countries, networks = self._places_before()
        if place and place.country_iso_code and countries:
            if place.country_iso_code not in countries:
                yield signal("new_country", f"new country: {place.country_name}")
            elif place.as_number and networks and place.as_number not in networks:
                yield signal("new_network", f"new network: {network(place)}")
        tools = self.known.before(Trait.TOOL, self.begun)
        if tool and tools and tool not in tools:
            yield signal("new_tool", f"new tool: {printable(tool, WORD)}")
        hands = self.known.before(Trait.HAND, self.begun)
        if not self.seen.origin.automated and AUTOMATED in hands and BY_HAND not in hands:
            yield signal("by_hand", "by hand, where only automation was seen before")

    def _places_before(self) -> tuple[dict[str, Span], dict[int, Span]]:
        """Return the countries and networks that the principal came from before."""
        countries: dict[str, Span] = {}
        networks: dict[int, Span] = {}
        for address, span in self.known.before(Trait.ADDRESS, self.begun).items():
            place = self.map.atlas(address)
            if place and place.country_iso_code:
                code = place.country_iso_code
                countries[code] = _joined(countries.get(code), span)
            if place and place.as_number:
                networks[place.as_number] = _joined(networks.get(place.as_number), span)
        return countries, networks

    def lines(self) -> Iterator[str]:
        """Yield the details."""
        origin, place = self.seen.origin, self.place
        how = "automated" if origin.automated else "by hand"
        yield f"Tool: {printable(origin.tool, WORD) or 'unknown'}, {how}, as the agent says"
        if origin.user_agent:
            yield printable(f"Agent: {origin.user_agent}", AGENT)
        if origin.endpoint:
            yield f"VPC endpoint: {printable(origin.endpoint, WORD)}"
        if place:
            by = " (whom the address was given to, not where it is used)"
            yield f"Place: {where(place)}{by if self.map.by_registry else ''}"
        if self.host:
            yield f"Name of the address, as its owner tells it: {printable(self.host, WORD)}"
        countries, _ = self._places_before()
        yield from _before("Countries", countries)
        yield from _before("Tools", self.known.before(Trait.TOOL, self.begun))
        yield from _before("Addresses", self.known.before(Trait.ADDRESS, self.begun))


def _elsewhere(alert: Alert) -> Iterator[Sighting]:
    """Yield a change for each place and tool that the worst one did not come from."""
    known = {(s.origin, s.change.region): s for s in reversed(alert.worst)}
    first = alert.worst[0]
    for place, seen in reversed(known.items()):
        if place != (first.origin, first.change.region):
            yield seen


def _line(view: View, others: Sequence[View]) -> str:
    """Return the answer in one line; of other places the first that speaks for worse."""
    told = {signal.name for signal in view.signals()}
    worse = (other for other in others if any(s.name not in told for s in other.signals()))
    also = next(worse, None)
    return printable(f"{view.line()}; also {also.line()}", LINE) if also else view.line()


def _also(others: Sequence[View]) -> Iterator[str]:
    lines = dict.fromkeys(
        ", ".join(filter(None, (other.address, other.line(), other.seen.origin.tool)))
        for other in others
    )
    yield from (printable(f"Also from {line}", AGENT) for line in list(lines)[:LISTED])
    if len(lines) > LISTED:
        yield f"… and from {len(lines) - LISTED} more"


def where(place: Place | None) -> str:
    """Return a place as people write it: "Recife, Brazil, AS64500 Example Net"."""
    if place is None:
        return ""
    parts = (place.city_name or place.region_name, place.country_name, network(place))
    return ", ".join(filter(None, parts))


def network(place: Place) -> str:
    """Return whose network a place is in."""
    number = f"AS{place.as_number}" if place.as_number else ""
    return " ".join(filter(None, (number, place.as_organization)))


def _joined(old: Span | None, span: Span) -> Span:
    old = old or span
    return Span(min(old.first, span.first), max(old.last, span.last))


def _before(label: str, spans: Mapping[str, Span]) -> Iterator[str]:
    if not spans:
        return
    latest = sorted(spans.items(), key=lambda item: item[1].last, reverse=True)
    named = [f"{printable(value, WORD)} (last {span.last:%Y-%m-%d})" for value, span in latest]
    more = f" and {len(named) - LISTED} more" if len(named) > LISTED else ""
    yield f"{label} before: {', '.join(named[:LISTED])}{more}"
