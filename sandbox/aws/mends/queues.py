"""Queues: many threads may use one, it stays quick when full, and it lets go when asked to."""

import functools
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import request
from moto.sqs.models import SQSBackend

from sandbox.aws.patches import Patches

_LOOK_AGAIN_SECONDS = 0.2  # how soon a waiting call sees a message whose visibility has ended


def mend_queues(patches: Patches, closing: threading.Event) -> None:
    """Let queues be used by many at once."""
    lock = threading.RLock()
    for name in (
        "send_message",
        "delete_message",
        "change_message_visibility",
        "purge_queue",
        "create_queue",
        "delete_queue",
    ):
        patches.wrap(SQSBackend, name, lambda original: _one_at_a_time(original, lock))
    patches.wrap(
        SQSBackend, "receive_message", lambda original: _waiting_outside(original, lock, closing)
    )
    patches.replace(SQSBackend, "is_message_valid_based_on_retention_period", _within_retention)


def _one_at_a_time(original: Callable[..., Any], lock: threading.RLock) -> Callable[..., Any]:
    """Hold the lock: a delete rebuilds the list of messages and would lose one sent meanwhile."""

    @functools.wraps(original)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(*args, **kwargs)

    return locked


def _waiting_outside(
    original: Callable[..., Any], lock: threading.RLock, closing: threading.Event
) -> Callable[..., Any]:
    """Receive under the lock, wait without it, and only while there is somebody to wait for.

    In moto two receivers can get the same message, a wait outlives the server by up to 20 s, and
    the wait of a process that was killed takes the next message with it, out of sight for all of
    its visibility timeout.
    """

    def receive_message(
        self: Any,
        queue_name: str,
        count: int,
        wait_seconds_timeout: int,
        visibility_timeout: int,
        message_attribute_names: list[str] | None = None,
    ) -> list[Any]:
        deadline = time.monotonic() + wait_seconds_timeout
        while True:
            if closing.is_set() or _caller_hung_up():
                return []
            with lock:
                found: list[Any] = original(
                    self, queue_name, count, 0, visibility_timeout, message_attribute_names
                )
            left = deadline - time.monotonic()
            if found or left <= 0:
                return found
            self.get_queue(queue_name).wait_for_messages(min(left, _LOOK_AGAIN_SECONDS))

    return receive_message


def _caller_hung_up() -> bool:
    """Say whether the client has closed its connection: then there is an end to be read."""
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if not connection or not select.select([connection], [], [], 0)[0]:
        return False
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return True


def _within_retention(self: Any, queue_name: str, message: Any) -> bool:  # noqa: ARG001
    """Keep every message: moto looks at all of the queue's attributes for each one, in each call.

    With a thousand messages waiting that leaves 30 receives a second, and no sandbox runs for the
    days that retention is about.
    """
    return True
