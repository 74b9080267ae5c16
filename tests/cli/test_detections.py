"""``sgwatch detections list | show | check | test``: what they print, and how they end."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.detecting import detections, lines, rule_file
from tests.detections.rules import NEW_TERMS, THRESHOLD
from tests.detections.rules import RULE as WHOLE_RULE
from tests.records import a_record

WORLD = "4298b463-5651-453d-94cf-efe9d04b6ddf"
GROUP_DELETED = 'event.provider: "ec2.amazonaws.com" and event.action: "DeleteSecurityGroup"'


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with one of each: loaded, of a type beyond us, malformed in two ways, no rule."""
    rule_file(tmp_path, GROUP_DELETED, "a-good", "Group [bold]deleted[/bold]")
    rule_file(tmp_path, "process where true", "b-eql", "In EQL", "eql", "eql")
    rule_file(tmp_path, "event.action: )", "c-bad")
    (tmp_path / "d-none.toml").write_text("[other]")
    (tmp_path / "readme.md").write_text("no rule file")
    return tmp_path


def test_every_file_is_checked(mixed: Path) -> None:
    result = detections("check", str(mixed))
    assert result.stdout == (
        f"loaded      {mixed}/a-good.toml  Group [bold]deleted[/bold], query\n"
        f"unsupported {mixed}/b-eql.toml  In EQL, eql\n"
        "            type eql: EQL is not evaluated; "
        "write the condition of its first event in KQL, as type query\n"
        f"invalid     {mixed}/c-bad.toml  A rule, query\n"
        "            query, line 1, column 15: expected a value, found ')'\n"
        "              event.action: )\n"
        "                            ^\n"
        f"invalid     {mixed}/d-none.toml\n"
        "            has no [rule] table\n"
        "1 loaded, 1 unsupported, 2 invalid\n"
    )


def test_every_file_is_an_object_in_json(mixed: Path) -> None:
    result = detections("check", "--json", str(mixed))
    found = lines(result)
    assert {tuple(each) for each in found} == {
        ("path", "rule_id", "name", "type", "language", "status", "reason")
    }
    assert [(each["rule_id"], each["language"], each["status"]) for each in found] == [
        ("a-good", "kuery", "loaded"),
        ("b-eql", "eql", "unsupported"),
        ("c-bad", "kuery", "invalid"),
        ("", "", "invalid"),
    ]
    assert found[0]["reason"] == ""
    assert found[0]["path"] == f"{mixed}/a-good.toml"


