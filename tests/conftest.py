"""Real parts that tests share: a Redis-compatible server per test process, a fresh prefix each."""

from collections.abc import Iterator
from itertools import count

import pytest

from bot.store.link import Link
from bot.store.store import Store, connect, open_store


_numbers = count()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    from sandbox.redis import RedisServer  # noqa: PLC0415

    with RedisServer() as server:
        yield server.url


@pytest.fixture
def link(redis_url: str) -> Link:
    return Link(connect(redis_url), f"{{test-{next(_numbers)}}}")


@pytest.fixture
def store(link: Link) -> Store:
    return open_store(link)
