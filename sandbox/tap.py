"""Taps: a proxy on loopback before a stand-in, where each request may meet its fault.

A tap counts requests, and asks what is to happen to each. It may let one pass, be slow, answer
in the stand-in's place, or strike: do something (kill the caller, say) before the stand-in hears
of the request, or after it has acted and before the caller hears of it, and then hang up.
"""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from sandbox.framing import Framed, Framing

_HOST, _CHUNK = "127.0.0.1", 65536
_LARGE = 200
"""Bytes: more than a ping, less than an envelope."""


def _nothing() -> None:
    """Do nothing but hang up."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The request goes through."""


@dataclass(frozen=True, slots=True)
class Slow:
    """It goes through after some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Instead:
    """The caller gets this answer, and the stand-in never hears of the request."""

    answer: bytes


@dataclass(frozen=True, slots=True)
class Strike:
    """``do`` it and hang up, before the stand-in acts or after it has."""

    after: bool
    do: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Swallow:
    """The stand-in acts, and the caller never gets an answer, nor an end of the connection."""


Act = Pass | Slow | Instead | Strike | Swallow
PASS = Pass()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what it asks, and the how-manieth of its label it is, from 1."""

    label: str
    number: int


Decide = Callable[[Asked], Act]


def let_pass(_: Asked) -> Act:
    """Let everything pass."""
    return PASS


@dataclass(eq=False)
class _Pair:
    """The two ends of one connection."""

    client: socket.socket
    server: socket.socket
    fate: Strike | Swallow | None = None
    threads: list[threading.Thread] = field(default_factory=list)

    def close(self) -> None:
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Tap:
    """A context manager. ``decide`` may be replaced at any time."""

    def __init__(self, upstream: str, framing: Callable[[], Framing]) -> None:
        """Stand before ``upstream``, a host and port such as "127.0.0.1:6379"."""
        host, _, port = upstream.rpartition(":")
        self._upstream, self._framing = (host, int(port)), framing
        self.decide: Decide = let_pass
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._pairs: set[_Pair] = set()
        self._closing = threading.Event()
        self._half = threading.Event()

    @property
    def address(self) -> str:
        """Return where clients connect: host and port."""
        return f"{_HOST}:{self._listening.getsockname()[1]}"

    def counts(self) -> dict[str, int]:
        """Return how many requests of each label came since the last ``reset``."""
        with self._lock:
            return dict(self._counts)

    def reset(self, decide: Decide = let_pass) -> None:
        """Count from the beginning."""
        with self._lock:
            self._counts.clear()
            self.decide = decide
        self._half.clear()

    def cut_next_answer(self) -> None:
        """Break a connection in the middle of the next large thing that the stand-in sends."""
        self._half.set()

    @property
    def will_cut(self) -> bool:
        """Whether that has yet to happen."""
        return self._half.is_set()

    def hang_up(self) -> None:
        """Break every connection without a word."""
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            pair.close()

    def __enter__(self) -> Self:
        self._listening = socket.create_server((_HOST, 0))
        self._thread = threading.Thread(target=self._accept, name="tap")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()
        self.hang_up()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        """Carry one connection from the client's end."""
        try:
            server = socket.create_connection(self._upstream)
        except OSError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair, framing = _Pair(client, server), self._framing()
        with self._lock:
            self._pairs.add(pair)
        threading.Thread(target=self._carry_back, args=(pair,), daemon=True).start()
        try:
            while data := client.recv(_CHUNK):
                for framed in framing.feed(data):
                    self._carry(pair, framed)
        except OSError:
            pass
        finally:
            pair.close()
            with self._lock:
                self._pairs.discard(pair)

    def _carry(self, pair: _Pair, framed: Framed) -> None:
        match self._fate(framed):
            case Slow(seconds):
                self._closing.wait(seconds)
            case Instead(answer):
                pair.client.sendall(answer)
                return
            case Strike(after=False) as strike:
                self._strike(pair, strike)
                return
            case Strike() | Swallow() as fate if framed.answered:
                pair.fate = fate
            case Strike() as strike:
                pair.server.sendall(framed.raw)
                self._strike(pair, strike)
                return
            case Swallow() | Pass():
                pass
        pair.server.sendall(framed.raw)

    def _fate(self, framed: Framed) -> Act:
        if not framed.label:
            return PASS
        with self._lock:
            self._counts[framed.label] += 1
            asked = Asked(framed.label, self._counts[framed.label])
            return self.decide(asked)

    def _carry_back(self, pair: _Pair) -> None:
        """Carry what the stand-in answers: by then it has acted."""
        try:
            while data := pair.server.recv(_CHUNK):
                if isinstance(pair.fate, Strike):
                    self._strike(pair, pair.fate)
                elif self._half.is_set() and len(data) >= _LARGE:
                    self._half.clear()
                    pair.client.sendall(data[: len(data) // 2])
                    pair.close()
                elif pair.fate is None:
                    pair.client.sendall(data)
        except OSError:
            pass
        finally:
            # Whoever waits for an answer that was swallowed also waits for the end in vain.
            if not isinstance(pair.fate, Swallow):
                pair.close()

    @staticmethod
    def _strike(pair: _Pair, strike: Strike) -> None:
        strike.do()
        pair.close()
