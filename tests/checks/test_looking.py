"""``sgwatch doctor`` on real parts: what can be amiss with Redis and the queues."""

import pytest

from bot.checks.check import Status
from bot.checks.run import worst
from tests.checks.amiss import (
    NOWHERE,
    Amiss,
    assert_told,
    dead_letter,
    few_receives,
    nearly_full,
    no_such_queue,
    one_queue,
    queue,
    redis,
    replica,
    setting,
    with_others_keys,
    with_user,
)
from tests.checks.conftest import Surroundings

OK, WARN, FAIL = Status


def test_where_all_is_well_nothing_is_to_be_mended(around: Surroundings) -> None:
    checks = around.look()
    assert [check for check in checks if check.status is not OK or check.mend] == []
    assert {check.name for check in checks} >= {
        "settings",
        "policy",
        "accounts",
        "redis",
        "redis persistence",
        "redis eviction",
        "redis memory",
        "redis latency",
        "redis writes",
        "clock",
        "queue",
        "queue visibility",
        "queue redrive",
        "dead letters",
        "slack",
        "slack scopes",
        "slack channel",
        "slack sockets",
        "detections",
        "attention",
        "unseen alerts",
        "read role",
        "read permissions",
        "containment",
    }
    assert worst(checks) is OK


@pytest.mark.parametrize(
    ("amiss", "name", "status", "said", "mend"),
    [
        pytest.param(
            setting(redis_url="redis://127.0.0.1:1/0"),
            "redis",
            FAIL,
            "does not answer",
            "start it",
            id="Redis is not there",
        ),
        pytest.param(with_user, "redis", FAIL, "", "password", id="Redis wants another password"),
        pytest.param(
            with_others_keys,
            "redis writes",
            FAIL,
            "Redis refuses",
            "this prefix",
            id="Redis lets us write elsewhere only",
        ),
        pytest.param(replica, "redis role", FAIL, "replica", "primary", id="Redis is a replica"),
        pytest.param(replica, "redis writes", FAIL, "", "", id="a replica takes no writes"),
        pytest.param(
            redis("appendonly", "no"),
            "redis persistence",
            WARN,
            "no append-only file",
            "appendonly yes",
            id="Redis keeps nothing",
        ),
        pytest.param(
            setting(durability="replica"),
            "redis durability",
            FAIL,
            "replica needs a connected replica",
            "attach one",
            id="a replica is asked for and there is none",
        ),
        pytest.param(
            redis("maxmemory-policy", "allkeys-lru"),
            "redis eviction",
            WARN,
            "REDIS MAY FORGET: maxmemory-policy is allkeys-lru",
            "noeviction",
            id="Redis may forget",
        ),
        pytest.param(
            nearly_full,
            "redis memory",
            WARN,
            "MB used",
            "raise maxmemory",
            id="Redis is nearly full",
        ),
        pytest.param(
            no_such_queue,
            "queue",
            FAIL,
            "the queue does not exist",
            "SGWATCH_QUEUE_URL",
            id="no such queue",
        ),
        pytest.param(
            setting(aws_endpoint_url=NOWHERE),
            "queue",
            FAIL,
            "AWS did not answer",
            "region",
            id="AWS is not there",
        ),
        pytest.param(
            queue(VisibilityTimeout="5"),
            "queue visibility",
            WARN,
            "for 5 s",
            "30 to 900 s",
            id="messages come back at once",
        ),
        pytest.param(
            queue(VisibilityTimeout="7200"),
            "queue visibility",
            WARN,
            "for 7200 s",
            "30 to 900 s",
            id="messages stay away for hours",
        ),
        pytest.param(
            few_receives,
            "queue redrive",
            WARN,
            "read 3 times",
            "maxReceiveCount 7",
            id="SQS gives up before sgwatch does",
        ),
        pytest.param(
            one_queue,
            "dead letters",
            FAIL,
            "round and round",
            "second queue",
            id="one queue for both",
        ),
        pytest.param(
            dead_letter,
            "dead letters",
            WARN,
            "1 message could not be read",
            "sgwatch deadletters list",
            id="a dead letter",
        ),
    ],
)
def test_what_is_amiss_with_redis_and_the_queues_is_named_with_its_mend(
    around: Surroundings, amiss: Amiss, name: str, status: Status, said: str, mend: str
) -> None:
    assert_told(around, amiss, name, status, said, mend)
