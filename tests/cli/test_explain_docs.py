"""docs/explain.md: its example is what the command prints, and its exemptions do what it says."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.explaining import explained, lines

DOCS = Path(__file__).parents[2] / "docs" / "explain.md"


def block(after: str, language: str) -> str:
    """Return the first block of a language after some words."""
    page = DOCS.read_text(encoding="utf-8")
    found = re.compile(rf"```{language}\n(.*?)\n```", re.DOTALL).search(page, page.index(after))
    assert found is not None
    return found[1]


@pytest.fixture
def example(tmp_path: Path) -> tuple[str, ...]:
    record, exemptions = tmp_path / "record.json", tmp_path / "exemptions.toml"
    record.write_text(block("`record.json`:", "json"))
    exemptions.write_text(block("`exemptions.toml`:", "toml"))
    return str(record), "--exemptions", str(exemptions)


def test_the_text_is_what_is_printed(example: tuple[str, ...]) -> None:
    printed = [line.rstrip() for line in explained(*example).stdout.rstrip().splitlines()]
    assert printed == block("`sgwatch explain record.json", "text").splitlines()


def test_the_json_is_what_is_printed(example: tuple[str, ...]) -> None:
    assert lines(explained(*example, "--json")) == [json.loads(block("With `--json`", "json"))]


def test_every_key_is_documented(example: tuple[str, ...]) -> None:
    (told,) = lines(explained(*example, "--json"))
    page = DOCS.read_text(encoding="utf-8")
    assert [
        key for key in (*told, *told["change"], *told["exposure"]) if f"`{key}`" not in page
    ] == []
