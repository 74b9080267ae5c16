"""Log files: the records of a CloudTrail log file, one by one, however large it is.

No more than one record and one chunk are held at a time. A file that cannot be read to its end
raises EnvelopeError there; a record in it that cannot be read is yielded as the error.
"""

import codecs
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from bot.cloudtrail.envelope import SURROGATE, EnvelopeError, storable
from bot.cloudtrail.record import Record, RecordError, parse_record

LONGEST = 8 * 1024 * 1024
"""Characters of one record: CloudTrail's own limit is 256 kB. More is no log file."""

PIECE = 256 * 1024
"""Bytes that are unpacked at a time: a small file may unpack to a very large one."""

GZIP = b"\x1f\x8b"
START = re.compile(r'"Records"\s*:\s*\[')
BETWEEN = re.compile(r"[\s,]*")


def read_log_file(chunks: Iterable[bytes]) -> Iterator[Record | RecordError]:
    """Yield the records of a log file, gzipped or plain, given its bytes. Raises EnvelopeError."""
    decoder = json.JSONDecoder()
    pieces = _text(unpacked(chunks))
    buffer, at = _find_records(pieces)
    while not buffer.startswith("]", at := _next(buffer, at)):
        try:
            value, end = decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError) as error:
            buffer, at = buffer[at:] + _more(pieces, len(buffer) - at, str(error)), 0
            continue
        try:
            torn = SURROGATE.search(buffer, at, end)
            yield parse_record(storable(value) if torn else value)
        except RecordError as error:
            yield error
        at = end


def _next(buffer: str, at: int) -> int:
    """Return where the next record, or the end of the list, begins."""
    found = BETWEEN.match(buffer, at)
    return found.end() if found else at


def _find_records(pieces: Iterator[str]) -> tuple[str, int]:
    buffer = ""
    while not (found := START.search(buffer)):
        buffer += _more(pieces, len(buffer), "it has no list of Records")
    return buffer, found.end()


def _more(pieces: Iterator[str], held: int, why: str) -> str:
    if held > LONGEST:
        raise EnvelopeError(f"the log file has {held} characters without a record: {why}")
    piece = next(pieces, None)
    if piece is None:
        raise EnvelopeError(f"the log file ends too early: {why}")
    return piece


def _headed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the chunks, the first of them long enough to tell what sort of file it is."""
    head = b""
    each = iter(chunks)
    for chunk in each:
        head += chunk
        if len(head) >= len(GZIP):
            break
    yield head
    yield from each


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes in pieces, unpacked if they are gzip's, of which several may follow.

    Raises EnvelopeError where they cannot be unpacked further.
    """
    pieces = _headed(chunks)
    head = next(pieces)
    if not head.startswith(GZIP):
        yield head
        yield from pieces
        return
    unpacker = zlib.decompressobj(31)
    for chunk in chain([head], pieces):
        packed = chunk
        while packed:
            if unpacker.eof:
                unpacker = zlib.decompressobj(31)
            try:
                yield unpacker.decompress(packed, PIECE)
            except zlib.error as error:
                raise EnvelopeError(f"the log file is no whole gzip file: {error}") from None
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail


def _text(pieces: Iterator[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for piece in pieces:
        yield decoder.decode(piece)
