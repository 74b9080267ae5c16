"""Reading: every form in which a person may hold records."""

import gzip
import io
import json
from typing import Any

import pytest

from bot.cli.reading import read_content
from bot.cloudtrail.record import Record
from tests.records import a_record, eventbridge

ONE, TWO = a_record(eventID="1"), a_record(eventID="2")
BOTH = {"Records": [ONE, TWO]}


def text(value: Any) -> bytes:
    return json.dumps(value).encode()


def read(content: bytes) -> list[str]:
    """Return the ids of the records, and "?" for what is unreadable."""
    found = read_content(io.BytesIO(content)).records()
    return [each.event_id if isinstance(each, Record) else "?" for each in found]


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        pytest.param(text(ONE), ["1"], id="a bare record"),
        pytest.param(json.dumps(ONE, indent=4).encode(), ["1"], id="a record over many lines"),
        pytest.param(text(BOTH), ["1", "2"], id="a log file"),
        pytest.param(gzip.compress(text(BOTH)), ["1", "2"], id="a gzipped log file"),
        pytest.param(text(ONE) + b"\n\n" + text(TWO) + b"\n", ["1", "2"], id="lines"),
        pytest.param(
            text(BOTH) + b"\n" + eventbridge(ONE).encode(), ["1", "2", "1"], id="lines of envelopes"
        ),
        pytest.param(
            b"what?\n" + text(ONE) + b"\n{", ["?", "1", "?"], id="lines, some of them none"
        ),
        pytest.param(eventbridge(ONE).encode(), ["1"], id="an event of EventBridge"),
        pytest.param(text([ONE, TWO]), ["1", "2"], id="a list"),
        pytest.param(text([ONE, 7]), ["1", "?"], id="a list with something else"),
        pytest.param(
            text({"Events": [{"EventId": "1", "CloudTrailEvent": json.dumps(ONE)}]}),
            ["1"],
            id="LookupEvents",
        ),
        pytest.param(
            text({"Messages": [{"Body": eventbridge(ONE)}, {"Body": eventbridge(TWO)}]}),
            ["1", "2"],
            id="messages from SQS",
        ),
        pytest.param(text(BOTH)[:-3], ["1", "?"], id="a log file cut short"),
        pytest.param(gzip.compress(text(BOTH))[:-20], ["1", "?"], id="a gzipped file cut short"),
        pytest.param(
            json.dumps(BOTH, indent=1).encode()[:-3], ["1", "2", "?"], id="cut at its end"
        ),
        pytest.param(text({"Records": [ONE, {"eventID": "3"}]}), ["1", "?"], id="a record of none"),
        pytest.param(
            text({"s3Bucket": "b", "s3ObjectKey": ["k.json.gz"]}), ["?"], id="a log file's notice"
        ),
        pytest.param(
            text([json.dumps(ONE), json.dumps(TWO)]), ["1", "2"], id="LookupEvents, by a query"
        ),
        pytest.param(text(ONE) + b"\t" + text(TWO), ["1", "2"], id="LookupEvents, as text"),
        pytest.param(
            b"".join(json.dumps(each, indent=2).encode() + b"\n" for each in (ONE, TWO)),
            ["1", "2"],
            id="records over many lines, one after another",
        ),
        pytest.param(text([ONE]) + b"\n" + text([TWO]), ["1", "2"], id="lines of lists"),
        pytest.param(gzip.compress(text(ONE) + b"\n" + text(TWO)), ["1", "2"], id="gzipped lines"),
        pytest.param(gzip.compress(eventbridge(ONE).encode()), ["1"], id="a gzipped event"),
        pytest.param(
            text({"Records": [ONE, 7, TWO]}).replace(b" 7", b' {"eventVersion": oh}'),
            ["1", "?", "2"],
            id="a log file with a record broken",
        ),
        pytest.param(
            json.dumps([ONE, 7, TWO], indent=1).encode().replace(b" 7", b" {oh"),
            ["1", "?", "2"],
            id="a list with a record broken",
        ),
        pytest.param(text([ONE, TWO])[:-9], ["1", "?"], id="a list cut short"),
        pytest.param(b"\xff\xfe" + json.dumps(ONE).encode("utf-16-le"), ["1"], id="UTF-16"),
        pytest.param(text(ONE) + b"[" * 100_000, ["1", "?"], id="lists without end"),
        pytest.param(b'{"a":' * 100_000, ["?"], id="nested too deep"),
        pytest.param(b"9" * 5000, ["?"], id="a number too long"),
        pytest.param(b"", ["?"], id="nothing"),
        pytest.param(b"\xff\xfe", ["?"], id="no text"),
        pytest.param(b"\xef\xbb\xbf" + text(ONE), ["1"], id="with a byte order mark"),
    ],
)
def test_records_are_found_in(content: bytes, ids: list[str]) -> None:
    assert read(content) == ids
