"""Budgets that all processes share, in a real Redis."""

from datetime import timedelta

from bot.store.store import Store

A_MINUTE = timedelta(minutes=1)


def test_what_is_left_is_spent_and_then_there_is_a_wait(store: Store) -> None:
    spent = [store.budgets.spend("chat.update", 3, A_MINUTE) for _ in range(4)]
    assert spent[:3] == [None, None, None]
    assert spent[3] is not None
    assert timedelta(0) < spent[3] <= A_MINUTE


def test_each_budget_is_its_own(store: Store) -> None:
    store.budgets.spend("chat.update", 1, A_MINUTE)
    assert store.budgets.spend("chat.postMessage", 1, A_MINUTE) is None


def test_a_budget_starts_anew_when_its_period_is_over(store: Store) -> None:
    period = timedelta(milliseconds=20)
    wait, spends = None, 0
    while wait is None:
        wait, spends = store.budgets.spend("chat.update", 1, period), spends + 1
    while store.budgets.spend("chat.update", 1, period) is not None:
        pass
    assert wait <= period


def test_what_is_told_to_rest_has_nothing_left_for_so_long(store: Store) -> None:
    store.budgets.spend("chat.update", 50, A_MINUTE)
    store.budgets.rest("chat.update", timedelta(seconds=30))
    wait = store.budgets.spend("chat.update", 50, A_MINUTE)
    assert wait is not None
    assert timedelta(seconds=20) < wait <= timedelta(seconds=30)
