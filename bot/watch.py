"""Watching: a small server that tells how this process fares.

/metrics is for Prometheus, /healthz says that the process is alive, /readyz whether all that it
works with is reachable.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from threading import Thread
from time import time

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from bot import metrics
from bot.cloudtrail.text import printable
from bot.store.link import StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

QUIET = 60.0
"""Seconds without a read of the queue after which a poller is not ready. It reads every five."""

SLOWEST = 5.0
"""Seconds that a client may take to say what it wants."""

WORDS = 200
"""Characters of why something is not ready."""

Probe = Callable[[], str]
"""Returns why a part is not ready; nothing where it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing(Collector):
    """What is asked only when somebody looks: what is due, and which parts are ready."""

    store: Store
    channel: str
    probes: Mapping[str, Probe]

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield it; without Redis only what is ready."""
        ready = GaugeMetricFamily(
            "sgwatch_ready", "Whether a part of this process is ready (1) or not.", labels=["part"]
        )
        for part, why_not in self.readiness().items():
            ready.add_metric([part], float(not why_not))
        yield ready
        try:
            yield from self._backlog()
        except StoreError as error:
            log.warning("what is due cannot be told: %s", printable(str(error), WORDS))

    def describe(self) -> list[GaugeMetricFamily]:
        """Return nothing: so registering asks Redis nothing."""
        return []

    def readiness(self) -> dict[str, str]:
        """Return for each part why it is not ready, or nothing."""
        return {part: printable(probe(), WORDS) for part, probe in self.probes.items()}

    def _backlog(self) -> Iterator[GaugeMetricFamily]:
        due, waiting = self.store.attention.backlog(), self.store.channels.waiting(self.channel)
        now = self.store.attention.now()
        unseen = max((now - waiting.since).total_seconds(), 0.0) if waiting.since else 0.0
        for name, help_, value in (
            ("attention_due", "Subjects that are due now.", due.due),
            (
                "attention_oldest_due_seconds",
                "For how long the subject whose turn is first has been due.",
                due.late.total_seconds(),
            ),
            ("channel_pending_alerts", "Alerts that Slack has still to show.", waiting.alerts),
            (
                "channel_oldest_unseen_seconds",
                "Age of the oldest alert that Slack has never shown.",
                unseen,
            ),
        ):
            yield GaugeMetricFamily(f"sgwatch_{name}", help_, value=float(value))


def reaches_redis(store: Store) -> Probe:
    """Return what tells whether Redis can be reached."""

    def probe() -> str:
        try:
            store.attention.now()
        except StoreError as error:
            return f"Redis cannot be reached: {error}"
        return ""

    return probe


def reads_queue() -> str:
    """Tell whether the queue was read lately."""
    last = metrics.last_receive()
    if not last:
        return "the queue has not been read yet"
    quiet = time() - last
    return f"the queue was last read {quiet:.0f} s ago" if quiet > QUIET else ""


class _Handler(BaseHTTPRequestHandler):
    """Answers the three paths, and nothing else."""

    standing: Standing
    server_version = "sgwatch"
    sys_version = ""
    timeout = SLOWEST

    def do_GET(self) -> None:
        """Answer one request."""
        match self.path.partition("?")[0]:
            case "/metrics":
                encode, kind = choose_encoder(self.headers.get("Accept", ""))
                self._answer(HTTPStatus.OK, encode(metrics.REGISTRY), kind)
            case "/healthz":
                self._answer(HTTPStatus.OK, b"alive\n")
            case "/readyz":
                self._answer_readiness()
            case _:
                self._answer(HTTPStatus.NOT_FOUND, b"there are /metrics, /healthz and /readyz\n")

    def _answer_readiness(self) -> None:
        parts = self.standing.readiness()
        status = HTTPStatus.SERVICE_UNAVAILABLE if any(parts.values()) else HTTPStatus.OK
        lines = [f"{part}: {why_not or 'ready'}\n" for part, why_not in parts.items()]
        self._answer(status, "".join(lines).encode())

    def _answer(
        self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8"
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep quiet: what is scraped every few seconds is not worth a line."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Log in one line what a client that hung up would print as a traceback."""
        log.info("a look at this process was not answered", exc_info=True)


@contextmanager
def watched(address: str, standing: Standing) -> Iterator[str]:
    """Serve at ``host:port`` meanwhile; yield where, or nothing if not served.

    An address that is taken is a warning: alerts matter more than their count.
    """
    server = _listen(address, standing) if address else None
    if server is None:
        yield ""
        return
    where = f"http://{address.rpartition(':')[0]}:{server.server_port}"
    log.info("metrics are at %s/metrics", where)
    metrics.REGISTRY.register(standing)
    thread = Thread(target=server.serve_forever, args=(0.1,), name="watch")
    thread.start()
    try:
        yield where
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        metrics.REGISTRY.unregister(standing)


def _listen(address: str, standing: Standing) -> _Server | None:
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = AF_INET6 if ":" in host else AF_INET
    handler = type("Handler", (_Handler,), {"standing": standing})
    server = type("Server", (_Server,), {"address_family": family})
    try:
        listening: _Server = server((host, int(port)), handler)
    except OSError as error:
        why = error.strerror or str(error)
        log.warning(
            "metrics are not served: %s (%s). Set SGWATCH_METRICS_ADDRESS to a free address, "
            "or to nothing",
            address,
            why,
        )
        return None
    return listening
