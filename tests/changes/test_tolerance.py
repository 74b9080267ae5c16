"""Records with one thing wrong in them: nothing raises, and only what depends on it is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.exposure import Organisation, exposure_of
from bot.changes.normalise import CALLS, change_of
from bot.changes.permissions import permissions_from_rules
from bot.changes.sentence import rule_line, sentence
from bot.changes.severity import SeverityPolicy, severity_of
from bot.cloudtrail.agent import tool_of
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import RecordError, parse_record
from tests.changes.test_fixtures import RECORDS
from tests.cloudtrail.strategies import anything, mutants
from tests.records import Json, a_record, authorize, permission


def answers(value: Any) -> dict[str, Any] | None:
    """Return all that is made of a record, or None if it is none; another error fails the test."""
    try:
        record = parse_record(value)
    except RecordError:
        return None
    principal, change = principal_of(record), change_of(record)
    exposure = exposure_of(change, organisation=Organisation())
    judged = severity_of(change, exposure, SeverityPolicy())
    line = sentence(principal, change, exposure)
    assert line
    assert line.isprintable()
    return {
        "where": (change.account, change.region),
        "who": (principal.id, principal.label),
        "tool": tool_of(record).label,
        "group": change.group.id,
        "rules": [rule_line(rule) for rule in (*change.touched, *change.asked)],
        "permissions": permissions_from_rules(change.touched),
        "severity": judged.severity,
    }


@pytest.mark.parametrize("name", RECORDS)
def test_one_wrong_value_anywhere_never_raises(name: str) -> None:
    for _, mutant in mutants(RECORDS[name]):
        assert json.dumps(answers(mutant), default=str, ensure_ascii=False).encode()


LOST = {
    "userIdentity": {"who", "where"},
    "userAgent": {"tool"},
    "awsRegion": {"where"},
    "recipientAccountId": {"where"},
    "requestParameters": {"group", "rules", "permissions", "severity"},
    "responseElements": {"group", "rules", "permissions", "severity"},
    "errorCode": {"rules", "permissions", "severity"},
    "eventName": {"group", "rules", "permissions", "severity"},
    "eventSource": {"group", "rules", "permissions", "severity"},
}


def test_one_wrong_value_loses_only_what_depends_on_it() -> None:
    whole = authorize(permission(22), permission(443, "10.0.0.0/8"))
    expected = answers(whole)
    assert expected is not None
    for which, mutant in mutants(whole):
        found = answers(mutant)
        if found is None:
            continue
        field = which.split(".", maxsplit=1)[0].split(" ")[0]
        differs = {key for key in expected if found[key] != expected[key]}
        assert differs <= LOST.get(field, set()), which


def test_a_request_or_a_response_alone_tells_the_rules() -> None:
    whole = authorize(permission(22), permission(443, "10.0.0.0/8"))
    expected = answers(whole)
    assert answers(whole | {"responseElements": None}) == expected
    assert answers(whole | {"requestParameters": None}) == expected


@given(st.sampled_from(sorted(CALLS)), anything, anything)
def test_parameters_may_be_anything(name: str, request: Any, response: Any) -> None:
    fields: Json = {"requestParameters": request, "responseElements": response}
    assert answers(a_record(name, **fields))
    wrapped = {"requestParameters": {f"{name}Request": request}}
    assert answers(a_record(name, **wrapped))
