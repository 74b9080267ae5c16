"""The accounts file: names and ranges are read; what is wrong is named with its place."""

import json
from pathlib import Path

import pytest

from bot.accounts import Account, Accounts, load_accounts
from bot.changes.reach import Organisation
from bot.tables import FileError

ROOT = Path(__file__).parents[2]
PROD = "[[accounts]]\nid = '123456789012'\nname = 'prod'\n"
RANGES = {
    "prefixes": [{"ip_prefix": "198.51.100.0/24"}],
    "ipv6_prefixes": [{"ipv6_prefix": "2001:db8::/32"}],
}


def written(folder: Path, content: str) -> Path:
    file = folder / "accounts.toml"
    file.write_text(content)
    return file


def test_without_a_file_no_account_is_known() -> None:
    assert load_accounts(None) == Accounts((), Organisation())


def test_the_examples_load() -> None:
    example = load_accounts(ROOT / "accounts.example.toml")
    assert example.names == {"123456789012": "prod", "210987654321": "staging"}
    assert example.known[1] == Account(
        "210987654321", "staging", "staging", "Workloads/Staging", "Platform team"
    )
    expected = Organisation(frozenset(example.names), ("203.0.113.0/24",))
    assert example.organisation == expected
    assert load_accounts(ROOT / "sandbox" / "accounts.toml").names == example.names


def test_ranges_of_aws_are_read_from_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "ip-ranges.json").write_text(json.dumps(RANGES))
    file = written(tmp_path, "[organisation]\naws_ranges = 'ip-ranges.json'")
    assert load_accounts(file).organisation.aws_cidrs == ("198.51.100.0/24", "2001:db8::/32")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("accounts = [", "is not TOML", id="no TOML"),
        pytest.param("[[acounts]]", "acounts: there is no such setting", id="a misspelt table"),
        pytest.param(
            PROD.replace("'123456789012'", "'123'"), "accounts.#1.id: an account is", id="no id"
        ),
        pytest.param(
            PROD.replace("'123456789012'", "'\u0661" + "2" * 11 + "'"),
            "id: an account is written",
            id="digits of another script",
        ),
        pytest.param(PROD.replace("name", "nam"), "accounts.#1.name: Field required", id="no name"),
        pytest.param(
            PROD + PROD.replace("prod", "staging"), "have the id 123456789012", id="an id twice"
        ),
        pytest.param(
            PROD + PROD.replace("9012", "9013"), "have the name prod: give", id="a name twice"
        ),
        pytest.param(
            "[organisation]\ncidrs = ['office']",
            "organisation.cidrs: “office” is no range of addresses",
            id="no range",
        ),
        pytest.param(
            "[organisation]\naws_ranges = 'none.json'",
            "none.json cannot be read .*organisation.aws_ranges",
            id="ranges that are not there",
        ),
        pytest.param(
            "[organisation]\naws_ranges = 'accounts.toml'",
            "is not AWS's ip-ranges.json: download it again",
            id="ranges of another form",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(FileError, match=says):
        load_accounts(written(tmp_path, content))


def test_a_file_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="check SGWATCH_ACCOUNTS"):
        load_accounts(tmp_path / "none.toml")
