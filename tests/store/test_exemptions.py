"""Exemptions in a real Redis: decided on by themselves, in force at once, what they hid."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.decide import author
from bot.alerts.entries import Exempted
from bot.alerts.life import Deed, End, Extend, Make
from bot.alerts.outcome import Fate
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from bot.store.link import Link
from bot.store.store import Store, open_store
from tests.builders import ALICE, NOON, OSCAR, ROSA
from tests.store.events import an_outcome, placed_new

POLICY, WEEK = ExemptionPolicy(), timedelta(days=7)
WHO = "arn:aws:iam::123456789012:role/ci"
MADE = Exemption("EX-1", Scope(principals=(WHO,)), "a reason", "U1", NOON, NOON + WEEK)


def made(store: Store) -> None:
    decided = store.exemptions.decide("EX-1", Make(MADE), ROSA, NOON, POLICY)
    assert not isinstance(decided, Refusal)


def test_what_is_decided_is_in_force_for_every_process(store: Store, link: Link) -> None:
    other = open_store(link)
    assert not list(other.exemptions.current())
    made(store)
    assert list(other.exemptions.current()) == [MADE]
    longer = store.exemptions.decide("EX-1", Extend(2 * WEEK, "more"), ROSA, NOON, POLICY)
    assert not isinstance(longer, Refusal)
    assert list(other.exemptions.current()) == [longer[0]]
    store.exemptions.decide("EX-1", End("done"), ROSA, NOON, POLICY)
    [ended] = other.exemptions.current()
    assert ended.expires_at == NOON
    deeds = [lived.did for lived in other.exemptions.lived("EX-1")]
    assert deeds == [Deed.MADE, Deed.EXTENDED, Deed.ENDED]


def test_who_comes_second_is_told(
    store: Store, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(store)
    slow = open_store(link).exemptions
    before = slow.read("EX-1")
    store.exemptions.decide("EX-1", Extend(2 * WEEK, "more"), ROSA, NOON, POLICY)
    monkeypatch.setattr(slow, "read", lambda _: before)
    told = slow.decide("EX-1", End("done"), ROSA, NOON, POLICY)
    assert isinstance(told, Refusal)
    assert "Somebody else has just changed EX-1" in told.why
    assert [lived.did for lived in slow.lived("EX-1")] == [Deed.MADE, Deed.EXTENDED, Deed.REFUSED]


def test_what_is_refused_is_recorded(store: Store) -> None:
    made(store)
    store.exemptions.decide("EX-1", Extend(WEEK, "ok"), OSCAR, NOON, POLICY)
    line = store.exemptions.lived("EX-1")[-1]
    assert (line.did, line.wanted, line.by.slack_id) == (Deed.REFUSED, "extend", OSCAR.slack_id)
    assert "right of a responder" in line.reason
    store.exemptions.decide("EX-2", Make(MADE, ALICE.principals), ALICE, NOON, POLICY)
    [refused] = store.exemptions.refusals()
    assert (refused.by.policy, refused.before) == (ALICE.policy, MADE)
    assert "your own changes" in refused.reason
    assert list(store.exemptions.current()) == [MADE]


def test_one_that_is_there_is_not_made_again(store: Store) -> None:
    made(store)
    assert isinstance(store.exemptions.decide("EX-1", Make(MADE), ROSA, NOON, POLICY), Refusal)


def test_what_an_exemption_hid_is_counted_and_found(store: Store) -> None:
    for number, by in enumerate([("EX-1",), ("EX-1", "EX-2"), ()]):
        fate = Fate.HIDDEN if by else Fate.ALERTED
        store.events.write(replace(an_outcome(f"event-{number}", fate), alert="", hidden_by=by))
    assert store.events.hid("EX-1").told.startswith("hid 2 changes in the last")
    assert store.events.hid("EX-2").changes == 1
    assert store.events.hid("EX-3").changes == 0
    found = store.events.history("exemption", "EX-1")
    assert {outcome.event_id for outcome in found} == {"event-0", "event-1"}


def test_a_decision_on_an_alert_takes_no_other_exemptions_place(store: Store) -> None:
    placing = placed_new()
    store.events.write(an_outcome(), placing)
    reading = store.timelines.read(placing.alert)
    assert reading is not None
    made(store)
    for exemption, appended in ((replace(MADE, reason="another"), False), (MADE, True)):
        entry = Exempted(at=NOON, by=author(ROSA), seen=1, exemption=exemption)
        assert store.timelines.append(reading.alert, [entry]) is appended
        assert list(store.exemptions.current()) == [MADE]
