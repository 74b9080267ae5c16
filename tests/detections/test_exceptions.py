"""Exceptions in a rule file: what they keep a rule from matching, and what is not applied."""

from pathlib import Path
from typing import Any

import pytest

from bot.cloudtrail.ecs_document import EcsDocument
from bot.detections.loader import Status, load, read
from bot.detections.matcher import Matcher, excepted_by
from bot.detections.rule import Detection
from tests.detections.rules import a_rule_file

ITEM = """
[[exceptions]]
[exceptions.container]
list_id = "expected"
[[exceptions.items]]
name = "planned"
"""
OTHER_ITEM = '[[exceptions.items]]\nname = "other"\n'


def entry(field: str, kind: str, more: str = "") -> str:
    return f'[[exceptions.items.entries]]\nfield = "{field}"\ntype = "{kind}"\n{more}\n'


def one(value: str, operator: str = "included") -> str:
    return f'value = "{value}"\noperator = "{operator}"'


def a_rule(exceptions: str) -> Detection:
    file = read("r.toml", a_rule_file(more=exceptions))
    assert file.status is Status.LOADED, file.reason
    assert file.detection is not None
    return file.detection


def event(**fields: Any) -> EcsDocument:
    return EcsDocument({"event": {"action": "A"}, **fields})


ALICE = ITEM + entry("user.name", "match", one("alice"))


@pytest.mark.parametrize(
    ("exceptions", "fields", "excepted"),
    [
        pytest.param(ALICE, {"user": {"name": "alice"}}, True, id="match"),
        pytest.param(ALICE, {"user": {"name": "Alice"}}, False, id="match asks case"),
        pytest.param(ALICE, {"user": {"name": ["bob", "alice"]}}, True, id="any of a list"),
        pytest.param(ALICE, {}, False, id="a field that is missing"),
        pytest.param(
            ITEM + entry("user.name", "match", one("alice", "excluded")),
            {"user": {"name": "bob"}},
            True,
            id="excluded: everybody but her",
        ),
        pytest.param(
            ITEM + entry("user.name", "match_any", 'value = ["alice", "bob"]'),
            {"user": {"name": "bob"}},
            True,
            id="match any",
        ),
        pytest.param(
            ITEM + entry("user.name", "exists"), {"user": {"name": "x"}}, True, id="exists"
        ),
        pytest.param(
            ITEM + entry("user.name", "exists", 'operator = "excluded"'), {}, True, id="is missing"
        ),
        pytest.param(
            ITEM + entry("user.name", "wildcard", one("ci-*-prod")),
            {"user": {"name": "ci-web-prod"}},
            True,
            id="wildcard",
        ),
        pytest.param(
            ITEM + entry("user.name", "match", one("ci-*")),
            {"user": {"name": "ci-web"}},
            False,
            id="a star that is none",
        ),
        pytest.param(
            ALICE + entry("cloud.region", "match", one("eu-west-1")),
            {"user": {"name": "alice"}, "cloud": {"region": "us-east-1"}},
            False,
            id="all entries of an item",
        ),
        pytest.param(
            ALICE + OTHER_ITEM + entry("cloud.region", "match", one("eu-west-1")),
            {"cloud": {"region": "eu-west-1"}},
            True,
            id="any item",
        ),
        pytest.param(
            ITEM
            + entry("a", "nested")
            + '[[exceptions.items.entries.entries]]\nfield = "x"\ntype = "match"\nvalue = "1"\n'
            + '[[exceptions.items.entries.entries]]\nfield = "y"\ntype = "match"\nvalue = "1"',
            {"a": [{"x": "1", "y": "2"}, {"x": "2", "y": "1"}]},
            False,
            id="nested: of one object",
        ),
        pytest.param(
            ALICE.replace('name = "planned"', 'name = "x"\nexpire_time = "2026-03-01T00:00:00Z"'),
            {"user": {"name": "alice"}, "@timestamp": "2026-02-28T12:00:00Z"},
            True,
            id="before it expires",
        ),
        pytest.param(
            ALICE.replace('name = "planned"', 'name = "x"\nexpire_time = "2026-03-01T00:00:00Z"'),
            {"user": {"name": "alice"}, "@timestamp": "2026-03-02T12:00:00Z"},
            False,
            id="after it expired",
        ),
    ],
)
def test_what_an_exception_keeps_from_matching(
    exceptions: str, fields: dict[str, Any], excepted: bool
) -> None:
    matched = Matcher([a_rule(exceptions)]).matches(event(**fields))
    assert (not matched) is excepted


