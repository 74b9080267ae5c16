"""Place: where a change came from, with what, and whether that is new for whoever did it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.familiar import AUTOMATED, BY_HAND, Known, Span, Trait
from bot.alerts.sighting import Origin
from bot.changes.reach import Organisation
from bot.cloudtrail.principal import Principal
from bot.detections.document import Place
from bot.investigation.expected import Expected, Network
from bot.investigation.place import Map, Places
from bot.investigation.run import Answer
from tests.builders import NOON, a_change, a_sighting, raised, seen

GERMANY = Place("DE", "Germany", as_number=64496, as_organization="Example Net")
BERLIN = replace(GERMANY, city_name="Berlin", region_name="Berlin")
BRAZIL = Place("BR", "Brazil", as_number=64500, as_organization="Beispiel")
OTHER = replace(GERMANY, as_number=64501, as_organization="Hotel Wi-Fi")
ATLAS = {"198.51.100.9": BERLIN, "203.0.113.7": BRAZIL, "198.51.100.77": OTHER}

CONSOLE = Origin("198.51.100.9", "Mozilla/5.0", "AWS console (Firefox 131)", automated=False)
EARLIER = Span(NOON - timedelta(days=30), NOON - timedelta(days=2))


def known(address: str = "198.51.100.9", tool: str = "AWS console", hand: str = BY_HAND) -> Known:
    traits: dict[Trait, dict[str, Span]] = {
        Trait.ADDRESS: {address: EARLIER},
        Trait.TOOL: {tool: EARLIER},
        Trait.HAND: {hand: EARLIER},
    }
    return Known(EARLIER.first, traits, {"123456789012/eu-west-1": EARLIER})


@dataclass
class World:
    """What is remembered and read, as a test wants it."""

    memory: Known = field(default_factory=known)

    def known(self, principal: Principal) -> Known:
        return self.memory


MAP = Map(ATLAS.get, organisation=Organisation(cidrs=("192.0.2.0/24",), aws_cidrs=("52.0.0.0/8",)))


def from_(origin: Origin = CONSOLE, region: str = "eu-west-1") -> Alert:
    return evolve(None, (raised(), seen(a_sighting(a_change(region=region), origin=origin))))


def ask(alert: Alert, world: World | None = None, where: Map = MAP) -> Answer:
    world = world or World()
    return Places(where, world)(alert, NOON)


def at(address: str) -> Origin:
    return replace(CONSOLE, address=address)


@pytest.mark.parametrize(
    ("origin", "world", "value", "signals"),
    [
        pytest.param(CONSOLE, World(), "Berlin, Germany, AS64496 Example Net", [], id="as always"),
        pytest.param(
            at("203.0.113.7"),
            World(),
            "Brazil, AS64500 Beispiel; new country: Brazil",
            ["new_country"],
            id="a new country",
        ),
        pytest.param(
            at("198.51.100.77"),
            World(),
            "Germany, AS64501 Hotel Wi-Fi; new network: AS64501 Hotel Wi-Fi",
            ["new_network"],
            id="a new network",
        ),
        pytest.param(
            at("203.0.113.7"),
            World(Known()),
            "Brazil, AS64500 Beispiel",
            [],
            id="of somebody new nothing is new: the habit tells that",
        ),
        pytest.param(
            replace(CONSOLE, tool="AWS CLI 2.17"),
            World(),
            "Berlin, Germany, AS64496 Example Net; new tool: AWS CLI",
            ["new_tool"],
            id="a new tool",
        ),
        pytest.param(
            replace(CONSOLE, tool="AWS console (Chrome 140)"),
            World(),
            "Berlin, Germany, AS64496 Example Net",
            [],
            id="another browser is no new tool",
        ),
        pytest.param(
            CONSOLE,
            World(known(tool="Terraform", hand=AUTOMATED)),
            "Berlin, Germany, AS64496 Example Net; new tool: AWS console",
            ["new_tool", "by_hand"],
            id="by hand, where CI did it before",
        ),
        pytest.param(at("192.0.2.9"), World(), "the organisation's own network", [], id="our own"),
        pytest.param(at("52.1.2.3"), World(), "an address of AWS", [], id="AWS's"),
        pytest.param(
            at("cloudformation.amazonaws.com"), World(), "from inside AWS", [], id="a service"
        ),
        pytest.param(at("AWS Internal"), World(), "from inside AWS", [], id="AWS itself"),
        pytest.param(
            replace(at("10.0.0.7"), endpoint="vpce-0a1b"),
            World(),
            "through the VPC endpoint vpce-0a1b",
            [],
            id="a VPC endpoint",
        ),
        pytest.param(at("233.252.0.9"), World(), "no country known for it", [], id="nowhere"),
        pytest.param(at(""), World(), "the record tells no address", [], id="no address"),
    ],
)
def test_a_place_is_told_in_a_line(
    origin: Origin, world: World, value: str, signals: list[str]
) -> None:
    answer = ask(from_(origin), world)
    assert answer.facts[0].value == value
    assert [signal.name for signal in answer.signals] == signals


def test_by_hand_is_nothing_new_for_somebody_who_does_both() -> None:
    both = known()
    hands = {Trait.HAND: {AUTOMATED: EARLIER, BY_HAND: EARLIER}}
    answer = ask(from_(), World(replace(both, traits={**both.traits, **hands})))
    assert not answer.signals


@pytest.mark.parametrize(
    ("expected", "signals"),
    [
        pytest.param(Expected(), [], id="anything"),
        pytest.param(Expected(countries=("DE",)), [], id="this country"),
        pytest.param(Expected(countries=("SE",)), ["unexpected_country"], id="another country"),
        pytest.param(Expected(regions=("us-east-1",)), ["unexpected_region"], id="another region"),
        pytest.param(Expected(tools=("aws console",)), [], id="this tool"),
        pytest.param(Expected(tools=("Terraform",)), ["unexpected_tool"], id="another tool"),
        pytest.param(
            Expected(administrators=("arn:aws:iam::*:user/alice",)), [], id="an administrator"
        ),
        pytest.param(
            Expected(administrators=("*:role/ci",)), ["unexpected_principal"], id="somebody else"
        ),
    ],
)
def test_what_the_policy_does_not_expect_is_a_signal(
    expected: Expected, signals: list[str]
) -> None:
    answer = ask(from_(), where=replace(MAP, expected=expected))
    assert [signal.name for signal in answer.signals] == signals


def test_a_region_that_was_never_used_is_a_signal() -> None:
    answer = ask(from_(region="ap-south-2"))
    assert [signal.name for signal in answer.signals] == ["new_region"]


def test_a_named_network_is_told() -> None:
    listed = replace(MAP, networks=(Network("VPN exits", ("203.0.113.0/24",)),))
    answer = ask(from_(at("203.0.113.7")), World(Known()), listed)
    assert answer.facts[0].value == "VPN exits (a network that the policy names)"
    assert [signal.name for signal in answer.signals] == ["listed_network"]


def test_the_details_say_what_is_known_and_how() -> None:
    named = replace(MAP, by_registry=True, host=lambda address: "host\n.example.net")
    more = ask(from_(), where=named).facts[0].more
    assert "Tool: AWS console (Firefox 131), by hand, as the agent says" in more
    assert any("whom the address was given to" in line for line in more)
    assert "Name of the address, as its owner tells it: host .example.net" in more
    assert "Countries before: DE (last 2026-02-28)" in more


def test_a_hostile_agent_stays_one_line() -> None:
    hostile = Origin("1.2.3.4\n<!here>", "x\u202e\n" * 5000, "tool\n*bold*" * 900)
    (fact,) = ask(from_(hostile)).facts
    assert all(line.isprintable() and len(line) < 400 for line in (fact.value, *fact.more))


def test_a_stolen_key_is_told_beside_what_its_owner_does() -> None:
    elsewhere = replace(at("203.0.113.7"), tool="AWS CLI 2.17")
    owners = a_sighting(a_change(), origin=CONSOLE)
    thiefs = [a_sighting(a_change(f"event-{n}"), origin=elsewhere) for n in range(2, 4)]
    alert = evolve(None, (raised(), seen(owners), *map(seen, thiefs)))
    assert alert.worst[0].origin == CONSOLE
    answer = ask(alert)
    (fact,) = answer.facts
    assert {signal.name for signal in answer.signals} == {"new_country", "new_tool"}
    assert fact.value.startswith("Berlin, Germany, AS64496 Example Net; also Brazil, AS64500")
    also = [line for line in fact.more if line.startswith("Also from ")]
    assert len(also) == 1
    assert also[0].startswith("Also from 203.0.113.7, Brazil")
