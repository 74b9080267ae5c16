"""Announced changes and where runs are seen: what is wrong is named, and a file is read again."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.investigation.windows import Runs, Window
from bot.policy import read_policy
from bot.policy_changes import Announced, load_changes
from bot.tables import FileError

CHG = """
[[changes]]
id = "CHG-1"
from = 2026-03-02T22:00:00+01:00
until = 2026-03-03T04:00:00
accounts = ["123456789012"]
"""
WINDOW = Window(
    "CHG-1",
    datetime(2026, 3, 2, 21, tzinfo=UTC),
    datetime(2026, 3, 3, 4, tzinfo=UTC),
    ("123456789012",),
)


def write(path: Path, content: str) -> None:
    """Write a file whose time differs from that of the one before, however fast that was."""
    path.write_text(content)
    os.utime(path, ns=(0, path.stat().st_mtime_ns + len(content) * 1_000_000))


def test_the_policy_tells_changes_and_runs() -> None:
    runs = '[[runs]]\nurl = "https://ci.example.com/{account}/{session}"\n'
    policy = read_policy((CHG + runs).encode(), "p.toml", "C0")
    assert policy.changes == (WINDOW,)
    assert policy.runs == (Runs("https://ci.example.com/{account}/{session}"),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            CHG.replace("2026-03-03", "2026-03-01"),
            "changes.#1: CHG-1 ends before it begins",
            id="the wrong way round",
        ),
        pytest.param(CHG.replace('"1234', '"x234'), "“x23456789012”", id="no account"),
        pytest.param(CHG.replace("until", "to"), "changes.#1.until", id="no end"),
        pytest.param("[[runs]]\nurl = 'ftp://x'", "must begin with https://", id="no URL"),
        pytest.param(
            "[[runs]]\nurl = 'https://ci/{run}'", "there is no {run}", id="an unknown place"
        ),
        pytest.param(
            "[[runs]]\nurl = 'https://{session}.example.com/'",
            "no host may be made of it",
            id="a host that the caller chooses",
        ),
    ],
)
def test_what_is_wrong_is_named(content: str, says: str) -> None:
    with pytest.raises(FileError) as error:
        read_policy(content.encode(), "p.toml", "C0")
    assert says in str(error.value)


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "changes.toml"
    write(path, "")
    announced = Announced((WINDOW,), path)
    assert announced() == (WINDOW,)
    write(path, CHG.replace("CHG-1", "CHG-2"))
    assert [window.id for window in announced()] == ["CHG-1", "CHG-2"]


def test_a_file_that_breaks_leaves_what_was_known(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "changes.toml"
    write(path, CHG)
    announced = Announced((), path)
    write(path, "[[changes")
    assert announced() == (WINDOW,)
    assert announced() == (WINDOW,)
    path.unlink()
    assert announced() == (WINDOW,)
    assert [record.message.partition(":")[0] for record in caplog.records] == [
        "announced changes stay as they were"
    ] * 2


def test_at_start_a_file_must_be_right(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="SGWATCH_CHANGES"):
        load_changes(tmp_path / "none.toml")
