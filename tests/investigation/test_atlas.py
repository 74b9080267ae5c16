"""The atlas: places by files in MaxMind's form, and by the table that comes with a package."""

from pathlib import Path
from threading import Event

import pytest

from bot.alerts.judge import Judge
from bot.cloudtrail.record import parse_record
from bot.detections.document import Place
from bot.detections.matcher import Matcher
from bot.investigation import atlas as module
from bot.investigation.atlas import AtlasError, open_atlas
from bot.investigation.countries import NAMES, country_name
from bot.investigation.hosts import Hosts
from sandbox.places import write_mmdb

RECIFE = {
    "country": {"iso_code": "BR", "names": {"en": "Brazil"}},
    "subdivisions": [{"names": {"en": "Pernambuco"}}],
    "city": {"names": {"en": "Recife"}},
}
ODD = {"country": "Brazil", "city": {"names": ["x"]}, "subdivisions": []}
NETWORK = {"autonomous_system_number": 64500, "autonomous_system_organization": "Example\nNet"}


@pytest.fixture
def cities(tmp_path: Path) -> Path:
    return write_mmdb(tmp_path / "city.mmdb", {"198.51.100.0/24": RECIFE, "192.0.2.0/24": ODD})


@pytest.fixture
def networks(tmp_path: Path) -> Path:
    return write_mmdb(tmp_path / "asn.mmdb", {"198.51.100.0/25": NETWORK})


@pytest.mark.parametrize(
    ("address", "place"),
    [
        pytest.param(
            "198.51.100.9",
            Place("BR", "Brazil", "Pernambuco", "Recife", 64500, "Example Net"),
            id="in both files",
        ),
        pytest.param(
            "198.51.100.200", Place("BR", "Brazil", "Pernambuco", "Recife"), id="in one of them"
        ),
        pytest.param("203.0.113.7", None, id="in neither"),
        pytest.param("192.0.2.7", None, id="a file of another form"),
        pytest.param("2001:db8::1", None, id="an IPv6 address in a file of IPv4"),
        pytest.param("cloudformation.amazonaws.com", None, id="no address"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_files_tell_places(cities: Path, networks: Path, address: str, place: Place | None) -> None:
    assert open_atlas(cities, networks)(address) == place


@pytest.mark.parametrize(
    ("address", "code"),
    [
        pytest.param("193.0.0.1", "NL", id="IPv4"),
        pytest.param("2001:67c:2e8::1", "NL", id="IPv6"),
        pytest.param("10.0.0.1", "", id="private"),
        pytest.param("198.51.100.9", "", id="for documentation"),
        pytest.param("fe80::1%eth0", "", id="with a zone"),
        pytest.param("AWS Internal", "", id="no address"),
    ],
)
def test_without_files_the_registries_tell_the_country(address: str, code: str) -> None:
    atlas = open_atlas(None, None)
    assert atlas.by_registry
    found = atlas(address)
    assert (found.country_iso_code if found else "") == code
    assert (found.country_name if found else "") == (NAMES[code] if code else "")


def test_a_file_of_networks_alone_leaves_countries_to_the_registries(networks: Path) -> None:
    found = open_atlas(None, networks)("198.51.100.9")
    assert found is not None
    assert (found.as_number, found.country_iso_code) == (64500, "")


@pytest.mark.parametrize("content", [None, b"", b"no such file", b"\xab\xcd\xefMaxMind.com\xe0"])
def test_what_is_no_such_file_is_told(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.mmdb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(AtlasError, match=r"x\.mmdb cannot be read"):
        open_atlas(path, None)


def test_a_file_that_was_replaced_is_read_again(
    cities: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EVERY", -1.0)
    atlas = open_atlas(cities, None)
    newer = {"country": {"iso_code": "DE", "names": {"en": "Germany"}}}
    write_mmdb(tmp_path / "new", {"198.51.100.0/24": newer}).replace(cities)
    assert atlas("198.51.100.9") == Place("DE", "Germany")
    cities.unlink()
    assert atlas("198.51.100.9") == Place("DE", "Germany")


def test_countries_have_names() -> None:
    assert len(NAMES) == 250
    assert (country_name("BR"), country_name("ZZ")) == ("Brazil", "ZZ")


def test_detections_may_ask_where_an_address_is(cities: Path, networks: Path) -> None:
    record = parse_record(
        {
            "eventID": "e",
            "eventTime": "2026-03-02T12:00:00Z",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "DeleteSecurityGroup",
            "sourceIPAddress": "198.51.100.9",
        }
    )
    judge = Judge(Matcher(()), place=open_atlas(cities, networks))
    document = judge.verdict(record).document
    assert document.values("source.geo.country_iso_code") == ("BR",)
    assert document.values("source.as.number") == (64500,)


def test_a_name_server_is_asked_for_no_longer_than_the_limit() -> None:
    release = Event()

    def hangs(address: str) -> str:
        release.wait(10)
        return "late.example.net"

    assert Hosts(hangs, limit=0.02)("193.0.0.1") == ""
    release.set()


def test_a_name_is_told_on_one_line_and_of_public_addresses_alone() -> None:
    hosts = Hosts(lambda address: f"{address}\n<!here>.example.net")
    assert hosts("193.0.0.1") == "193.0.0.1 <!here>.example.net"
    assert hosts("10.0.0.1") == hosts("AWS Internal") == ""
