"""The worker's loop on a real Redis, with chores that fail as alerts may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from bot import worker as module
from bot.alerts.policy import AlertPolicy
from bot.store.attention import Subject, SubjectKind
from bot.store.link import NotSafeError
from bot.store.store import Store
from bot.worker import Chore, Worker

POLICY = AlertPolicy(channel="C0ALERTS")
Renew = Callable[[], None]


def a_worker(store: Store, **chores: Chore) -> Worker:
    nobody: Any = None
    return Worker(store, nobody, nobody, nobody, nobody, POLICY, chores=chores)


def test_a_decision_that_is_not_safe_holds_up_nothing_else(store: Store) -> None:
    done: list[str] = []

    def unsafe(_: Renew) -> None:
        done.append("unsafe")
        raise NotSafeError("append: not safe on replica within 3000 ms")

    def other(_: Renew) -> None:
        done.append("other")

    worker = a_worker(store, unsafe=unsafe, other=other)
    for name in ("unsafe", "other"):
        store.attention.expect(Subject(SubjectKind.CHORE, name))
    assert [worker.attend("token") for _ in range(3)] == [True, True, False]
    assert sorted(done) == ["other", "unsafe"]
    assert store.attention.backlog().first == "chore:unsafe"


def test_an_exemption_is_attended_and_due_again_when_it_says(store: Store) -> None:
    done: list[str] = []

    def attend(exemption_id: str, _: Renew) -> timedelta:
        done.append(exemption_id)
        return timedelta(0) if len(done) < 2 else timedelta(hours=1)

    worker = replace(a_worker(store), exemption=attend)
    store.attention.expect(Subject(SubjectKind.EXEMPTION, "EX-1"))
    assert [worker.attend("token") for _ in range(3)] == [True, True, False]
    assert done == ["EX-1", "EX-1"]


@pytest.mark.timeout(10)
def test_chores_are_done_again_after_redis_was_emptied(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EXPECTED", 0.0)
    stop, times = Event(), 0

    def chore(_: Renew) -> None:
        nonlocal times
        times += 1
        if times == 2:
            stop.set()

    a_worker(store, chore=chore).run(stop)
    assert times == 2
