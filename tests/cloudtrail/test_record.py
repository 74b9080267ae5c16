"""Reading one record: tolerant of all that does not say what happened, and when."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.record import RecordError, parse_record, succeeded
from tests.cloudtrail.strategies import anything, mutants
from tests.records import ACCOUNT, GONE, REGION, a_record, failed

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_record_is_read_as_aws_wrote_it() -> None:
    written = a_record(errorCode="Client.DryRunOperation")
    record = parse_record(written)
    assert record.event_id == "0e8b1f2a-0000-4000-8000-000000000001"
    assert record.event_time == NOON
    assert (record.event_source, record.event_name) == (
        "ec2.amazonaws.com",
        "AuthorizeSecurityGroupIngress",
    )
    assert (record.aws_region, record.recipient_account_id) == ("eu-west-1", "123456789012")
    assert record.source_ip_address == "198.51.100.9"
    assert record.user_identity["userName"] == "alice"
    assert record.request_parameters == {"groupId": "sg-0a1b2c3d4e5f60718"}
    assert record.error_code == "Client.DryRunOperation"
    assert record.read_only is False
    assert record.raw is written


@pytest.mark.parametrize(
    ("written", "at"),
    [
        pytest.param("2026-03-02T12:00:00Z", NOON, id="as AWS writes it"),
        pytest.param("2026-03-02 12:00:00", NOON, id="without a zone, as a query's answer has it"),
        pytest.param("2026-03-02 12:00:00.000000000", NOON, id="with nanoseconds"),
        pytest.param("2026-03-02T13:00:00+01:00", NOON, id="in another zone"),
        pytest.param(1772452800, NOON, id="seconds since 1970"),
        pytest.param(1772452800000, NOON, id="milliseconds since 1970"),
        pytest.param("1772452800", NOON, id="seconds since 1970 as text"),
    ],
)
def test_times_are_read_in_every_form(written: Any, at: datetime) -> None:
    time = parse_record(a_record(eventTime=written)).event_time
    assert time == at
    assert time.utcoffset() is not None


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"eventName": GONE}, "eventName is missing", id="no name"),
        pytest.param({"eventSource": None}, "eventSource is missing", id="no source"),
        pytest.param({"eventTime": GONE}, "eventTime is missing", id="no time"),
        pytest.param({"eventTime": "noon\n"}, "eventTime is no time: noon", id="no time at all"),
        pytest.param({"eventTime": True}, "eventTime is no time: true", id="a flag for a time"),
        pytest.param({"eventTime": {}}, "eventTime is no time: such", id="an object for a time"),
        pytest.param({"eventTime": 1e300}, "eventTime is no time: 1e+300", id="the end of time"),
        pytest.param({"eventTime": "0001-01-01T00:00:00+10:00"}, "no time", id="before time"),
        pytest.param({"eventID": "x" * 129}, "eventID is longer than 128", id="too long an id"),
    ],
)
def test_what_is_no_record_says_why(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(RecordError, match=says.replace("+", r"\+")):
        parse_record(a_record(**fields))


@pytest.mark.parametrize("value", [None, [], "text", 7, True])
def test_what_is_no_object_is_no_record(value: Any) -> None:
    with pytest.raises(RecordError, match="a record is a JSON object, not"):
        parse_record(value)


@pytest.mark.parametrize(
    ("fields", "attribute", "expected"),
    [
        pytest.param({"requestParameters": None}, "request_parameters", None, id="null"),
        pytest.param({"requestParameters": "text"}, "request_parameters", None, id="no object"),
        pytest.param({"userIdentity": None}, "user_identity", {}, id="no identity"),
        pytest.param({"userAgent": 7}, "user_agent", "7", id="a number for text"),
        pytest.param({"userAgent": ["a"]}, "user_agent", "", id="a list for text"),
        pytest.param({"userAgent": "x" * 99_999}, "user_agent", "x" * 16_384, id="endless text"),
        pytest.param({"userAgent": "a\ud800b"}, "user_agent", "a?b", id="half a surrogate pair"),
        pytest.param({"readOnly": "true"}, "read_only", True, id="a flag as text"),
        pytest.param({"readOnly": GONE}, "read_only", None, id="no flag"),
        pytest.param({"requestID": GONE, "requestId": "r"}, "request_id", "r", id="an old name"),
    ],
)
def test_the_rest_may_be_of_any_type(fields: dict[str, Any], attribute: str, expected: Any) -> None:
    assert getattr(parse_record(a_record(**fields)), attribute) == expected


def test_a_record_without_an_id_has_the_same_one_each_time() -> None:
    first = parse_record(a_record(eventID=GONE))
    assert first.event_id == parse_record(a_record(eventID=GONE)).event_id
    assert first.event_id != parse_record(a_record(eventID=GONE, userAgent="x")).event_id


def test_the_envelope_fills_what_the_record_does_not_tell() -> None:
    bare = a_record(recipientAccountId=GONE, awsRegion=GONE)
    record = parse_record(bare, account="210987654321", region="eu-north-1")
    assert (record.recipient_account_id, record.aws_region) == ("210987654321", "eu-north-1")
    assert "recipientAccountId" not in record.raw


def test_the_envelope_changes_nothing_that_the_record_tells() -> None:
    record = parse_record(a_record(), account="210987654321", region="eu-north-1")
    assert (record.recipient_account_id, record.aws_region) == (ACCOUNT, REGION)


@pytest.mark.parametrize(
    ("written", "did"),
    [
        pytest.param(a_record(), True, id="no error"),
        pytest.param(a_record(responseElements=None), True, id="no answer, as IAM often has"),
        pytest.param(failed(a_record()), False, id="denied"),
        pytest.param(failed(a_record(), "Client.DryRunOperation"), False, id="a dry run"),
        pytest.param(a_record(errorMessage="No"), False, id="a message without a code"),
        pytest.param(
            a_record("ConsoleLogin", responseElements={"ConsoleLogin": "Failure"}),
            False,
            id="a sign-in that failed",
        ),
        pytest.param(
            a_record("ConsoleLogin", responseElements={"ConsoleLogin": "Success"}),
            True,
            id="a sign-in",
        ),
    ],
)
def test_whether_the_call_did_something(written: dict[str, Any], did: bool) -> None:
    assert succeeded(parse_record(written)) is did


def problem(value: Any) -> str:
    """Return why the value is no record, or nothing. Any other error fails the test."""
    try:
        parse_record(value)
    except RecordError as error:
        return str(error)
    return ""


@given(anything)
def test_any_json_is_a_record_or_says_why_not(value: Any) -> None:
    assert problem(value)


@given(st.sampled_from(("eventID", "eventTime", "eventName", "eventSource")), anything)
def test_a_required_field_may_be_anything(field: str, value: Any) -> None:
    assert field in (problem(a_record(**{field: value})) or field)


def test_a_record_with_one_wrong_value_keeps_all_others() -> None:
    whole = parse_record(a_record())
    kept = ("event_name", "event_time", "aws_region", "user_agent", "request_parameters")
    for name, mutant in mutants(a_record()):
        key = name.split(" ", maxsplit=1)[0].split(".")[0]
        if why := problem(mutant):
            assert key in why, name
            continue
        record = parse_record(mutant)
        for attribute in kept:
            if attribute.replace("_", "") != key.lower():
                assert getattr(record, attribute) == getattr(whole, attribute), name
