"""What is usual for whom: learning twice, late or out of order changes nothing."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st

from bot.alerts.familiar import Known, Trait
from bot.alerts.sighting import Origin, Sighting
from bot.store import familiar
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from tests.builders import NOON, a_change, a_principal, a_sighting
from tests.conftest import FOR_EVER

_numbers = count()
ALICE = a_principal()


def a_seen(day: int, address: str = "198.51.100.9", error: str = "") -> Sighting:
    change = a_change(f"event-{day}", NOON - timedelta(days=day), error=error)
    return a_sighting(change, origin=Origin(address, "", "Terraform 1.9", automated=True))


def test_what_changes_have_in_common_is_known_with_when(store: Store) -> None:
    for day in (3, 1, 2):
        store.familiar.learn(a_seen(day))
    known = store.familiar.known(ALICE)
    span = known.traits[Trait.TOOL]["Terraform"]
    assert (span.first, span.last) == (NOON - timedelta(days=3), NOON - timedelta(days=1))
    assert known.days_before(NOON, NOON - timedelta(days=90)) == [
        "2026-02-27",
        "2026-02-28",
        "2026-03-01",
    ]
    assert known.regions_before(NOON) == {"eu-west-1"}
    assert known.before(Trait.TOOL, span.first) == {}


def test_a_call_that_failed_makes_nothing_familiar(store: Store) -> None:
    store.familiar.learn(a_seen(1, error="Client.UnauthorizedOperation"))
    assert not any(store.familiar.known(ALICE).traits.values())


def test_people_who_share_a_role_are_different(store: Store) -> None:
    carol, dave = (a_principal(person=f"{name}@example.com") for name in ("carol", "dave"))
    store.familiar.learn(a_sighting(principal=carol))
    assert store.familiar.known(carol).traits[Trait.DAY]
    assert not store.familiar.known(dave).traits[Trait.DAY]


def test_it_is_known_since_when_we_would_know(store: Store) -> None:
    assert store.familiar.known(ALICE).since is None
    store.familiar.begin()
    since = store.familiar.known(ALICE).since
    assert since is not None
    store.familiar.begin()
    assert store.familiar.known(ALICE).since == since


def test_it_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(familiar, "MOST", 3)
    for day in range(9, 0, -1):
        store.familiar.learn(a_seen(day, f"198.51.100.{day}"))
    known = store.familiar.known(ALICE).traits
    assert set(known[Trait.ADDRESS]) == {"198.51.100.1", "198.51.100.2", "198.51.100.3"}
    assert set(known[Trait.TOOL]) == {"Terraform"}


def _learnt(link: Link, days: Sequence[int]) -> Known:
    store = open_store(link, horizon=FOR_EVER)
    for day in days:
        store.familiar.learn(a_seen(day, f"198.51.100.{day % 4}"))
    return store.familiar.known(ALICE)


@tries(max_examples=20)
@given(days=st.lists(st.integers(0, 30), min_size=1, max_size=6), data=st.data())
def test_neither_order_nor_repetition_matters(
    redis_url: str, days: list[int], data: st.DataObject
) -> None:
    again = data.draw(st.permutations(days + days[:2]))
    client = connect(redis_url)
    one, other = (
        _learnt(Link(client, f"{{familiar-{next(_numbers)}}}"), order) for order in (days, again)
    )
    assert one == other
