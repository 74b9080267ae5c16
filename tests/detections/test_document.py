"""What a detection can ask beside Elastic's fields: exposure, severity and place."""

import pytest

from bot.changes.exposure import Exposed, Exposure, Reach
from bot.changes.rules import Direction
from bot.changes.severity import Severity
from bot.cloudtrail.record import parse_record
from bot.detections.document import Document, Place
from bot.detections.kql.compiler import compiled
from bot.detections.kql.parser import parse
from tests.records import a_record

RECORD = parse_record(a_record())
SSH = Exposure(Reach.WORLD, Direction.INGRESS, ("22/tcp", "8000-9000/tcp"), ("SSH",))
ALL = Exposure(Reach.WIDE, Direction.EGRESS, ("all traffic",))
PING = Exposure(Reach.WORLD, Direction.INGRESS, ("8/icmp", "all/gre"))
BOTH = Exposure(
    Reach.WORLD,
    Direction.INGRESS,
    ("443/tcp",),
    beside=(Exposed(Reach.PRIVATE, Direction.INGRESS, ("22/tcp",), ("SSH",), ("1",)),),
)
BERLIN = Place("DE", "Germany", "Land Berlin", "Berlin", 64496, "Example Net")


@pytest.mark.parametrize(
    ("query", "exposure", "holds"),
    [
        pytest.param("sgwatch.exposure.reach:world", SSH, True, id="to whom"),
        pytest.param("sgwatch.exposure.reach:wide", SSH, False, id="to whom else"),
        pytest.param("sgwatch.exposure.direction:ingress", SSH, True, id="which way"),
        pytest.param("sgwatch.exposure.services:SSH", SSH, True, id="a service by name"),
        pytest.param("sgwatch.exposure.services:*", ALL, False, id="no sensitive service"),
        pytest.param('sgwatch.exposure.ports:"22/tcp"', SSH, True, id="ports as shown"),
        pytest.param("sgwatch.exposure.port:22", SSH, True, id="a single port"),
        pytest.param("sgwatch.exposure.port:8080", SSH, True, id="a port in a range"),
        pytest.param("sgwatch.exposure.port:443", SSH, False, id="a port in none"),
        pytest.param("sgwatch.exposure.port >= 8999", SSH, True, id="a range that reaches so far"),
        pytest.param("sgwatch.exposure.port > 9000", SSH, False, id="none that reaches beyond"),
        pytest.param("sgwatch.exposure.port:3389", ALL, True, id="all traffic is every port"),
        pytest.param("sgwatch.exposure.port:*", PING, False, id="ICMP has no ports"),
        pytest.param("sgwatch.exposure.*:*", None, False, id="no exposure"),
        pytest.param("sgwatch.exposure.sensitive:true", SSH, True, id="sensitive, by a service"),
        pytest.param("sgwatch.exposure.sensitive:true", ALL, True, id="sensitive, by all traffic"),
        pytest.param("sgwatch.exposure.sensitive:false", PING, True, id="not sensitive"),
        pytest.param("sgwatch.exposure.port:443", BOTH, True, id="the widest"),
        pytest.param("sgwatch.exposure.port:22", BOTH, True, id="what is opened beside"),
        pytest.param("sgwatch.exposure.accounts:1", BOTH, True, id="other accounts"),
        pytest.param(
            "sgwatch.exposure:{ reach:private and port:22 }", BOTH, True, id="both of one"
        ),
        pytest.param("sgwatch.exposure:{ reach:world and port:22 }", BOTH, False, id="not of two"),
        pytest.param("sgwatch.exposure:{ *:22 }", None, False, id="none to ask"),
        pytest.param("sgwatch.exposure:{ x:{ a:1 } }", BOTH, False, id="nothing below"),
        pytest.param("*:SSH", SSH, True, id="in any field"),
        pytest.param("sgwatch.severity:high", SSH, True, id="severity"),
        pytest.param("sgwatch.no.such:*", SSH, False, id="a field that there is not"),
        pytest.param(
            "event.action:AuthorizeSecurityGroupIngress", SSH, True, id="Elastic's fields"
        ),
    ],
)
def test_exposure_can_be_asked(query: str, exposure: Exposure | None, holds: bool) -> None:
    document = Document(RECORD, exposure, Severity.HIGH)
    assert compiled(parse(query))(document) is holds


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source.geo.country_iso_code", "DE"),
        ("source.geo.country_name", "Germany"),
        ("source.geo.region_name", "Land Berlin"),
        ("source.geo.city_name", "Berlin"),
        ("source.as.number", 64496),
        ("source.as.organization.name", "Example Net"),
    ],
)
def test_the_place_of_the_caller_can_be_asked(field: str, value: object) -> None:
    document = Document(RECORD, place={"198.51.100.9": BERLIN}.get)
    assert document.values(field) == (value,)
    assert field in document.names()


def test_the_place_is_looked_up_once_and_only_if_asked() -> None:
    asked: list[str] = []

    def look_up(address: str) -> None:
        asked.append(address)

    document = Document(RECORD, place=look_up)
    assert document.values("event.action")
    assert asked == []
    assert document.values("source.geo.city_name") == ()
    assert document.values("source.as.number") == ()
    assert asked == ["198.51.100.9"]


def test_a_service_is_at_no_place() -> None:
    service = parse_record(a_record(sourceIPAddress="rds.amazonaws.com"))
    assert Document(service, place=lambda _: BERLIN).values("source.geo.city_name") == ()
    assert Document(RECORD).values("source.geo.city_name") == ()
