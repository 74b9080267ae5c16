"""Files of exemptions: what is read, and how faults are told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.exemption_file import load_exemptions
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.names import Names
from bot.tables import FileError
from tests.cli.explaining import explained

GOOD = """
[[exemptions]]
id = "web"
reason = "TICKET-1"
owner = "Rosa"
expires = 2099-01-01
scope = "group=sg-0a1b"
"""


def written(path: Path, content: str) -> Path:
    file = path / "e.toml"
    file.write_text(content)
    return file


@pytest.mark.parametrize(
    ("expires", "at"),
    [
        pytest.param("2099-01-01", datetime(2099, 1, 1, tzinfo=UTC), id="a date"),
        pytest.param("2099-01-01T02:00:00", datetime(2099, 1, 1, 2, tzinfo=UTC), id="without zone"),
        pytest.param("2099-01-01T02:00:00+02:00", datetime(2099, 1, 1, tzinfo=UTC), id="zoned"),
    ],
)
def test_an_exemption_is_read(tmp_path: Path, expires: str, at: datetime) -> None:
    content = GOOD.replace("2099-01-01", expires)
    begin = datetime(1970, 1, 1, tzinfo=UTC)
    expected = Exemption("web", Scope(groups=("sg-0a1b",)), "TICKET-1", "Rosa", begin, at)
    assert load_exemptions(written(tmp_path, content)) == (expected,)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            GOOD.replace("group=sg-0a1b", "grup=sg-0a1b"), "did you mean group", id="word"
        ),
        pytest.param(GOOD.replace("group=sg-0a1b", ""), "would hide everything", id="no scope"),
        pytest.param(
            GOOD.replace("owner", "ower"), "line 2, web: ower: there is no such", id="key"
        ),
        pytest.param(GOOD.replace('"TICKET-1"', '""'), "line 2, web: reason", id="no reason"),
        pytest.param(
            GOOD.replace("2099-01-01", "'soon'"),
            "line 2, web: expires: must be a date, such as 2026-12-31, or a time",
            id="no date",
        ),
        pytest.param(
            GOOD.replace("2099-01-01", "7"), "line 2, web: expires: must be a date", id="a number"
        ),
        pytest.param(GOOD + GOOD, "two have the id “web”", id="twice the same id"),
        pytest.param("[[exemptions", "is not TOML", id="no TOML"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    file = written(tmp_path, content)
    with pytest.raises(FileError, match=says):
        load_exemptions(file)
    result = explained("-", "--exemptions", str(file), given="{}")
    assert result.exit_code == 2
    assert says in result.stderr


def test_accounts_and_ous_are_read_by_their_names(tmp_path: Path) -> None:
    names = Names({"123456789012": "prod"}, {"123456789012": "Workloads/Production"})
    file = written(
        tmp_path, GOOD.replace("group=sg-0a1b", "group=sg-0a1b account=prod ou=workloads")
    )
    [exemption] = load_exemptions(file, names)
    assert exemption.scope.accounts == ("123456789012",)
    assert exemption.scope.ous == ("Workloads",)
    with pytest.raises(FileError, match="12 digits"):
        load_exemptions(file)
