"""The server that tells how a process fares: its three paths, and what it needs."""

import logging
import re
import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import time

import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.store.link import Link
from bot.store.moment import to_ms
from bot.store.store import Store, connect, open_store
from bot.watch import QUIET, Probe, Standing, reaches_redis, reads_queue, watched

ROOT = Path(__file__).parents[2]
CHANNEL = "C0ALERTS"
FREE = "127.0.0.1:0"


def standing(store: Store, **probes: Probe) -> Standing:
    return Standing(store, CHANNEL, {"redis": reaches_redis(store), **probes})


def nowhere() -> Store:
    return open_store(Link(connect("redis://127.0.0.1:1/0", within=0.5), "{x}"))


def get(where: str, path: str) -> tuple[int, str]:
    answer = urllib3.PoolManager(retries=False, timeout=5).request("GET", where + path)
    return answer.status, answer.data.decode()


def scraped(text: str) -> Mapping[str, float]:
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("sgwatch_") and not sample.labels
    }


def test_what_is_due_and_unseen_is_told_when_asked(store: Store, link: Link) -> None:
    now = store.attention.now()
    link.call("ZADD", link.keys.attention, to_ms(now - timedelta(minutes=5)), "alert:SGW-1")
    link.call("ZADD", link.keys.pending(CHANNEL), to_ms(now - timedelta(minutes=9)), "SGW-1")
    with watched(FREE, standing(store)) as where:
        code, text = get(where, "/metrics")
    told = scraped(text)
    assert code == 200
    assert told["sgwatch_attention_due"] == 1
    assert told["sgwatch_channel_pending_alerts"] == 1
    assert 300 <= told["sgwatch_attention_oldest_due_seconds"] < 400
    assert 540 <= told["sgwatch_channel_oldest_unseen_seconds"] < 640


def test_without_redis_the_rest_is_told_all_the_same() -> None:
    with watched(FREE, standing(nowhere())) as where:
        code, text = get(where, "/metrics")
        assert get(where, "/healthz") == (200, "alive\n")
        ready, why = get(where, "/readyz")
    assert code == 200
    assert 'sgwatch_ready{part="redis"} 0.0' in text
    assert "sgwatch_attention_due" not in text
    assert ready == 503
    assert why.startswith("redis: Redis cannot be reached: ")


@pytest.mark.parametrize(
    ("why_not", "code", "line"),
    [
        pytest.param("", 200, "listener: ready", id="all parts are ready"),
        pytest.param("no socket\nto Slack", 503, "listener: no socket to Slack", id="one is not"),
    ],
)
def test_it_is_ready_if_every_part_is(store: Store, why_not: str, code: int, line: str) -> None:
    with watched(FREE, standing(store, listener=lambda: why_not)) as where:
        answered, text = get(where, "/readyz")
    assert (answered, text.splitlines()) == (code, ["redis: ready", line])


@pytest.mark.parametrize(
    ("ago", "ready"),
    [
        pytest.param(1, True, id="a moment ago"),
        pytest.param(QUIET + 15, False, id="longer ago than any read takes"),
    ],
)
def test_a_poller_is_ready_while_it_reads(ago: float, *, ready: bool) -> None:
    metrics.LAST_RECEIVE.set(time() - ago)
    assert (not reads_queue()) is ready
    metrics.LAST_RECEIVE.set(0)
    assert "not been read yet" in reads_queue()


def test_no_other_path_is_answered(store: Store) -> None:
    with watched(FREE, standing(store)) as where:
        assert get(where, "/etc/passwd")[0] == 404
        assert get(where, "/metrics?name=x")[0] == 200


def test_a_port_that_is_taken_is_a_warning(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with caplog.at_level(logging.WARNING), watched(address, standing(store)) as where:
            assert where == ""
    assert f"metrics are not served: {address} (Address already in use)" in caplog.text
    assert "SGWATCH_METRICS_ADDRESS" in caplog.text


def test_without_an_address_nothing_is_served(store: Store) -> None:
    with watched("", standing(store)) as where:
        assert where == ""


def test_it_lets_go_at_the_end(store: Store) -> None:
    for _ in range(2):
        with watched(FREE, standing(store)) as where:
            pass
        with pytest.raises(urllib3.exceptions.HTTPError):
            get(where, "/healthz")


def test_every_name_is_documented_and_no_other(store: Store) -> None:
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(sgwatch_\w+)", page, re.MULTILINE))
    with watched(FREE, standing(store)) as where:
        _, text = get(where, "/metrics")
    told = set(re.findall(r"^# TYPE (sgwatch_\w+)", text, re.MULTILINE))
    assert documented == told
