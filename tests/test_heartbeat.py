"""The dead-man's switch beats while all is well, over real HTTP, and says why it does not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.heartbeat import EVERY, LATE, QUIET, Heartbeat
from bot.paging.http import Http
from bot.store.attention import Subject, SubjectKind
from bot.store.moment import to_ms
from bot.store.store import Store
from sandbox.pagers import PagerServer

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[PagerServer]:
    with PagerServer() as running:
        yield running


def beats(store: Store, server: PagerServer, path: str = "/beat") -> int:
    """Return how often it beat, having attended once."""
    before = server.beats
    heart = Heartbeat(store, Http(inside=True), server.url + path, "C0")
    assert heart.attend(lambda: None) == EVERY
    return server.beats - before


def notices(store: Store) -> list[str]:
    return [notice.what for notice in store.notices.all()]


def test_it_beats_while_events_flow(store: Store, server: PagerServer) -> None:
    store.pulse.beat(store.attention.now())
    assert beats(store, server) == 1
    assert notices(store) == []


def test_where_nobody_reads_the_queue_there_is_none(store: Store, server: PagerServer) -> None:
    assert beats(store, server) == 0
    store.pulse.beat(store.attention.now() - QUIET - SECOND)
    assert beats(store, server) == 0
    assert notices(store) == ["there is no heartbeat: nobody reads the event queue"]


def test_where_something_due_is_late_there_is_none(store: Store, server: PagerServer) -> None:
    store.pulse.beat(store.attention.now())
    late = to_ms(store.attention.now() - LATE - SECOND)
    link = store.attention._link
    link.call("ZADD", link.keys.attention, late, str(Subject(SubjectKind.ALERT, "SGW-1")))
    assert beats(store, server) == 0
    assert notices(store) == ["there is no heartbeat: alert:SGW-1 is late by 5 min"]


def test_a_url_that_does_not_answer_is_told(store: Store, server: PagerServer) -> None:
    store.pulse.beat(store.attention.now())
    assert beats(store, server, "/nowhere") == 0
    assert "its URL does not answer" in notices(store)[0]


def test_without_a_url_there_is_no_chore(store: Store) -> None:
    assert Heartbeat(store, Http(), "", "C0").attend(lambda: None) is None
