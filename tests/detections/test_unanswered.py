"""What a rule asks that no record can answer is said when it is loaded."""

import pytest

from bot.detections.loader import Status, packaged, read
from tests.detections.rules import a_rule_file

NEW_TERMS = """
[rule.new_terms]
field = "new_terms_fields"
value = ["user.id", "host.name"]

[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-7d"
"""
COUNTED = """
[rule.threshold]
field = ["user.id"]
value = 3
cardinality = [{field = "source.geo.city_name", value = 2}]
"""
EXCEPTED = """
[[exceptions]]
[[exceptions.items]]
name = "at home"
[[exceptions.items.entries]]
field = "host.name"
type = "match"
operator = "included"
value = "h"
"""
NO_DATE = "is no date (date math such as now-1d is not evaluated in a query)"
MISSING = "is asked, but is not made of records: always missing"
NEVER = "is needed, but is not made of records: the rule never matches"
UNLESS = "it is missing unless"
NEEDS = "is needed: the rule never matches unless"


def notices(text: str) -> tuple[str, ...]:
    file = read("r.toml", text)
    assert file.status is Status.LOADED, file.reason
    assert file.detection is not None
    return file.detection.notices


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param(
            "@timestamp >= now-1d",
            (f"@timestamp >= now-1d never holds: now-1d {NO_DATE}",),
            id="a date told from now on",
        ),
        pytest.param(
            'event.action: "A" and not @timestamp < "now/d"',
            (f"@timestamp < now/d never holds: now/d {NO_DATE}",),
            id="one under not, in quotes",
        ),
        pytest.param(
            '@timestamp < "2026-01-01||+1M"',
            (f"@timestamp < 2026-01-01||+1M never holds: 2026-01-01||+1M {NO_DATE}",),
            id="a date with math on it",
        ),
        pytest.param("@timestamp >= 2026-01-01 and @timestamp: *", (), id="a date"),
        pytest.param(
            "source.ip: office",
            ("source.ip:office never holds: office is no address and no network",),
            id="an address that is none",
        ),
        pytest.param("source.ip: (10.0.0.0/8 or 2001\\:db8\\:\\:1)", (), id="addresses"),
        pytest.param(
            "aws.cloudtrail.read_only: yes",
            ("aws.cloudtrail.read_only:yes never holds: yes is neither true nor false",),
            id="a boolean that is none",
        ),
        pytest.param(
            "agent.name: (* and not Amazon*) and host.name: h",
            (f"agent.name {MISSING}", f"host.name {MISSING}"),
            id="fields that are not made, each once",
        ),
        pytest.param(
            "source.geo.country_iso_code: DE and source.as.organization.name: (* and not A*)",
            (f"source.as.organization.name is asked: {UNLESS} SGWATCH_GEOIP_ASN names a file",),
            id="a country, and what only a file tells",
        ),
        pytest.param(
            "sgwatch.exposure: { reach: world and port: x }",
            ("port:x never holds: x is no number",),
            id="a number that is none, in a nested query",
        ),
        pytest.param(
            "sgwatch.exposure: { reach: world and port: 22 } and sgwatch.severity: high",
            (),
            id="sgwatch's own fields",
        ),
        pytest.param(
            "aws.cloudtrail.flattened.request_parameters.a.b: c and aws.cloudtrail.*: x and word",
            (),
            id="parameters, a pattern, any field",
        ),
    ],
)
def test_what_no_record_can_answer_is_said(query: str, said: tuple[str, ...]) -> None:
    assert notices(a_rule_file('event.action: "A"', query)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            a_rule_file('type = "query"', 'type = "new_terms"', more=NEW_TERMS),
            (f"host.name {NEVER}",),
            id="a term",
        ),
        pytest.param(
            a_rule_file('type = "query"', 'type = "threshold"', more=COUNTED),
            (f"source.geo.city_name {NEEDS} SGWATCH_GEOIP_CITY names a file",),
            id="a value that must vary",
        ),
        pytest.param(a_rule_file(more=EXCEPTED), (f"host.name {MISSING}",), id="an exception"),
    ],
)
def test_so_is_what_the_rest_of_the_rule_asks(text: str, said: tuple[str, ...]) -> None:
    assert notices(text) == said


def test_what_is_shipped_asks_nothing_of_the_kind() -> None:
    assert [notice for detection in packaged().detections for notice in detection.notices] == []
