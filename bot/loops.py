"""Loops: threads of their own, which end together."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

log = logging.getLogger(__name__)

Loop = Callable[[Event], None]

STOPPING = 10.0
"""Seconds that a loop has to finish what it has in hand."""


class LoopDiedError(Exception):
    """A loop ended on a defect of ours."""


@contextmanager
def running(loops: dict[str, Loop], stop: Event) -> Iterator[None]:
    """Run loops on threads of their own, and see them out at the end.

    A loop that dies takes the process with it: whoever runs it starts it again. Raises
    LoopDiedError at the end if one did.
    """
    died: list[str] = []

    def guarded(name: str, loop: Loop) -> None:
        try:
            loop(stop)
        except Exception:
            log.exception("%s died", name)
            died.append(name)
        finally:
            stop.set()

    threads = [Thread(target=guarded, args=item, name=item[0]) for item in loops.items()]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(STOPPING)
    if died:
        raise LoopDiedError(f"{', '.join(died)} died; the log says why")
