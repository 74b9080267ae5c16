"""Opening what the queue delivers: every envelope that records come in, and no other."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.envelope import Delivery, EnvelopeError, LogFile, open_envelope
from tests.cloudtrail.strategies import anything, mutants
from tests.records import ACCOUNT, GONE, a_record, eventbridge

RECORD = a_record()
EVENT_ID = RECORD["eventID"]
LOG = "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/03/02/log file+1.json.gz"


def sns(message: str) -> str:
    """Return a message as SNS hands it to a queue."""
    topic = f"arn:aws:sns:eu-west-1:{ACCOUNT}:trail"
    return json.dumps({"Type": "Notification", "TopicArn": topic, "Message": message})


def s3_notice(key: str, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    """Return one of the records in S3's notice of a changed object; the key is URL-encoded."""
    place = {"bucket": {"name": "trail"}, "object": {"key": key, "size": 2048}}
    return {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": event, "s3": place}


def s3_event(key: str) -> str:
    """Return EventBridge's event of a new object; the key is as it is."""
    detail = {"bucket": {"name": "trail"}, "object": {"key": key, "size": 2048}}
    return json.dumps({"detail-type": "Object Created", "source": "aws.s3", "detail": detail})


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(eventbridge(RECORD), id="an EventBridge event"),
        pytest.param(eventbridge(RECORD).encode(), id="as bytes"),
        pytest.param(b"\xef\xbb\xbf" + eventbridge(RECORD).encode(), id="with a byte order mark"),
        pytest.param(sns(eventbridge(RECORD)), id="an EventBridge event within SNS's"),
        pytest.param(sns(json.dumps(RECORD)), id="a record within SNS's"),
        pytest.param(json.dumps(RECORD), id="a bare record"),
        pytest.param(json.dumps({"Records": [RECORD]}), id="a log file's text"),
        pytest.param(
            json.dumps({"Events": [{"EventId": EVENT_ID, "CloudTrailEvent": json.dumps(RECORD)}]}),
            id="what LookupEvents answers",
        ),
        pytest.param(
            json.dumps({"EventId": EVENT_ID, "CloudTrailEvent": json.dumps(RECORD)}),
            id="one of LookupEvents' events",
        ),
        pytest.param(
            json.dumps({"QueryResultRows": [[{"eventJson": json.dumps(RECORD)}]]}),
            id="what CloudTrail Lake answers, as JSON",
        ),
        pytest.param(
            json.dumps(
                {
                    "QueryResultRows": [
                        [
                            {key: json.dumps(value) if isinstance(value, dict) else str(value)}
                            for key, value in RECORD.items()
                        ]
                    ]
                }
            ),
            id="what CloudTrail Lake answers, in columns",
        ),
    ],
)
def test_the_record_is_found(body: str | bytes) -> None:
    delivery = open_envelope(body)
    assert [record.event_id for record in delivery.records] == [EVENT_ID]
    assert delivery.records[0].request_parameters == RECORD["requestParameters"]
    assert (delivery.files, delivery.unreadable) == ((), ())


@pytest.mark.parametrize("kind", ["AWS API Call", "AWS Console Sign In", "AWS Service Event"])
def test_every_kind_of_event_via_cloudtrail_is_read(kind: str) -> None:
    assert open_envelope(eventbridge(RECORD, f"{kind} via CloudTrail")).records


