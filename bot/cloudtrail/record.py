"""The record model: one CloudTrail record, as AWS wrote it.

Field meanings: AWS CloudTrail User Guide, "CloudTrail record contents". Only what says what
happened, and when, is required. Anything else that is missing or of a wrong type is empty.
"""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from bot.cloudtrail.text import flag_of, printable, text_of

EVENT_ID = 128
NAME = 256

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 32_503_680_000
"""The year 3000 in seconds: a greater number counts milliseconds."""


class RecordError(ValueError):
    """A JSON value is no CloudTrail record. The text says what is wrong with it."""


class Record(NamedTuple):
    """One CloudTrail record. ``raw`` is the record's own JSON object, untouched.

    Every record that is delivered becomes one, and a tuple is made in half a dataclass's time.
    """

    event_id: str
    event_time: datetime
    event_source: str
    event_name: str
    aws_region: str
    source_ip_address: str
    user_agent: str
    user_identity: dict[str, Any]
    request_parameters: dict[str, Any] | None
    response_elements: dict[str, Any] | None
    error_code: str
    error_message: str
    request_id: str
    read_only: bool | None
    recipient_account_id: str
    raw: dict[str, Any]


def parse_record(value: Any, *, account: str = "", region: str = "") -> Record:
    """Return a JSON value as a record. Raises RecordError, and nothing else.

    ``account`` and ``region`` are what the envelope tells, for records that do not tell them.
    """
    if not isinstance(value, dict):
        raise RecordError(f"a record is a JSON object, not {_kind(value)}")
    get = value.get
    return Record(
        event_id=_event_id(value),
        event_time=_time(get("eventTime")),
        event_source=_named(value, "eventSource"),
        event_name=_named(value, "eventName"),
        aws_region=text_of(get("awsRegion"), NAME) or region,
        source_ip_address=text_of(get("sourceIPAddress"), NAME),
        user_agent=text_of(get("userAgent")),
        user_identity=_object(get("userIdentity")) or {},
        request_parameters=_object(get("requestParameters")),
        response_elements=_object(get("responseElements")),
        error_code=text_of(get("errorCode"), NAME),
        error_message=text_of(get("errorMessage")),
        request_id=text_of(get("requestID"), NAME) or text_of(get("requestId"), NAME),
        read_only=flag_of(get("readOnly")),
        recipient_account_id=text_of(get("recipientAccountId"), NAME) or account,
        raw=value,
    )


def succeeded(record: Record) -> bool:
    """Return whether the call did something: it did not fail, and was no dry run."""
    if record.error_code or record.error_message:
        return False
    if record.event_name == "ConsoleLogin":
        return text_of((record.response_elements or {}).get("ConsoleLogin")).lower() != "failure"
    return True


def _event_id(value: dict[str, Any]) -> str:
    """Return the record's id; one without is known by its content, the same when it comes again."""
    event_id = text_of(value.get("eventID"), EVENT_ID + 1)
    if len(event_id) > EVENT_ID:
        raise RecordError(f"eventID is longer than {EVENT_ID} characters")
    if event_id:
        return event_id
    try:
        content = json.dumps(value, sort_keys=True, default=str)
    except (ValueError, TypeError, RecursionError):
        raise RecordError("eventID is missing, and the record cannot be written as JSON") from None
    return f"sha256-{hashlib.sha256(content.encode()).hexdigest()[:32]}"


def _named(value: dict[str, Any], key: str) -> str:
    name = text_of(value.get(key), NAME)
    if not name:
        raise RecordError(f"{key} is missing")
    return name


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _time(value: Any) -> datetime:
    """Return a time in UTC: ISO 8601, with or without a zone, or seconds since 1970."""
    if value is None:
        raise RecordError("eventTime is missing")
    try:
        if isinstance(value, str):
            at = _from_text(value.strip())
        elif isinstance(value, int | float) and not isinstance(value, bool):
            at = _from_number(float(value))
        else:
            raise ValueError
        if at.tzinfo is UTC:
            return at
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        shown = printable(text_of(value), 40) or _kind(value)
        raise RecordError(f"eventTime is no time: {shown}") from None


def _from_text(text: str) -> datetime:
    if "-" not in text and re.fullmatch(r"\d{9,13}(\.\d{1,9})?", text):
        return _from_number(float(text))
    return datetime.fromisoformat(text)


def _from_number(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds if seconds < LATEST else seconds / 1000)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}
    return next((name for kind, name in kinds.items() if isinstance(value, kind)), "such a value")
