"""``sgwatch detections matches``: which rules each line matches, whatever form the line has."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.detecting import Json, detections, lines, rule_file
from tests.records import a_record, authorize, eventbridge, permission

RECORD = authorize(permission(22, "0.0.0.0/0"))
FLAT = "aws.cloudtrail.flattened.request_parameters"


def matched(place: Path, query: str, *given: Any) -> list[bool]:
    """Return which lines the query matches, as the one rule of a folder."""
    rule_file(place, query)
    text = "\n".join(map(json.dumps, given))
    result = detections("matches", str(place), "-", given=text)
    assert result.exit_code == 0, result.output
    return [line["matches"]["r-1"] for line in lines(result)]


def hit(source: Json) -> Json:
    return {"_index": "logs-aws.cloudtrail-default", "_id": "1", "_source": source}


INGESTED = {
    "@timestamp": "2026-03-02T12:00:00Z",
    "event": {
        "action": "AuthorizeSecurityGroupIngress",
        "provider": "ec2.amazonaws.com",
        "outcome": "success",
        "type": ["info", "change"],
        "original": json.dumps(RECORD),
    },
    "source.ip": "198.51.100.9",
    "source": {"port": 443},
    "aws": {
        "cloudtrail": {
            "read_only": "false",
            "flattened": {
                "request_parameters": {
                    "ipPermissions": {"items": [{"fromPort": 22}, {"fromPort": 80}]},
                    "dryRun": False,
                }
            },
        }
    },
}


@pytest.mark.parametrize(
    ("query", "given", "expected"),
    [
        pytest.param("event.action: Authorize*", RECORD, True, id="a record"),
        pytest.param(f"{FLAT}.groupId: sg-*", RECORD, True, id="a record's parameters"),
        pytest.param(
            "event.action: Authorize*", json.loads(eventbridge(RECORD)), True, id="an envelope"
        ),
        pytest.param("sgwatch.exposure.reach: world", RECORD, True, id="what a record exposes"),
        pytest.param("event.action: Authorize*", INGESTED, True, id="a document"),
        pytest.param("event.action: Authorize*", hit(INGESTED), True, id="an answer of a search"),
        pytest.param("event.type: change", INGESTED, True, id="any element of a list"),
        pytest.param('source.ip: "198.51.100.0/24"', INGESTED, True, id="a network"),
        pytest.param('event.action: "0.0.0.0/0"', INGESTED, False, id="a network is none in text"),
        pytest.param("source.port >= 400", INGESTED, True, id="a number"),
        pytest.param("source.port >= 1000", {"source.port": "443"}, False, id="a number as text"),
        pytest.param("source.port: *", {"source.port": "ssh"}, False, id="a number that is none"),
        pytest.param("aws.cloudtrail.read_only: false", INGESTED, True, id="a boolean"),
        pytest.param(f"{FLAT}.ipPermissions.items.fromPort: 80", INGESTED, True, id="flattened"),
        pytest.param(f'{FLAT}.dryRun: "false"', INGESTED, True, id="flattened is text"),
        pytest.param(f"{FLAT}.ipPermissions: *", INGESTED, False, id="flattened has only leaves"),
        pytest.param(
            "cloud.region: *", INGESTED, False, id="what the document lacks its record does not add"
        ),
        pytest.param(
            "sgwatch.exposure:{ reach: world and port: 22 }",
            hit(INGESTED),
            True,
            id="what a document's record exposes",
        ),
        pytest.param("sgwatch.*: world", INGESTED, True, id="by a pattern of names"),
        pytest.param(
            "cloud.region: *",
            {"event": {"original": json.dumps(RECORD)}},
            True,
            id="a document that is still to be read",
        ),
        pytest.param(
            "event.action: x",
            {"event": {"action": "x", "original": "no record"}},
            True,
            id="an original that is none",
        ),
        pytest.param("not event.action: *", {"message": "m"}, True, id="any other document"),
        pytest.param("*:*", {}, True, id="an empty document"),
    ],
)
def test_a_line_is_asked_in_the_types_of_its_fields(
    tmp_path: Path, query: str, given: Json, expected: bool
) -> None:
    assert matched(tmp_path, query, given) == [expected]


def test_an_answer_is_one_line_to_the_byte(tmp_path: Path) -> None:
    rule_file(tmp_path, "event.action: RunInstances", "b")
    Path(rule_file(tmp_path, "event.action: Authorize*", "a")).rename(tmp_path / "last.toml")
    rule_file(tmp_path, "event.provider: ec2.amazonaws.com", "c")
    given = f"{json.dumps(RECORD)}\n{json.dumps(a_record(eventName='RunInstances'))}\n"
    result = detections("matches", str(tmp_path), "-", given=given)
    assert result.stdout == (
        '{"i": 0, "matches": {"a": true, "b": false, "c": true}}\n'
        '{"i": 1, "matches": {"a": false, "b": true, "c": true}}\n'
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("{", "the message is no JSON", id="no JSON"),
        pytest.param("[1]", "the line is a JSON list, not an object", id="a list"),
        pytest.param('{"eventName": "x"}', "no CloudTrail record: ", id="a record of none"),
        pytest.param(
            json.dumps({"Records": [RECORD, RECORD]}), "the line holds 2 records, not one", id="two"
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_said_and_keeps_its_number(
    tmp_path: Path, line: str, said: str
) -> None:
    path = rule_file(tmp_path, "*:*")
    given = f'{{"a": 1}}\n\n{line}\n{{"a": 2}}'
    result = detections("matches", path, "-", given=given)
    assert result.exit_code == 1
    assert [each["i"] for each in lines(result)] == [0, 3]
    assert result.stderr.startswith(f"line 3: {said}")


def test_rules_that_are_not_loaded_are_said_and_left_out(tmp_path: Path) -> None:
    rule_file(tmp_path, "*:*")
    rule_file(tmp_path, "process where true", "r-2", kind="eql", language="eql")
    result = detections("matches", str(tmp_path), "-", given="{}")
    assert result.exit_code == 0
    assert lines(result) == [{"i": 0, "matches": {"r-1": True}}]
    assert "r-2.toml is unsupported: type eql" in result.stderr


def test_without_a_rule_there_is_nothing_to_match(tmp_path: Path) -> None:
    result = detections("matches", str(tmp_path), "-", given="{}")
    assert result.exit_code == 2
    assert result.stderr == f"no rule was loaded from {tmp_path}\n"


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        pytest.param("threshold", '[rule.threshold]\nfield = "user.name"\nvalue = 9', id="counts"),
        pytest.param(
            "new_terms",
            '[rule.new_terms]\nfield = "new_terms_fields"\nvalue = ["user.id"]\n'
            "[[rule.new_terms.history_window_start]]\n"
            'field = "history_window_start"\nvalue = "now-7d"',
            id="what is new",
        ),
    ],
)
def test_of_rules_that_remember_the_query_is_told(tmp_path: Path, kind: str, table: str) -> None:
    path = rule_file(tmp_path, "event.action: RunInstances", kind=kind, more=table)
    run = json.dumps(a_record(eventName="RunInstances"))
    result = detections("matches", path, "-", given=f"{run}\n{json.dumps(RECORD)}")
    assert [line["matches"]["r-1"] for line in lines(result)] == [True, False]
