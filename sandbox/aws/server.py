"""The AWS stand-in: moto's server on loopback, mended and on record."""

import threading
from types import TracebackType
from typing import Any, ClassVar

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import ThreadedWSGIServer

from sandbox.aws.faults import Faults
from sandbox.aws.front import Front
from sandbox.aws.mends import mend
from sandbox.aws.patches import Patches
from sandbox.aws.trail import Trail

_HOST = "127.0.0.1"


class AwsServer:
    """EC2, IAM, RDS, STS, SQS, EventBridge and CloudTrail for any SDK that is given ``url``.

    moto keeps its state in the process, so a process runs one at a time; each starts empty. Keys
    that nobody created are the root's of account 123456789012.
    """

    _one_at_a_time: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.trail = Trail()
        self.faults = Faults()
        self._closing = threading.Event()
        self._patches = Patches()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Return the endpoint to give to SDKs."""
        if not self._server:
            raise RuntimeError("the AWS stand-in is not running: start it first")
        return f"http://{_HOST}:{self._server.port}"

    def start(self) -> None:
        """Start on a free port."""
        if not self._one_at_a_time.acquire(blocking=False):
            raise RuntimeError("an AWS stand-in already runs in this process: stop it first")
        self._closing.clear()
        try:
            mend(self._patches, self._closing)
            _forget_everything()
            front = Front(DomainDispatcherApplication(create_backend_app), self.trail, self.faults)
            self._server = _Server(_HOST, 0, front, _Handler)
            self._thread = threading.Thread(
                target=self._server.serve_forever, args=(0.02,), name="aws-stand-in"
            )
            self._thread.start()
        except BaseException:
            self._patches.undo()
            self._one_at_a_time.release()
            raise

    def stop(self) -> None:
        """Answer what is under way, end waiting calls, and take back the mends."""
        if not self._server or not self._thread:
            return
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server = None
        self.enforce_policies(on=False)
        self._patches.undo()
        self._one_at_a_time.release()

    def enforce_policies(self, *, on: bool = True) -> None:
        """Let IAM policies decide who may call what; until then, all may do everything."""
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0 if on else float("inf")
        ActionAuthenticatorMixin.request_count = 0

    def __enter__(self) -> "AwsServer":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(ThreadedWSGIServer):
    """A thread per request, each waited for when the server closes."""

    daemon_threads = False


class _Handler(MotoRequestHandler):  # type: ignore[misc] # moto is untyped here
    def log_request(self, *args: Any) -> None:
        """Keep quiet: hundreds of requests a second would hide what matters."""


def _forget_everything() -> None:
    # Not BackendDict.reset(): it makes every backend anew before it drops it.
    for backends in BackendDict._instances:
        backends.clear()
    BackendDict._instances.clear()
    reset_model_data()