def test_the_exception_that_fits_is_told() -> None:
    rule = a_rule(ALICE)
    found = excepted_by(rule, event(user={"name": "alice"}))
    assert found is not None
    assert found.name == "planned"
    assert excepted_by(rule, EcsDocument({"user": {"name": "alice"}})) is None


NAMED = '[[rule.exceptions_list]]\nid = "1"\nlist_id = "expected"\ntype = "detection"\n'


@pytest.mark.parametrize(
    ("exceptions", "notices"),
    [
        pytest.param("", (), id="none"),
        pytest.param(ALICE, (), id="items in the file"),
        pytest.param(
            NAMED,
            ("exceptions_list names expected, whose items are kept in Kibana: not applied",),
            id="a list that is only named",
        ),
        pytest.param(NAMED + ALICE, (), id="a list named, with its items in the file"),
        pytest.param(
            ITEM + entry("user.name", "list", '[exceptions.items.entries.list]\nid = "users"'),
            ("exception 'planned': a value list is kept in Kibana: not applied",),
            id="a value list",
        ),
        pytest.param(
            ITEM + entry("user.name", "wildcard", one("ci-?")),
            ("exception 'planned': a wildcard other than * is not understood: not applied",),
            id="a question mark",
        ),
    ],
)
def test_what_is_not_applied_is_said(exceptions: str, notices: tuple[str, ...]) -> None:
    rule = a_rule(exceptions)
    assert rule.notices == notices
    assert bool(rule.exceptions) is ("items" in exceptions and not notices)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(entry("user.name", "match"), id="no value"),
        pytest.param(entry("user.name", "match", 'value = ["a"]'), id="several for one"),
        pytest.param(entry("user.name", "match_any", "value = []"), id="a list of none"),
        pytest.param(entry("user.name", "match_any", 'value = "a"'), id="one for several"),
        pytest.param(entry("user", "nested"), id="nested around nothing"),
        pytest.param(entry("user", "regex", 'value = "a"'), id="a type not heard of"),
        pytest.param(entry("", "exists"), id="no field"),
    ],
)
def test_an_exception_that_is_none_makes_the_file_invalid(bad: str) -> None:
    file = read("r.toml", a_rule_file(more=ITEM + bad))
    assert file.status is Status.INVALID
    assert file.reason.startswith("exceptions.0.items.0.entries.0")


BESIDE = f"""
[metadata]
list_name = "Expected"
rule_ids = ["r-2"]
{ALICE}
"""


@pytest.mark.parametrize(
    ("rule", "applied"),
    [
        pytest.param(a_rule_file(), False, id="to a rule that has nothing to do with it"),
        pytest.param(a_rule_file("r-1", "r-2"), True, id="to a rule that it names"),
        pytest.param(a_rule_file(more=NAMED), True, id="to a rule that names its list"),
    ],
)
def test_exceptions_in_a_file_of_their_own_are_applied(
    tmp_path: Path, rule: str, applied: bool
) -> None:
    (tmp_path / "exceptions.toml").write_text(BESIDE)
    (tmp_path / "rule.toml").write_text(rule)
    loaded = load([tmp_path])
    assert loaded.problems == ()
    assert [(file.type, file.name) for file in loaded.files] == [
        ("exceptions", "Expected"),
        ("query", "A rule"),
    ]
    (detection,) = loaded.detections
    assert detection.notices == ()
    assert bool(Matcher([detection]).matches(event(user={"name": "alice"}))) is not applied


def test_a_file_of_exceptions_that_is_broken_says_so() -> None:
    file = read("e.toml", BESIDE + entry("user.name", "match"))
    assert (file.status, file.type) == (Status.INVALID, "exceptions")
    assert file.reason.startswith("exceptions.0.items.0.entries.1")
