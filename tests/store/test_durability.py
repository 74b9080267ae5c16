"""How safe a write is before it counts, with real servers that can and cannot give it."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.alerts.commands import Acknowledge
from bot.alerts.entries import Found
from bot.alerts.outcome import Fate
from bot.store.deciding import decide_on
from bot.store.durability import Durability, shortcomings
from bot.store.link import Link, NotSafeError, StoreError
from bot.store.store import Store, connect, open_store
from sandbox.redis import RedisServer
from tests.builders import ROSA
from tests.conftest import FOR_EVER
from tests.line.waiting import wait_until
from tests.store.events import an_outcome, placed_new

DAY = date(2026, 3, 2)


def store_on(server: RedisServer, durability: Durability) -> Store:
    link = Link(connect(server.url), "{durable}", durability=durability)
    return open_store(link, horizon=FOR_EVER)


@pytest.fixture(scope="module")
def plain() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def with_aof() -> Iterator[RedisServer]:
    with RedisServer(aof=True) as server:
        yield server


def test_what_is_confirmed_on_disk_outlives_a_crash_of_redis(with_aof: RedisServer) -> None:
    store = store_on(with_aof, Durability.DISK)
    store.events.write(an_outcome(fate=Fate.UNMATCHED))
    assert store.events.confirm([(DAY, "event-1")])
    with_aof.kill()
    with_aof.start()
    assert store.events.outcome(DAY, "event-1") is not None


def test_a_claim_that_was_lost_is_not_confirmed(with_aof: RedisServer) -> None:
    store = store_on(with_aof, Durability.DISK)
    store.events.write(an_outcome("event-2", fate=Fate.UNMATCHED))
    assert not store.events.confirm([(DAY, "event-2"), (DAY, "event-3")])


def test_scripts_are_loaded_again_where_redis_has_lost_them(with_aof: RedisServer) -> None:
    store = store_on(with_aof, Durability.DISK)
    store.events.write(an_outcome("event-4", fate=Fate.UNMATCHED))
    connect(with_aof.url).script_flush()
    assert store.events.confirm([(DAY, "event-4")])


def test_nothing_counts_as_on_disk_where_there_is_no_aof(plain: RedisServer) -> None:
    store = store_on(plain, Durability.DISK)
    store.events.write(an_outcome(fate=Fate.UNMATCHED))
    with pytest.raises(StoreError):
        store.events.confirm([(DAY, "event-1")])


def test_memory_asks_for_nothing(plain: RedisServer) -> None:
    assert store_on(plain, Durability.MEMORY).events.confirm([(DAY, "never written")])


def test_what_is_confirmed_on_a_replica_is_there(plain: RedisServer) -> None:
    with RedisServer(of=plain) as replica:
        store = store_on(plain, Durability.REPLICA)
        wait_until(lambda: not any(each.fatal for each in store.server.shortcomings()))
        store.events.write(an_outcome("event-5", fate=Fate.UNMATCHED))
        assert store.events.confirm([(DAY, "event-5")])
        copy = store_on(replica, Durability.MEMORY)
        assert copy.events.outcome(DAY, "event-5") is not None


def test_a_replica_that_is_gone_confirms_nothing(plain: RedisServer) -> None:
    store = store_on(plain, Durability.REPLICA)
    store.events.write(an_outcome("event-6", fate=Fate.UNMATCHED))
    with pytest.raises(StoreError, match="not safe on replica within"):
        store.events.confirm([(DAY, "event-6")])


def test_without_its_replica_decisions_wait_and_what_was_found_does_not(plain: RedisServer) -> None:
    store = store_on(plain, Durability.REPLICA)
    store.events.write(an_outcome("event-7"), placed_new("SGW-ALONE001"))
    reading = store.timelines.read("SGW-ALONE001")
    assert reading is not None
    assert store.timelines.observe("SGW-ALONE001", Found(at=reading.now, facts=()))
    with pytest.raises(NotSafeError):
        decide_on(store, "SGW-ALONE001", Acknowledge(), ROSA)


@pytest.mark.parametrize(
    ("durability", "info", "waits", "says"),
    [
        pytest.param(Durability.MEMORY, {}, True, [], id="memory needs nothing"),
        pytest.param(Durability.DISK, {"aof_enabled": 1}, True, [], id="an AOF"),
        pytest.param(
            Durability.DISK, {"aof_enabled": 0}, True, ["set “appendonly yes”"], id="no AOF"
        ),
        pytest.param(Durability.DISK, {"aof_enabled": 1}, False, ["use Redis 7.2"], id="too old"),
        pytest.param(Durability.REPLICA, {"slave0": {"state": "online"}}, True, [], id="a replica"),
        pytest.param(
            Durability.REPLICA,
            {"slave0": {"state": "wait_bgsave"}},
            True,
            ["attach one"],
            id="no replica that has caught up",
        ),
        pytest.param(
            Durability.MEMORY,
            {"maxmemory_policy": "allkeys-lru"},
            True,
            ["set it to noeviction"],
            id="eviction is a warning",
        ),
    ],
)
def test_shortcomings_say_how_to_mend_them(
    durability: Durability, info: dict[str, object], waits: bool, says: list[str]
) -> None:
    found = shortcomings(durability, info, waits=waits)
    assert len(found) == len(says)
    for shortcoming, words in zip(found, says, strict=True):
        assert words in shortcoming.what
        assert shortcoming.fatal == ("memory is full" not in shortcoming.what)
