"""Meanwhile: another thread acts at the one moment where it would do harm without a lock."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any


@contextmanager
def meanwhile(act: Callable[[], Any]) -> Iterator[Callable[[], None]]:
    """Yield a hook that, once, lets another thread act and gives it time to finish."""
    with ThreadPoolExecutor() as pool:
        acting: list[Future[Any]] = []

        def hook() -> None:
            if not acting:
                acting.append(pool.submit(act))
                wait(acting, timeout=0.2)

        yield hook
        assert acting, "the hook was never reached: moto works otherwise now"