def test_the_events_account_fills_a_missing_one() -> None:
    bare = a_record(recipientAccountId=GONE)
    assert open_envelope(eventbridge(bare)).records[0].recipient_account_id == ACCOUNT
    other = a_record(recipientAccountId="210987654321")
    assert open_envelope(eventbridge(other)).records[0].recipient_account_id == "210987654321"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            json.dumps({"Records": [s3_notice(LOG.replace(" ", "+").replace("+1", "%2B1"))]}),
            id="S3's notice",
        ),
        pytest.param(s3_event(LOG), id="S3's event on EventBridge"),
        pytest.param(
            sns(json.dumps({"s3Bucket": "trail", "s3ObjectKey": [LOG]})),
            id="CloudTrail's own notice",
        ),
    ],
)
def test_a_log_file_is_named(body: str) -> None:
    (file,) = open_envelope(body).files
    assert (file.bucket, file.key) == ("trail", LOG)
    assert file.size in {0, 2048}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps({"Event": "s3:TestEvent", "Bucket": "trail"}), id="S3's test"),
        pytest.param(json.dumps({"Records": []}), id="an empty log file"),
        pytest.param(
            json.dumps({"Records": [s3_notice("x", "ObjectRemoved:Delete")]}), id="a file is gone"
        ),
        pytest.param(
            json.dumps({"Records": [s3_notice("AWSLogs/1/CloudTrail-Digest/d.json.gz")]}),
            id="a digest",
        ),
    ],
)
def test_some_messages_hold_nothing(body: str) -> None:
    assert open_envelope(body) == Delivery()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("", "no JSON", id="nothing"),
        pytest.param("hello", "no JSON", id="no JSON"),
        pytest.param(b"\xff\xfe", "no UTF-8", id="no text"),
        pytest.param("[" * 100_000, "nested too deep", id="nested without end"),
        pytest.param("1" * 5000, "no JSON", id="an endless number"),
        pytest.param("[]", "a JSON list", id="a list"),
        pytest.param("null", "a JSON NoneType", id="null"),
        pytest.param("{}", "nothing in it", id="an empty object"),
        pytest.param('{"hello\\n": 1}', "unknown shape, with hello", id="another object"),
        pytest.param(
            json.dumps({"detail-type": "Scheduled Event", "detail": {}}),
            "of the type “Scheduled Event”, not from CloudTrail",
            id="another EventBridge event",
        ),
        pytest.param(eventbridge(a_record(eventName=GONE)), "eventName is missing", id="no name"),
        pytest.param(
            json.dumps({"detail-type": "AWS API Call via CloudTrail"}),
            "a record is a JSON object, not null",
            id="an event without detail",
        ),
        pytest.param(sns("hello"), "no JSON", id="SNS's, with text"),
        pytest.param(sns(sns(sns(sns(sns("{}"))))), "too many envelopes", id="SNS's without end"),
        pytest.param(s3_event(""), "no bucket and key", id="no key"),
        pytest.param(
            json.dumps({"s3ObjectKey": ["k"]}), "names no bucket", id="a notice without bucket"
        ),
        pytest.param(json.dumps({"x" * 9999: 1}), "unknown shape", id="an endless key"),
    ],
)
def test_what_cannot_be_read_says_why(body: str | bytes, says: str) -> None:
    with pytest.raises(EnvelopeError, match=says) as raised:
        open_envelope(body)
    reason = str(raised.value)
    assert len(reason) <= 300
    assert reason.isprintable()


def test_one_bad_record_does_not_hide_the_others() -> None:
    records = [RECORD, 7, {"x": 1}, a_record(eventTime="noon"), s3_notice("k"), s3_notice("")]
    delivery = open_envelope(json.dumps({"Records": records}))
    assert [record.event_id for record in delivery.records] == [EVENT_ID]
    assert delivery.files == (LogFile("trail", "k", 2048),)
    assert len(delivery.unreadable) == 4


def test_text_that_cannot_be_stored_becomes_text_that_can() -> None:
    body = json.dumps(a_record(requestParameters={"a": "x\ud800", "b": "🔴"}))
    (record,) = open_envelope(body).records
    assert record.raw["requestParameters"] == {"a": "x?", "b": "🔴"}


@given(st.text() | st.binary() | anything.map(json.dumps))
def test_anything_is_opened_or_says_why_not(body: str | bytes) -> None:
    opened(body)


@given(st.sampled_from(("Records", "Events", "QueryResultRows", "detail", "Message")), anything)
def test_an_envelope_may_hold_anything(key: str, value: Any) -> None:
    frame = {"detail-type": "Object Created"} if key == "detail" else {"Type": "Notification"}
    text = json.dumps(value) if key == "Message" else value
    opened(json.dumps(frame | {key: text}))
    opened(json.dumps({key: [s3_notice("k") | {"s3": value}]}))


@pytest.mark.parametrize(
    "body",
    [eventbridge(RECORD), s3_event(LOG), sns("{}"), json.dumps({"Records": [s3_notice("k")]})],
)
def test_an_envelope_with_one_wrong_value_is_opened_or_says_why_not(body: str) -> None:
    for _, mutant in mutants(json.loads(body)):
        opened(json.dumps(mutant))


def opened(body: str | bytes) -> Delivery | str:
    """Return what the message holds, or why it holds nothing; another error fails the test."""
    try:
        return open_envelope(body)
    except EnvelopeError as error:
        return str(error)
