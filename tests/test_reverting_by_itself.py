"""Reverts that the policy wants, and a broken glass, on a real Redis."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.commands import Approve, AskRevert
from bot.alerts.people import Right
from bot.alerts.policy import AlertPolicy
from bot.alerts.terms import Automatic, ContainmentPolicy
from bot.contain import revert_by_itself
from bot.containment.digest import digest_of
from bot.store.attention import Subject, SubjectKind
from bot.store.deciding import decide_on
from bot.store.store import Store
from bot.worker import Worker
from tests.alerts.test_evolve import PLAN
from tests.builders import ROSA
from tests.store.events import an_outcome, placed_new
from tests.test_contain import ALERT, Hands

POLICY = ContainmentPolicy(
    automatic=Automatic(frozenset({"d-1"}), frozenset({"123456789012"}), an_hour=1)
)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def stored(store: Store) -> Store:
    store.events.write(an_outcome(), placed_new())
    return store


def alert_now(store: Store) -> Alert:
    reading = store.timelines.read(ALERT)
    assert reading is not None
    return reading.alert


def test_it_is_asked_for_once(stored: Store, hands: Hands) -> None:
    before = alert_now(stored)
    for _ in range(2):
        revert_by_itself(stored, hands, POLICY, before)
    alert = alert_now(stored)
    assert len(alert.containments) == 1
    assert alert.running is not None
    assert not alert.left


def test_beyond_so_many_an_hour_it_is_left_to_people(stored: Store, hands: Hands) -> None:
    stored.budgets.ration("reverts by themselves", "SGW-OTHER-c1", 1, AN_HOUR)
    revert_by_itself(stored, hands, POLICY, alert_now(stored))
    alert = alert_now(stored)
    assert not alert.containments
    assert alert.left == "it has reverted 1 time in an hour, the most that may be"


def test_what_cannot_be_reverted_is_left_to_people(stored: Store, hands: Hands) -> None:
    hands.rules = []
    revert_by_itself(stored, hands, POLICY, alert_now(stored))
    assert "nothing that sgwatch could revert" in alert_now(stored).left


def test_no_more_than_so_many_are_had_by_all_workers_together(store: Store) -> None:
    def take(number: int) -> bool:
        return store.budgets.ration("reverts", f"SGW-{number}-c1", 3, AN_HOUR)

    with ThreadPoolExecutor(8) as workers:
        assert sum(workers.map(take, range(24))) == 3


def test_who_has_had_one_keeps_it_and_it_comes_back_after_the_period(store: Store) -> None:
    a_moment = timedelta(milliseconds=1)
    assert store.budgets.ration("reverts", "one", 1, AN_HOUR)
    assert store.budgets.ration("reverts", "one", 1, AN_HOUR)
    assert not store.budgets.ration("reverts", "two", 1, AN_HOUR)
    while not store.budgets.ration("reverts", "two", 1, a_moment):
        pass


def test_the_operators_hear_of_a_broken_glass(stored: Store, hands: Hands) -> None:
    admin = replace(ROSA, right=Right.ADMIN)
    changed = replace(PLAN, calls=PLAN.calls)
    decide_on(stored, ALERT, AskRevert(changed, "not us", 1, Terms(two=True)), admin)
    decide_on(stored, ALERT, Approve(digest_of(changed), glass=True, reason="alone here"), admin)
    nobody: Any = None
    policy = AlertPolicy(channel="C0ALERTS", questions=frozenset())
    worker = Worker(stored, nobody, hands, nobody, nobody, policy)
    stored.attention.expect(Subject(SubjectKind.ALERT, ALERT))
    while alert_now(stored).running is not None:
        assert worker.attend("token")
    [notice] = [n for n in stored.notices.all() if n.glass]
    assert notice.key == f"glass:{ALERT}-c1"
    assert "Rosa Lindqvist broke the glass" in notice.what
    assert "alone here" in notice.what
    assert notice.past
