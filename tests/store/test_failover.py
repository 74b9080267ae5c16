"""A Redis that was demoted: what it refused is said again, on a new connection."""

import pytest

from bot.store.link import Link, StoreError
from bot.store.store import connect
from sandbox.redis import RedisServer
from tests.line.waiting import wait_until


def test_after_a_failover_the_connection_is_made_anew() -> None:
    with RedisServer() as demoted, RedisServer() as primary:
        client, operator = connect(demoted.url), connect(demoted.url)
        link = Link(client, "{failover}")
        before = client.client_id()
        operator.replicaof("127.0.0.1", primary.port)
        wait_until(lambda: operator.info("replication")["role"] == "slave")
        with pytest.raises(StoreError, match="read only"):
            link.run("spend", ["{failover}:budget:x"], [1, 1000])
        assert client.client_id() != before
        operator.replicaof("NO", "ONE")
        wait_until(lambda: operator.info("replication")["role"] == "master")
        assert link.run("spend", ["{failover}:budget:x"], [1, 60_000]) == 0
