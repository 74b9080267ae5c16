"""``sgwatch doctor`` on the files that people supply: announced changes, and places."""

from pathlib import Path

import pytest

from bot.checks.check import Status
from sandbox.places import CITIES, write_mmdb
from tests.checks.conftest import Surroundings, named

OK, _, FAIL = Status

CHANGES = """[[changes]]
id = "CHG-7"
from = 2026-03-02T10:00:00Z
until = 2026-03-02T12:00:00Z
"""


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        pytest.param(CHANGES, OK, "1 announced change", id="one change"),
        pytest.param(CHANGES.replace("T12", "T09"), FAIL, "ends before it begins", id="ends first"),
        pytest.param("[[changes", FAIL, "changes.toml", id="no TOML"),
    ],
)
def test_the_file_of_announced_changes_is_read(
    around: Surroundings, tmp_path: Path, text: str, status: Status, said: str
) -> None:
    path = tmp_path / "changes.toml"
    path.write_text(text, encoding="utf-8")
    assert said in named(around.look("changes", changes=str(path)), "changes", status)


def test_a_file_of_places_that_is_none_is_told_by_its_setting(
    around: Surroundings, tmp_path: Path
) -> None:
    good = write_mmdb(tmp_path / "cities.mmdb", CITIES)
    (tmp_path / "asn.mmdb").write_text("no such thing", encoding="utf-8")
    checks = around.look("places", geoip_city=str(good), geoip_asn=str(tmp_path / "asn.mmdb"))
    assert "cities.mmdb can be read" in named(checks, "places", OK)
    assert "SGWATCH_GEOIP_ASN" in named(checks, "places", FAIL)
