"""Rules that remember, tried and explained on the records of a file in their order."""

import json
from pathlib import Path

import pytest

from tests.cli.detecting import detections, rule_file
from tests.cli.explaining import answers
from tests.records import a_record

QUERY = "event.action: RunInstances"
NEW_REGION = """
[rule.new_terms]
field = "new_terms_fields"
value = ["cloud.region"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-7d"
"""
THREE = """
[rule.threshold]
field = ["cloud.account.id"]
value = 3
"""
TWO_REGIONS = (
    THREE.replace("value = 3", "value = 1")
    + """
[[rule.threshold.cardinality]]
field = "cloud.region"
value = 2
"""
)
ONCE = """
[rule.alert_suppression]
group_by = ["cloud.region"]
[rule.alert_suppression.duration]
value = 1
unit = "h"
"""
EXCEPT = """
[[exceptions]]
[[exceptions.items]]
name = "the other region"
entries = [{field = "cloud.region", type = "match", operator = "included", value = "us-east-1"}]
"""
REGIONS = ("eu-west-1", "eu-west-1", "us-east-1")
RECORDS = [
    a_record(eventName="RunInstances", eventID=f"e-{number}", awsRegion=region)
    for number, region in enumerate(REGIONS, start=1)
]
SAME = "events with the same cloud.account.id within 6 minutes"
TRIED = pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        pytest.param("query", "", [""] * 3, id="a query alone"),
        pytest.param("threshold", THREE, [f"1 of 3 {SAME}", f"2 of 3 {SAME}", ""], id="often"),
        pytest.param(
            "threshold",
            TWO_REGIONS,
            [
                f"1 of 1 {SAME}, 1 of 2 different values of cloud.region",
                f"2 of 1 {SAME}, 1 of 2 different values of cloud.region",
                "",
            ],
            id="what varies",
        ),
        pytest.param(
            "threshold",
            THREE.replace("cloud.account.id", "not.there"),
            ["not.there is missing"] * 3,
            id="what has no value to count by",
        ),
        pytest.param(
            "new_terms",
            NEW_REGION,
            ["", "this cloud.region was in the file before, within 7 days", ""],
            id="what is new",
        ),
        pytest.param(
            "query", ONCE, ["", "not shown again: it was for e-1, like this", ""], id="shown"
        ),
        pytest.param(
            "query", EXCEPT, ["", "", "excepted by the other region"], id="what is excepted"
        ),
    ],
)


@TRIED
def test_what_a_trial_says(tmp_path: Path, kind: str, more: str, expected: list[str]) -> None:
    path = rule_file(tmp_path, QUERY, kind=kind, more=more)
    shown = detections("test", path, "-", given="\n".join(map(json.dumps, RECORDS)))
    *lines, last = shown.stdout.splitlines()
    reasons = iter([why for why in expected if why])
    for line in lines:
        if line.startswith(" "):
            assert line.strip() == next(reasons)
    assert last == f"{expected.count('')} of 3 records match"
    assert not list(reasons)


@TRIED
def test_what_explain_says(tmp_path: Path, kind: str, more: str, expected: list[str]) -> None:
    path = rule_file(tmp_path, QUERY, kind=kind, more=more)
    told = answers(*RECORDS, arguments=("--detections", str(path)))
    ours = [
        {missed["why"] for missed in each["not_matched"] if missed["id"] == "r-1"} for each in told
    ]
    assert ours == [{why} if why else set() for why in expected]


def test_explain_tells_what_was_counted_where_it_was_enough(tmp_path: Path) -> None:
    path = rule_file(tmp_path, QUERY, kind="threshold", more=THREE)
    *_, last = answers(*RECORDS, arguments=("--detections", str(path)))
    (fact,) = [fact for fact in last["facts"] if fact["label"] == "Counted"]
    assert fact["text"].endswith(f"3 of 3 {SAME}")
