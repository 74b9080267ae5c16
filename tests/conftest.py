"""Real parts that tests share: a Redis-compatible server per test process, a fresh prefix each."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import settings

from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from sandbox.redis import RedisServer

# How long one example takes says nothing on a shared machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_numbers = count()
FOR_EVER = timedelta(days=36500)
"""Fixed times in tests stay inside the horizon, whenever they run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the simulations: begun last, they would keep one process waiting for the other."""
    items.sort(key=lambda item: "simulation" not in item.path.parts)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with RedisServer() as server:
        yield server.url


@pytest.fixture
def link(redis_url: str) -> Link:
    return Link(connect(redis_url), f"{{test-{next(_numbers)}}}")


@pytest.fixture
def store(link: Link) -> Store:
    return open_store(link, horizon=FOR_EVER)
