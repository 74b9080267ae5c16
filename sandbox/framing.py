"""Framing: the single requests in what a client sends, each with a label that says what it asks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE)
_TARGET = re.compile(rb"^x-amz-target:[ \t]*\S*\.(\w+)", re.IGNORECASE | re.MULTILINE)
_UPGRADE = re.compile(rb"^upgrade:[ \t]*websocket", re.IGNORECASE | re.MULTILINE)
_TEXT_FRAME = 0x81


@dataclass(frozen=True, slots=True)
class Framed:
    """One request as it was sent. Nobody answers one that is not ``answered``."""

    label: str
    raw: bytes
    answered: bool = True


class Framing(Protocol):
    """Reads what one connection's client sends."""

    def feed(self, data: bytes) -> Iterator[Framed]:
        """Yield every request that is complete now."""
        ...


@dataclass
class HttpFraming:
    """HTTP/1.1 with lengths; after an upgrade, WebSocket frames as they come."""

    _buffer: bytes = b""
    _upgraded: bool = False

    def feed(self, data: bytes) -> Iterator[Framed]:
        """Yield requests: "Action", "/path", or "socket" for an envelope's acknowledgement."""
        if self._upgraded:
            # A client sends each frame in one piece, and pings are as frequent as they are dull.
            yield Framed("socket" if data[0] == _TEXT_FRAME else "", data, answered=False)
            return
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[: end + 4]
            found = _LENGTH.search(head)
            whole = len(head) + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            raw, self._buffer = self._buffer[:whole], self._buffer[whole:]
            self._upgraded = bool(_UPGRADE.search(head))
            yield Framed(_http_label(head, raw[len(head) :]), raw)


def _http_label(head: bytes, body: bytes) -> str:
    """Return the AWS action, whichever way it is said, or the last part of the path."""
    if target := _TARGET.search(head):
        return target[1].decode()
    if body.startswith(b"Action=") or b"&Action=" in body:
        return parse_qs(body.decode())["Action"][0]
    *_, place, name = ["", *urlsplit(head.split(b" ", 2)[1].decode()).path.split("/")]
    return name if place == "api" else place or name


@dataclass
class RedisFraming:
    """Redis's protocol. ``scripts`` names scripts by the hash that they are called by."""

    scripts: Mapping[str, str] = field(default_factory=dict)
    _buffer: bytes = b""

    def feed(self, data: bytes) -> Iterator[Framed]:
        """Yield commands: the script's name, or the command's."""
        self._buffer += data
        while (found := _command(self._buffer)) is not None:
            words, end = found
            raw, self._buffer = self._buffer[:end], self._buffer[end:]
            yield Framed(self._label(words), raw)

    def _label(self, words: list[bytes]) -> str:
        name = words[0].decode().upper()
        if name == "EVALSHA":
            sha = words[1].decode()
            return self.scripts.get(sha, sha)
        return name


def _command(buffer: bytes) -> tuple[list[bytes], int] | None:
    """Return the first command and where it ends, once it is there as a whole."""
    count, at = _number(buffer, 0)
    if at < 0:
        return None
    words = []
    for _ in range(count):
        length, at = _number(buffer, at)
        if at < 0 or len(buffer) < at + length + 2:
            return None
        words.append(buffer[at : at + length])
        at += length + 2
    return words, at


def _number(buffer: bytes, at: int) -> tuple[int, int]:
    """Return the number in a line such as ``*3``, and where the next line begins; or -1."""
    end = buffer.find(b"\r\n", at)
    return (int(buffer[at + 1 : end]), end + 2) if end >= 0 else (0, -1)


def error_answer(status: int, code: str) -> bytes:
    """Return an AWS service's answer that it failed, for JSON and for query protocols."""
    body = json.dumps({"__type": code, "message": "the stand-in was told to fail"})
    return http_answer(status, body, "application/x-amz-json-1.0", {})


def http_answer(status: int, body: str, kind: str, headers: Mapping[str, str]) -> bytes:
    """Return a whole HTTP answer that keeps the connection."""
    content = body.encode()
    lines = [f"HTTP/1.1 {status} Told", f"Content-Type: {kind}", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content
