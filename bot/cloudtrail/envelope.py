"""Envelopes: the records in a delivered message, whichever way it came.

EventBridge events, SNS notifications around any other envelope, S3's and CloudTrail's notices of
a log file, log files and bare records, and what LookupEvents and CloudTrail Lake answer.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from bot.cloudtrail.record import Record, RecordError, parse_record
from bot.cloudtrail.text import printable, text_of

REASON = 300
"""Characters of a reason: it must fit a message attribute, whatever was in the message."""

NESTED = 4
"""Envelopes within envelopes that are opened: SNS around EventBridge around a record is three."""

SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""Where JSON's text might hold half of a surrogate pair."""

Json = dict[str, Any]


class EnvelopeError(Exception):
    """Nothing in the message can be read. The text is the reason, fit for a dead letter."""

    def __init__(self, reason: str) -> None:
        super().__init__(printable(reason, REASON))


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file in S3 whose records are to be fetched. ``size`` is 0 where nobody told it."""

    bucket: str
    key: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a message holds. ``unreadable`` are the reasons for records that could not be read."""

    records: tuple[Record, ...] = ()
    files: tuple[LogFile, ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(slots=True)
class _Opened:
    records: list[Record] = field(default_factory=list)
    files: list[LogFile] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def open_envelope(body: str | bytes) -> Delivery:
    """Return what a message holds. Raises EnvelopeError, and nothing else.

    A message that holds no records by its nature (S3's test of a new notification) is empty.
    """
    return open_value(read_json(body))


def open_value(value: Any) -> Delivery:
    """Return what a message holds that was read as JSON. Raises EnvelopeError, and nothing else."""
    opened = _Opened()
    _open(opened, value, NESTED)
    if opened.unreadable and not opened.records and not opened.files:
        raise EnvelopeError(opened.unreadable[0])
    return Delivery(tuple(opened.records), tuple(opened.files), tuple(opened.unreadable))


def read_json(body: str | bytes) -> Any:
    """Return the JSON value in a text, all of whose own text is Unicode. Raises EnvelopeError."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        value = json.loads(text)
        return storable(value) if SURROGATE.search(text) else value
    except UnicodeDecodeError:
        raise EnvelopeError("the message is no UTF-8 text") from None
    except ValueError as error:
        raise EnvelopeError(f"the message is no JSON: {error}") from None
    except RecursionError:
        raise EnvelopeError("the message is JSON nested too deep") from None


def storable(value: Any) -> Any:
    """Return a JSON value without halves of surrogate pairs: valid JSON, but no text to store."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def _open(opened: _Opened, value: Any, depth: int) -> None:
    """Put what the value holds into ``opened``. Raises EnvelopeError for unknown shapes."""
    if depth == 0:
        raise EnvelopeError("the message has too many envelopes within each other")
    if not isinstance(value, dict):
        raise EnvelopeError(f"the message is a JSON {type(value).__name__}, not an object")
    if "detail-type" in value:
        _eventbridge(opened, value)
    elif value.get("Type") == "Notification" and isinstance(value.get("Message"), str):
        _open(opened, read_json(value["Message"]), depth - 1)
    elif isinstance(value.get("Records"), list):
        _each(opened, value["Records"], depth)
    elif isinstance(value.get("Events"), list):
        _each(opened, value["Events"], depth)
    elif isinstance(value.get("QueryResultRows"), list):
        _each(opened, [_row(row) for row in value["QueryResultRows"]], depth)
    elif isinstance(key := value.get("s3ObjectKey"), list):
        _cloudtrail_notice(opened, text_of(value.get("s3Bucket")), key)
    elif value.get("Event") == "s3:TestEvent":
        return
    else:
        _one(opened, value, depth)


def _each(opened: _Opened, values: list[Any], depth: int) -> None:
    for value in values:
        try:
            _one(opened, value, depth)
        except EnvelopeError as error:
            opened.unreadable.append(str(error))


def _one(opened: _Opened, value: Any, depth: int) -> None:
    """Put one record, or the notice of one log file, into ``opened``."""
    if not isinstance(value, dict):
        _record(opened, value)
    elif value.get("eventSource") == "aws:s3":
        _s3_notice(opened, value)
    elif whole := value.get("CloudTrailEvent") or value.get("eventJson"):
        _open(opened, read_json(whole) if isinstance(whole, str) else whole, depth - 1)
    elif "eventName" in value or "eventTime" in value or "eventID" in value:
        _record(opened, value)
    else:
        keys = ", ".join(printable(text_of(key), 40) for key in list(value)[:6])
        raise EnvelopeError(f"the message is of an unknown shape, with {keys or 'nothing in it'}")


def _record(opened: _Opened, value: Any, account: str = "", region: str = "") -> None:
    try:
        opened.records.append(parse_record(value, account=account, region=region))
    except RecordError as error:
        opened.unreadable.append(printable(f"no CloudTrail record: {error}", REASON))


def _eventbridge(opened: _Opened, event: Json) -> None:
    kind, detail = text_of(event["detail-type"]), event.get("detail")
    if kind.endswith("via CloudTrail"):
        account, region = text_of(event.get("account"), 64), text_of(event.get("region"), 64)
        _record(opened, detail, account, region)
    elif kind == "Object Created" and isinstance(detail, dict):
        _file(opened, detail, unquoted=True)
    else:
        raise EnvelopeError(f"an EventBridge event of the type “{kind}”, not from CloudTrail")


def _s3_notice(opened: _Opened, notice: Json) -> None:
    if not text_of(notice.get("eventName")).removeprefix("s3:").startswith("ObjectCreated"):
        return
    _file(opened, notice.get("s3"), unquoted=False)


def _file(opened: _Opened, place: Any, *, unquoted: bool) -> None:
    """Put S3's bucket and object into ``opened``. Its own notices have the key URL-encoded."""
    bucket, key = _at(place, "bucket", "name"), _at(place, "object", "key")
    if not bucket or not key:
        raise EnvelopeError("S3's notice names no bucket and key")
    size = _at(place, "object", "size")
    size_told = int(size) if size.isdecimal() and len(size) < 20 else 0
    _keep(opened, LogFile(bucket, key if unquoted else unquote_plus(key), size_told))


def _at(value: Any, *path: str) -> str:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return text_of(value)


def _cloudtrail_notice(opened: _Opened, bucket: str, keys: list[Any]) -> None:
    if not bucket:
        raise EnvelopeError("CloudTrail's notice of a log file names no bucket")
    for key in keys:
        _keep(opened, LogFile(bucket, text_of(key)))


def _keep(opened: _Opened, file: LogFile) -> None:
    """Keep the file, unless it is a digest: those lie beside the logs and hold no records."""
    if file.key and "/CloudTrail-Digest/" not in file.key:
        opened.files.append(file)


def _row(row: Any) -> Json:
    """Return a row of CloudTrail Lake's answer, which is a list of one-column objects."""
    merged: Json = {}
    for cell in row if isinstance(row, list) else ():
        merged |= cell if isinstance(cell, dict) else {}
    return {column: _cell(text) for column, text in merged.items()}


def _cell(text: Any) -> Any:
    if isinstance(text, str) and text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text