@pytest.mark.parametrize(
    ("names", "code"),
    [
        pytest.param(["a-good.toml"], 0, id="loaded"),
        pytest.param(["a-good.toml", "b-eql.toml"], 0, id="one that is not supported"),
        pytest.param(["a-good.toml", "d-none.toml"], 1, id="one that is malformed"),
        pytest.param([""], 1, id="a folder with all"),
        pytest.param(["readme.md"], 1, id="a file that is none, named itself"),
        pytest.param(["a-good.toml", "missing"], 2, id="a path that is not there"),
        pytest.param([], 2, id="no path"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_how_a_check_ends(mixed: Path, names: list[str], code: int, form: tuple[str, ...]) -> None:
    result = detections("check", *form, *(str(mixed / name) for name in names))
    assert result.exit_code == code
    if "missing" in names:
        assert "does not exist" in re.sub(r"[\s│]+", " ", result.stderr)
        assert result.stdout == ""


def test_the_packs_and_ones_own_are_listed(mixed: Path) -> None:
    result = detections("list", "--detections", str(mixed))
    assert result.exit_code == 0
    shown = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert shown[0] == "packs"
    assert f"high query loaded EC2 sensitive port opened to the internet {WORLD}" in " ".join(shown)
    assert shown[shown.index(str(mixed)) + 1 :][:7] == [
        "high query loaded Group [bold]deleted[/bold]",
        "a-good",
        "eql unsupported In EQL",
        "b-eql",
        "query invalid A rule",
        "c-bad",
        "invalid d-none.toml",
    ]


def test_the_setting_is_read_without_other_settings(mixed: Path) -> None:
    setting = f"{mixed}/a-good.toml, {mixed}/b-eql.toml"
    found = lines(detections("list", "--json", setting=setting))
    assert [each["rule_id"] for each in found[-2:]] == ["a-good", "b-eql"]
    assert (found[-2]["severity"], found[-2]["risk_score"]) == ("high", 73)
    assert (found[-1]["severity"], found[-1]["risk_score"]) == (None, None)
    assert {str(Path(each["path"]).parent) for each in found[:-2]} == {"packs"}


@pytest.mark.parametrize("command", [("list",), ("show", "x"), ("test", "x", "-")])
@pytest.mark.parametrize("as_setting", [True, False], ids=["in the setting", "as an option"])
def test_a_place_that_is_not_there_is_said(command: tuple[str, ...], as_setting: bool) -> None:
    option = () if as_setting else ("--detections", "/not/there")
    result = detections(*command, *option, setting="/not/there" if as_setting else "")
    assert result.exit_code == 2
    assert result.stderr == "there is no /not/there: check --detections and SGWATCH_DETECTIONS\n"


def test_everything_kept_of_a_rule_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(WHOLE_RULE)
    result = detections("show", "r-1", "--detections", str(tmp_path))
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        " MEDIUM  A rule",
        "  Id          r-1",
        "  Type        query, kuery",
        "  Status      loaded",
        f"  From        {tmp_path}/a.toml",
        "  Risk score  47",
        "  MITRE       TA0005 Defense Evasion https://attack.mitre.org/tactics/TA0005/",
        "                T1562 Impair Defenses https://attack.mitre.org/techniques/T1562/",
        "                T1562.007 Disable or Modify Cloud Firewall",
        "              https://attack.mitre.org/techniques/T1562/007/",
        "  Looks back  now-9m",
        "  One alert   within 5 hours for the same user.name",
        "  Index       logs-aws.cloudtrail-*",
        "  Tags        Domain: Cloud",
        "  Related     r-0",
        "",
        "Description",
        "  What it is about.",
        "",
        "Query",
        '  event.action: "A"',
        "",
        "False positives",
        "  - Planned work.",
        "",
        "Guide",
        "  ## A guide",
        "",
        "Setup",
        "  Nothing.",
        "",
        "References",
        "  - https://example.com/",
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(WORLD, id="by id"),
        pytest.param("EC2 sensitive port opened to the internet", id="by name"),
        pytest.param("ec2 SENSITIVE port opened to the internet", id="in any case"),
    ],
)
def test_a_rule_is_found(name: str) -> None:
    result = detections("show", name)
    assert result.exit_code == 0
    assert WORLD in result.stdout


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param(WORLD[:-1] + "0", f"did you mean {WORLD}?", id="a slip in an id"),
        pytest.param(
            "rds",
            "did you mean RDS instance made public or RDS master password changed?",
            id="part",
        ),
        pytest.param("zzz", "see sgwatch detections list", id="nothing like it"),
    ],
)
def test_an_unknown_rule_is_said_with_the_nearest(name: str, hint: str) -> None:
    for command in (("show", name), ("test", name, "-")):
        result = detections(*command)
        assert result.exit_code == 2
        assert result.stderr == f"there is no detection “{name}”: {hint}\n"


def test_a_rule_that_cannot_be_evaluated_is_shown_with_the_reason(mixed: Path) -> None:
    result = detections("show", "b-eql", "--detections", str(mixed))
    assert result.exit_code == 0
    assert "EQL is not evaluated" in result.stdout


