"""``explain`` and ``detections test`` know where an address is, as sgwatch does where it runs."""

import json
from pathlib import Path

import pytest

from sandbox.places import write_mmdb
from tests.cli.detecting import detections, rule_file
from tests.cli.explaining import answers, explained
from tests.records import a_record, authorize

FROM_BRAZIL = authorize(sourceIPAddress="200.160.2.3")
RECIFE = {
    "country": {"iso_code": "BR", "names": {"en": "Brazil"}},
    "city": {"names": {"en": "Recife"}},
}
NETWORK = {"autonomous_system_number": 64500, "autonomous_system_organization": "Example Net"}
RECORD = authorize(sourceIPAddress="198.51.100.9")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    cities = write_mmdb(tmp_path / "city.mmdb", {"198.51.100.0/24": RECIFE})
    return str(cities), str(write_mmdb(tmp_path / "asn.mmdb", {"198.51.100.0/24": NETWORK}))


def origin(*arguments: str, record: dict[str, object]) -> str:
    (answer,) = answers(record, arguments=arguments)
    return next(str(fact["text"]) for fact in answer["facts"] if fact["label"] == "From")


def test_the_country_is_told_without_a_file() -> None:
    assert origin(record=FROM_BRAZIL) == "200.160.2.3, Brazil"


def test_files_tell_the_city_and_the_network(files: tuple[str, str]) -> None:
    given = ("--geoip-city", files[0], "--geoip-asn", files[1])
    assert origin(*given, record=RECORD) == "198.51.100.9, Recife, Brazil, AS64500 Example Net"


def test_a_detection_and_an_exemption_may_ask_for_the_country(tmp_path: Path) -> None:
    rule = rule_file(tmp_path, "source.geo.country_iso_code: BR")
    exemption = tmp_path / "exemptions.toml"
    exemption.write_text(
        '[[exemptions]]\nid = "brazil"\nreason = "the office there"\nowner = "IT"\n'
        "expires = 2099-01-01\nallow_world = true\n"
        'scope = "principal=user/alice account=123456789012 country=BR"\n'
    )
    given = ("--detections", rule, "--exemptions", str(exemption))
    (there,) = answers(FROM_BRAZIL, arguments=given)
    (here,) = answers(RECORD, arguments=given)
    assert there["exempted_by"] == ["brazil"]
    assert "r-1" in there["detections"]
    assert "r-1" not in here["detections"]
    assert here["exempted_by"] == []


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.mmdb").write_text("no such file")
    result = explained("-", "--geoip-city", str(tmp_path / "x.mmdb"), given=json.dumps(RECORD))
    assert result.exit_code == 2
    assert "x.mmdb cannot be read (no MaxMind file)" in result.output


def test_a_rule_is_tried_with_the_places_of_the_settings(
    tmp_path: Path, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = rule_file(tmp_path, "source.geo.city_name: Recife and source.as.number: 64500")
    given = json.dumps({"Records": [a_record(sourceIPAddress="198.51.100.9")]})
    assert "0 of 1 records match" in detections("test", rule, "-", given=given).output
    monkeypatch.setenv("SGWATCH_GEOIP_CITY", files[0])
    monkeypatch.setenv("SGWATCH_GEOIP_ASN", files[1])
    assert "1 of 1 records match" in detections("test", rule, "-", given=given).output
