"""Fixture records of our own, in AWS's shapes; ``read_as.json`` says what each is read as."""

import json
from pathlib import Path

import pytest

from bot.changes.exposure import Organisation, exposure_of
from bot.changes.normalise import change_of
from bot.changes.sentence import sentence
from bot.changes.severity import SeverityPolicy, severity_of
from bot.cloudtrail.agent import tool_of
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import parse_record

FIXTURES = Path(__file__).parent.parent / "fixtures"
RECORDS = {path.stem: json.loads(path.read_text()) for path in FIXTURES.glob("records/*.json")}
READ_AS = json.loads((FIXTURES / "read_as.json").read_text())


@pytest.mark.parametrize("name", RECORDS)
def test_a_fixture_is_read_as(name: str) -> None:
    record = parse_record(RECORDS[name])
    change = change_of(record)
    exposure = exposure_of(change, organisation=Organisation())
    assert READ_AS[name] == {
        "sentence": sentence(principal_of(record), change, exposure),
        "severity": severity_of(change, exposure, SeverityPolicy()).severity.value,
        "reach": exposure.reach.value if exposure else None,
        "tool": tool_of(record).label,
    }


def test_every_fixture_is_there() -> None:
    assert set(READ_AS) == set(RECORDS)
