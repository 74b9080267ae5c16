"""Rule files: what is read of one, and what is said of one that cannot be used."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.changes.severity import Severity
from bot.detections.kql.tree import Match
from bot.detections.loader import LARGEST, Status, load, packaged, read
from bot.detections.rule import (
    Detection,
    NewTerms,
    Suppression,
    Tactic,
    Technique,
    Threshold,
)
from tests.detections.rules import NEW_TERMS, RULE, THRESHOLD, a_rule_file


def test_all_that_is_shown_of_a_rule_is_kept() -> None:
    assert read("r.toml", RULE).detection == Detection(
        id="r-1",
        name="A rule",
        severity=Severity.MEDIUM,
        query='event.action: "A"\n',
        tree=Match("event.action", "A"),
        description="What it is about.",
        risk_score=47,
        tactics=(
            Tactic(
                "TA0005",
                "Defense Evasion",
                "https://attack.mitre.org/tactics/TA0005/",
                (
                    Technique(
                        "T1562", "Impair Defenses", "https://attack.mitre.org/techniques/T1562/"
                    ),
                    Technique(
                        "T1562.007",
                        "Disable or Modify Cloud Firewall",
                        "https://attack.mitre.org/techniques/T1562/007/",
                    ),
                ),
            ),
        ),
        note="## A guide",
        setup="Nothing.",
        references=("https://example.com/",),
        false_positives=("Planned work.",),
        tags=("Domain: Cloud",),
        index=("logs-aws.cloudtrail-*",),
        related=("r-0",),
        since="now-9m",
        suppression=Suppression(("user.name",), timedelta(hours=5)),
        path="r.toml",
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RULE, id="whole"),
        pytest.param(a_rule_file('language = "kuery"'), id="KQL is the language unless told"),
        pytest.param(a_rule_file('"medium"', '"critical"'), id="another severity"),
        pytest.param(a_rule_file('"A"', '"A" OR event.action: b*'), id="keywords in capitals"),
        pytest.param(a_rule_file("[metadata]", "[transform]\na = 1\n[metadata]"), id="more tables"),
    ],
)
def test_a_rule_in_kql_is_loaded(text: str) -> None:
    file = read("r.toml", text)
    assert (file.status, file.reason) == (Status.LOADED, "")
    assert (file.rule_id, file.name, file.type, file.language) == (
        "r-1",
        "A rule",
        "query",
        "kuery",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(a_rule_file('"query"', '"eql"'), "type eql: EQL is not evaluated", id="EQL"),
        pytest.param(a_rule_file('"query"', '"esql"'), "type esql", id="ES|QL"),
        pytest.param(
            a_rule_file('"query"', '"machine_learning"'), "new_terms finds", id="machine learning"
        ),
        pytest.param(a_rule_file('"query"', '"threat_match"'), "indicators", id="indicators"),
        pytest.param(a_rule_file('"query"', '"saved_query"'), "kept in Kibana", id="saved queries"),
        pytest.param(a_rule_file('"kuery"', '"lucene"'), "in KQL", id="Lucene"),
        pytest.param(
            a_rule_file(
                "[rule.alert_suppression]", "[[rule.filters]]\na = 1\n[rule.alert_suppression]"
            ),
            "put the condition in the query",
            id="filters beside the query",
        ),
        pytest.param(
            a_rule_file('"query"', '"threshold"', "[rule.threshold]\nvalue = 1001"),
            "at most 1,000 events are counted",
            id="more events than are counted",
        ),
    ],
)
def test_what_is_not_supported_is_said_with_the_way_out(text: str, said: str) -> None:
    file = read("r.toml", text)
    assert file.status is Status.UNSUPPORTED
    assert said in file.reason
    assert (file.rule_id, file.name) == ("r-1", "A rule")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[rule", "not TOML: Expected ']'", id="no TOML"),
        pytest.param("[other]\na = 1", "has no [rule] table", id="no rule"),
        pytest.param("rule = 1", "has no [rule] table", id="a rule that is no table"),
        pytest.param("a = " + "[" * 5_000, "not TOML", id="nested without end"),
        pytest.param("#" * (LARGEST + 1), "larger than", id="too large"),
        pytest.param(a_rule_file('rule_id = "r-1"'), "rule.rule_id: Field required", id="no id"),
        pytest.param(a_rule_file('"A rule"', '""'), "rule.name", id="an empty name"),
        pytest.param(a_rule_file('"medium"', '"high!"'), "rule.severity", id="an odd severity"),
        pytest.param(a_rule_file("= 47", "= 101"), "rule.risk_score", id="a risk above 100"),
        pytest.param(a_rule_file('"query"', '"unheard"'), "rule.type", id="a type not heard of"),
        pytest.param(a_rule_file('"kuery"', '"sql"'), "rule.language", id="an odd language"),
        pytest.param(
            a_rule_file('["Domain: Cloud"]', "[1]"), "rule.tags.0", id="a tag that is none"
        ),
        pytest.param(
            a_rule_file('id = "TA0005"'), "rule.threat.0.tactic.id", id="a nameless tactic"
        ),
        pytest.param(
            a_rule_file('"query"', '"threshold"'), "[rule.threshold] table", id="no count"
        ),
        pytest.param(
            a_rule_file('"query"', '"threshold"', "[rule.threshold]\nvalue = 0"),
            "rule.threshold.value",
            id="a count of none",
        ),
        pytest.param(
            a_rule_file(
                '"query"', '"new_terms"', NEW_TERMS.replace('"user.id", ', '"a", "b", "c", ')
            ),
            "rule.new_terms.value",
            id="four new terms",
        ),
        pytest.param(
            a_rule_file('"now-9m"', '"9 minutes ago"'),
            "rule.from: '9 minutes ago' is no date math",
            id="a look-back that is no date math",
        ),
        pytest.param(
            a_rule_file('"query"', '"new_terms"', NEW_TERMS.replace("now-7d", "now+7d")),
            "history_window_start.0.value: 'now+7d' is not in the past",
            id="a history that is to come",
        ),
        pytest.param(
            a_rule_file('from = "now-9m"', 'interval = "often"'),
            "rule.interval: 'often' is no length of time",
            id="an interval that is none",
        ),
        pytest.param(
            a_rule_file('group_by = ["user.name"]'),
            "alert_suppression needs group_by",
            id="suppression by nothing",
        ),
        pytest.param(
            a_rule_file('unit = "h"', 'unit = "week"'),
            "rule.alert_suppression.duration.unit",
            id="a unit not heard of",
        ),
        pytest.param(
            a_rule_file(more='[[exceptions]]\n[[exceptions.items]]\nname = "x"\nentries = []'),
            "exceptions.0.items.0.entries",
            id="an exception without a condition",
        ),
        pytest.param(
            a_rule_file('event.action: "A"', 'event.action: "A"\n  and event.action:'),
            "query, line 3, column 1: expected a value",
            id="a query that is none, with its place",
        ),
    ],
)
def test_what_is_invalid_is_said_with_its_place(text: str, said: str) -> None:
    file = read("r.toml", text)
    assert file.status is Status.INVALID
    assert said in file.reason
    assert file.detection is None


def test_thresholds_and_new_terms_are_kept_for_those_who_count() -> None:
    file = read("r.toml", a_rule_file('"query"', '"threshold"', THRESHOLD))
    counted = file.detection
    assert file.status is Status.LOADED
    assert counted is not None
    assert counted.threshold == Threshold(("user.name",), 10, (("source.ip", 3),))
    learnt = read("r.toml", a_rule_file('"query"', '"new_terms"', NEW_TERMS)).detection
    assert learnt is not None
    assert learnt.new_terms == NewTerms(("user.id", "cloud.region"), "now-7d")


@pytest.mark.parametrize(
    ("text", "suppression"),
    [
        pytest.param(
            a_rule_file('[rule.alert_suppression.duration]\nunit = "h"\nvalue = 5'),
            Suppression(("user.name",), timedelta(minutes=5)),
            id="without a duration, for a run of Kibana's",
        ),
        pytest.param(
            a_rule_file(
                '[rule.alert_suppression.duration]\nunit = "h"\nvalue = 5',
                'missing_fields_strategy = "doNotSuppress"',
            ).replace('from = "now-9m"', 'interval = "1h"'),
            Suppression(("user.name",), timedelta(hours=1), missing=False),
            id="for a run of the rule's own",
        ),
        pytest.param(
            a_rule_file('"query"', '"threshold"', THRESHOLD).replace(
                'group_by = ["user.name"]', ""
            ),
            Suppression((), timedelta(hours=5)),
            id="a threshold's, by what it counts by",
        ),
    ],
)
def test_how_long_one_alert_stands_for_all_like_it(text: str, suppression: Suppression) -> None:
    detection = read("r.toml", text).detection
    assert detection is not None
    assert detection.suppression == suppression


def folder(path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        file = path / f"{name.replace('__', '/')}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return path


def test_a_folder_is_read_with_all_below_it_in_the_order_of_names(tmp_path: Path) -> None:
    second, third = a_rule_file("r-1", "r-2"), a_rule_file("r-1", "r-3")
    place = folder(tmp_path, ca=third, bz=second, a__x=RULE, d="[rule")
    (place / "readme.md").write_text("no rule")
    loaded = load([place])
    assert [detection.id for detection in loaded.detections] == ["r-1", "r-2", "r-3"]
    assert [(file.path, file.status) for file in loaded.problems] == [
        (f"{place}/d.toml", Status.INVALID)
    ]


def test_one_file_may_be_named(tmp_path: Path) -> None:
    file = folder(tmp_path, a=RULE) / "a.toml"
    assert [detection.path for detection in load([file]).detections] == [str(file)]


def test_a_second_rule_of_the_same_id_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, a=RULE, b=RULE)
    loaded = load([place])
    assert len(loaded.detections) == 1
    (problem,) = loaded.problems
    assert problem.reason == f"rule_id r-1 is that of {place}/a.toml already"


def test_rules_loaded_apart_are_refused_a_second_time_too(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(a_rule_file("r-1", packaged().detections[0].id))
    both = packaged() + load([tmp_path])
    assert both.detections == packaged().detections
    assert [problem.path for problem in both.problems] == [f"{tmp_path}/mine.toml"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    loaded = load([tmp_path, tmp_path / "missing.toml"])
    assert [file.status for file in loaded.files] == [Status.INVALID] * 2
    assert all(file.reason.startswith("cannot be read: ") for file in loaded.files)


def test_every_packaged_rule_loads() -> None:
    loaded = packaged()
    assert loaded.problems == ()
    assert len(loaded.detections) == 9