def test_what_a_rule_says_cannot_move_the_cursor(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(WHOLE_RULE.replace("## A guide", "\\u001b[2J\\u202e guide"))
    shown = detections("show", "r-1", "--detections", str(tmp_path)).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown


DELETED = a_record(eventID="e-1", eventName="DeleteSecurityGroup")
OTHER = a_record(eventID="e-2", eventName="RunInstances")


@pytest.mark.parametrize("by", ["a-good", "Group [bold]deleted[/bold]", "file"])
def test_records_that_match_are_told(mixed: Path, by: str) -> None:
    name = str(mixed / "a-good.toml") if by == "file" else by
    given = json.dumps({"Records": [DELETED, OTHER]})
    result = detections("test", name, "-", "--detections", str(mixed), given=given)
    assert result.exit_code == 0, result.output
    first, second, why, total = result.stdout.splitlines()
    assert first.startswith("matches      e-1  alice deleted the group")
    assert second.startswith("does not     e-2  ")
    assert why.strip() == (
        "event.action:DeleteSecurityGroup does not hold: event.action is RunInstances"
    )
    assert total == "1 of 2 records match"


def test_a_record_that_cannot_be_read_is_told_and_the_others_are_tried(mixed: Path) -> None:
    given = f"{json.dumps(DELETED)}\n{{}}\n{json.dumps(OTHER)}"
    result = detections("test", str(mixed / "a-good.toml"), "-", given=given)
    assert result.exit_code == 1
    assert "UNREADABLE" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 of 2 records match"


@pytest.mark.parametrize("name", ["b-eql", "c-bad"])
def test_a_rule_that_is_not_loaded_cannot_be_tried(mixed: Path, name: str) -> None:
    result = detections("test", str(mixed / f"{name}.toml"), "-", given=json.dumps(DELETED))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{mixed}/{name}.toml is ")


EXCEPTED = """
[[rule.exceptions_list]]
list_id = "planned"

[[rule.exceptions_list.items]]
name = "The clean-up"

[[rule.exceptions_list.items.entries]]
field = "user.name"
type = "match"
value = "alice"
"""


def test_an_exception_of_the_file_is_told(tmp_path: Path) -> None:
    path = rule_file(tmp_path, GROUP_DELETED, more=EXCEPTED)
    shown = detections("test", path, "-", given=json.dumps(DELETED)).stdout
    assert "excepted by The clean-up" in shown
    assert "The clean-up: user.name:alice" in detections("show", path).stdout


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        pytest.param(
            "threshold",
            THRESHOLD,
            "Counts at least 10 events with the same user.name within 6 minutes, "
            "with at least 3 different source.ip",
            id="what a threshold counts",
        ),
        pytest.param(
            "threshold",
            "[rule.threshold]\nvalue = 1",
            "Counts at least 1 event within 6 minutes",
            id="a threshold of all events",
        ),
        pytest.param(
            "new_terms",
            NEW_TERMS,
            "New user.id and cloud.region not seen in the 7 days before",
            id="what is new",
        ),
        pytest.param(
            "new_terms",
            NEW_TERMS.replace("now-7d", "now-7d/d"),
            "New user.id and cloud.region not seen since now-7d/d",
            id="what is new since a day's start",
        ),
        pytest.param(
            "query",
            '[[rule.exceptions_list]]\nlist_id = "l-1"',
            "Note exceptions_list names l-1, whose items are kept in Kibana: not applied",
            id="what is not done",
        ),
    ],
)
def test_what_a_rule_does_beside_its_query_is_shown(
    tmp_path: Path, kind: str, more: str, said: str
) -> None:
    path = rule_file(tmp_path, GROUP_DELETED, kind=kind, more=more)
    assert said in " ".join(detections("show", path).stdout.split())


def test_a_check_says_what_is_not_done_of_a_rule_that_runs(tmp_path: Path) -> None:
    path = rule_file(tmp_path, "*:*", more='[[rule.exceptions_list]]\nlist_id = "l-1"')
    result = detections("check", path)
    assert result.exit_code == 0
    assert "exceptions_list names l-1, whose items are kept in Kibana" in result.stdout
