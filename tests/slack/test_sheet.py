"""Sheets: what people take away is whole, and nothing in it runs."""

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest

from bot.alerts.sighting import Sighting
from bot.changes.change import Verb
from bot.slack.views.sheet import Form, alert_row, change_rows, written_rows
from tests.builders import a_change, a_principal, a_rule, a_sighting
from tests.slack.alerts import console_sighting, many_changes, open_alert


def as_csv(*sightings: Sighting) -> list[dict[str, str]]:
    rows = (row for seen in sightings for row in change_rows(seen))
    return list(csv.DictReader(StringIO("".join(written_rows(rows, Form.CSV)), newline="")))


def test_a_change_is_told_with_all_that_is_known_of_it() -> None:
    rule = a_rule(description="for the vendor")
    (row,) = as_csv(replace(console_sighting(), change=a_change(added=(rule,))))
    assert row == {
        "time": "2026-03-02T12:00:00+00:00",
        "account": "123456789012",
        "region": "eu-west-1",
        "group id": "sg-0a1b",
        "group name": "web-prod",
        "action": "AuthorizeSecurityGroupIngress",
        "effect": "added",
        "direction": "ingress",
        "protocol": "tcp",
        "ports": "22/tcp",
        "peer": "0.0.0.0/0",
        "description": "for the vendor",
        "rule id": "sgr-1",
        "exposure": "world: 22/tcp",
        "severity": "critical",
        "principal": "alice@example.com",
        "principal id": "arn:aws:iam::123456789012:role/Admin",
        "address": "198.51.100.9",
        "tool": "AWS console",
        "about": "",
        "error": "",
        "event id": "event-1",
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param(
            {"added": (a_rule(), a_rule(443)), "removed": (a_rule(80),)},
            ["added 22/tcp", "added 443/tcp", "removed 80/tcp"],
            id="a row for each rule",
        ),
        pytest.param(
            {"added": (), "rule_ids": ("sgr-7",), "verb": Verb.REVOKE},
            ["removed sgr-7"],
            id="a rule that only its id names",
        ),
        pytest.param(
            {"added": (), "cidrs_added": ("10.0.0.0/8",), "verb": Verb.PREFIX_LIST},
            ["added 10.0.0.0/8"],
            id="an address range of a prefix list",
        ),
        pytest.param({"added": (), "verb": Verb.CREATE}, [""], id="a change without rules"),
    ],
)
def test_every_rule_that_a_change_touched_is_there(
    fields: dict[str, object], told: list[str]
) -> None:
    rows = as_csv(a_sighting(a_change(**fields)))  # type: ignore[arg-type]
    said = [r["effect"] + " " + (r["ports"] or r["rule id"] or r["peer"]) for r in rows]
    assert [words.strip() for words in said] == told


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_a_formula(start: str) -> None:
    text = start + 'HYPERLINK("http://evil.example")'
    rule = a_rule(description=text)
    (row,) = as_csv(a_sighting(a_change(added=(rule,)), principal=a_principal(name=text)))
    assert (row["description"], row["principal"][:2]) == (f"'{text}", f"'{start}")
    (line,) = json.loads(
        "".join(written_rows(change_rows(a_sighting(a_change(added=(rule,)))), Form.JSON))
    )
    assert line["description"] == text


def test_json_is_whole_however_many_there_are() -> None:
    for alerts in ((), (open_alert(),), (open_alert(), many_changes())):
        text = "".join(written_rows(map(alert_row, alerts), Form.JSON))
        assert [row["alert"] for row in json.loads(text)] == [alert.id for alert in alerts]
