"""Reading records for the terminal: whatever envelope they are in, one or many to a file.

A file is a number of JSON values with nothing, a comma or a line's end between them. Lists and log
files are read element by element, so that one that is broken costs no other, and a large file no
more than its text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from bot.cloudtrail.envelope import (
    SURROGATE,
    EnvelopeError,
    open_envelope,
    open_value,
    storable,
)
from bot.cloudtrail.logfile import unpacked
from bot.cloudtrail.record import Record

CHUNK = 1024 * 1024

BETWEEN = re.compile(r"[\s,\]}]*")
LIST = re.compile(r'\[|\{\s*"Records"\s*:\s*\[')
NEXT = re.compile(r'\n(?=[{\[])|(?=\{\s*"eventVersion"\s*:)')
"""Where reading goes on after what is no JSON: at the next line or record that begins."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, unpacked. ``fault`` is why its end is missing, if it is."""

    text: str
    fault: str = ""

    def records(self) -> Iterator[Record | str]:
        """Yield the records in order, and for each that is unreadable the reason."""
        if not self.text.strip() and not self.fault:
            yield "there is nothing in it"
        for value in _values(self.text):
            if isinstance(value, _Broken):
                yield value.why
            else:
                yield from _found(value)
        if self.fault:
            yield self.fault


@dataclass(frozen=True, slots=True)
class _Broken:
    """A place in the text where no JSON value is."""

    why: str


def read_content(file: BinaryIO) -> Content:
    """Return what a file holds, gzipped or not."""
    pieces, fault = bytearray(), ""
    try:
        for piece in unpacked(iter(lambda: file.read(CHUNK), b"")):
            pieces += piece
    except EnvelopeError as error:
        fault = str(error)
    encoding = json.detect_encoding(pieces)
    return Content(pieces.decode(encoding, errors="replace"), fault)


def _values(text: str) -> Iterator[Any]:
    """Yield the values in a text, those within lists one by one."""
    decoder = json.JSONDecoder()
    at, lists, line, counted = 0, 0, 1, 0
    while True:
        between = BETWEEN.match(text, at)
        at, closed = (between.end(), between[0].count("]")) if between else (at, 0)
        lists = max(lists - closed, 0)
        if at == len(text):
            break
        if opening := LIST.match(text, at):
            at, lists = opening.end(), lists + 1
            continue
        try:
            value, end = decoder.raw_decode(text, at)
            value = storable(value) if SURROGATE.search(text, at, end) else value
        except (ValueError, RecursionError) as error:
            line, counted = line + text.count("\n", counted, at), at
            yield _Broken(f"line {line}: no JSON: {_why(error)}")
            found = NEXT.search(text, at + 1)
            at, lists = found.end() if found else len(text), 0
            continue
        yield value
        at = end
    if lists:
        yield _Broken("the file ends too early: its list has no end")


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)


def _found(value: Any) -> Iterator[Record | str]:
    """Yield what a value holds: an envelope, the text of one, or messages from SQS."""
    messages = value.get("Messages") if isinstance(value, dict) else None
    for each in messages if isinstance(messages, list) else [value]:
        body = each.get("Body") if isinstance(each, dict) else None
        yield from _opened(body if isinstance(body, str) else each)


def _opened(value: Any) -> Iterator[Record | str]:
    try:
        delivery = open_envelope(value) if isinstance(value, str) else open_value(value)
    except EnvelopeError as error:
        yield str(error)
        return
    yield from delivery.records
    yield from delivery.unreadable
    for file in delivery.files:
        yield f"only the notice of a log file: fetch s3://{file.bucket}/{file.key} and explain that"
