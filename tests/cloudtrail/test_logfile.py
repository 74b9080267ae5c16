"""Reading log files record by record, in whatever pieces they come."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cloudtrail.envelope import EnvelopeError
from bot.cloudtrail.logfile import read_log_file
from bot.cloudtrail.record import Record, RecordError
from tests.records import Json, a_record

RECORDS = [a_record(eventID=f"e-{n}", userAgent='Zoë 🔴 ]}[{ \\"') for n in range(5)]
PLAIN = json.dumps({"Records": RECORDS}, ensure_ascii=False).encode()


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def ids(content: bytes, size: int = 65536) -> list[str]:
    found = read_log_file(pieces(content, size))
    return [item.event_id if isinstance(item, Record) else str(item) for item in found]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param(gzip.compress(PLAIN), id="gzipped"),
        pytest.param(gzip.compress(PLAIN[:99]) + gzip.compress(PLAIN[99:]), id="gzipped in parts"),
        pytest.param(json.dumps({"Records": RECORDS}, indent=2).encode(), id="over many lines"),
        pytest.param(json.dumps({"x": [1], "Records": RECORDS}).encode(), id="after other keys"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_each_record_is_read(content: bytes, size: int) -> None:
    assert ids(content, size) == [f"e-{n}" for n in range(5)]


@given(st.lists(st.sampled_from(RECORDS), max_size=3), st.integers(1, 400), st.booleans())
def test_the_pieces_make_no_difference(records: list[Json], size: int, packed: bool) -> None:
    content = json.dumps({"Records": records}).encode()
    content = gzip.compress(content) if packed else content
    assert ids(content, size) == [record["eventID"] for record in records]


def test_a_record_that_cannot_be_read_does_not_hide_the_others() -> None:
    content = json.dumps({"Records": [RECORDS[0], 7, a_record(eventName=""), RECORDS[1]]}).encode()
    found = list(read_log_file([content]))
    assert [isinstance(item, RecordError) for item in found] == [False, True, True, False]


def test_text_that_cannot_be_stored_becomes_text_that_can() -> None:
    content = json.dumps({"Records": [a_record(requestParameters={"a": "\ud800"})]}).encode()
    (record,) = read_log_file([content])
    assert isinstance(record, Record)
    assert record.request_parameters == {"a": "?"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "no list of Records", id="an empty file"),
        pytest.param(b"\x1f", "no list of Records", id="one byte"),
        pytest.param(b"hello", "no list of Records", id="another file"),
        pytest.param(PLAIN[:-40], "ends too early", id="a file cut short"),
        pytest.param(gzip.compress(PLAIN)[:-90], "ends too early", id="a gzip file cut short"),
        pytest.param(b"\x1f\x8bhello", "no whole gzip file", id="no gzip file"),
        pytest.param(b'{"Records": [{"a": ' + b"[" * 99_999, "too early", id="nested too deep"),
        pytest.param(b'{"Records": ["' + b"x" * 9_999_999, "without a record", id="no end"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, says: str) -> None:
    with pytest.raises(EnvelopeError, match=says):
        ids(content)


@settings(max_examples=200)
@given(st.binary() | st.binary().map(lambda tail: gzip.compress(PLAIN)[:200] + tail))
def test_any_bytes_are_read_or_say_why_not(content: bytes) -> None:
    try:
        ids(content)
    except EnvelopeError:
        return


def test_a_large_file_is_not_held_whole() -> None:
    content = gzip.compress(json.dumps({"Records": RECORDS * 1000}).encode())
    tracemalloc.start()
    assert sum(1 for _ in read_log_file(pieces(content, 65536))) == 5_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * 2**20
