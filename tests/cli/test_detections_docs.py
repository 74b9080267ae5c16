"""docs/detections.md: its examples are what the commands print, and it names every field."""

import re
import shlex
from pathlib import Path

import pytest

from bot.alerts.judge import Judge
from bot.cloudtrail.record import parse_record
from bot.detections.matcher import Matcher
from tests.cli.detecting import detections
from tests.records import authorize, permission

PAGE = (Path(__file__).parents[2] / "docs" / "detections.md").read_text(encoding="utf-8")
FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?\n)```", re.DOTALL | re.MULTILINE)
SHELL = re.compile(r"^```console\n(.*?\n)```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ sgwatch detections (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)

EXAMPLES = [found for block in SHELL.findall(PAGE) for found in COMMAND.findall(block)]


@pytest.fixture
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILE.findall(PAGE):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize(("command", "printed"), EXAMPLES, ids=[found[0] for found in EXAMPLES])
def test_an_example_is_what_is_printed(command: str, printed: str) -> None:
    result = detections(*shlex.split(command))
    assert [line.rstrip() for line in result.output.splitlines()] == printed.splitlines()


def test_every_command_has_an_example() -> None:
    assert {command.split()[0] for command, _ in EXAMPLES} == {"check", "show", "test", "matches"}


def test_every_field_of_our_own_is_named() -> None:
    record = parse_record(authorize(permission(22, "0.0.0.0/0")))
    names = Judge(Matcher(())).verdict(record).document.names()
    own = [name for name in names if name.startswith("sgwatch.")]
    assert len(own) > 5
    assert [name for name in own if f"`{name}`" not in PAGE] == []
