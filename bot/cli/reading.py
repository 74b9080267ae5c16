"""Reading records for the terminal: whatever envelope they are in, one or many to a file."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, BinaryIO

from bot.cloudtrail.envelope import EnvelopeError, open_envelope, read_json
from bot.cloudtrail.logfile import GZIP, START, read_log_file
from bot.cloudtrail.record import Record

CHUNK = 1024 * 1024


def read_records(file: BinaryIO) -> Iterator[Record | str]:
    """Yield what a file holds in its order: records, and the reason for each that is unreadable."""
    head = file.read(len(GZIP))
    if head == GZIP:
        yield from _log_file(chain([head], iter(lambda: file.read(CHUNK), b"")))
        return
    content = head + file.read()
    try:
        value = read_json(content)
    except EnvelopeError as error:
        yield from _in_pieces(content, str(error))
        return
    for body in _bodies(value):
        yield from _opened(body)


def _bodies(value: Any) -> Iterator[str]:
    """Yield the envelopes in a JSON value: itself, a list's, or those in messages from SQS."""
    if isinstance(value, list):
        for each in value:
            yield from _bodies(each) if isinstance(each, dict) else [json.dumps(each)]
    elif isinstance(value, dict) and isinstance(messages := value.get("Messages"), list):
        yield from _bodies(messages)
    elif isinstance(value, dict) and isinstance(body := value.get("Body"), str):
        yield body
    else:
        yield json.dumps(value)


def _in_pieces(content: bytes, why: str) -> Iterator[Record | str]:
    """Yield the records of what is no JSON as a whole: lines of JSON, or a log file cut short."""
    lines = [line for line in content.split(b"\n") if line.strip()]
    if any(map(_is_object, lines)):
        for number, line in enumerate(lines, start=1):
            for found in _opened(line):
                yield f"line {number}: {found}" if isinstance(found, str) else found
    elif START.search(content.decode(errors="replace")):
        yield from _log_file([content])
    else:
        yield why


def _is_object(line: bytes) -> bool:
    """Return whether a line is a whole object, and not one of the lines within one."""
    if not line.startswith(b"{"):
        return False
    try:
        return isinstance(read_json(line), dict)
    except EnvelopeError:
        return False


def _opened(body: str | bytes) -> Iterator[Record | str]:
    try:
        delivery = open_envelope(body)
    except EnvelopeError as error:
        yield str(error)
        return
    yield from delivery.records
    yield from delivery.unreadable
    for file in delivery.files:
        yield f"only the notice of a log file: fetch s3://{file.bucket}/{file.key} and explain that"


def _log_file(chunks: Iterable[bytes]) -> Iterator[Record | str]:
    try:
        for found in read_log_file(chunks):
            yield found if isinstance(found, Record) else f"no CloudTrail record: {found}"
    except EnvelopeError as error:
        yield str(error)
