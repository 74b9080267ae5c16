"""Events in a real Redis: each outcome once, with its claim, its history and its alert."""

from dataclasses import replace
from datetime import date

import pytest

from bot.alerts.closing import Closing
from bot.alerts.outcome import Fate
from bot.store.events import Placing, Written
from bot.store.store import Store
from tests.alerts.test_evolve import benign
from tests.builders import NOON, seen
from tests.store.events import an_outcome, placed_join, placed_new

DAY = date(2026, 3, 2)


def test_an_outcome_is_written_once(store: Store) -> None:
    assert store.events.write(an_outcome(), placed_new()) is Written.NEW
    assert store.events.write(an_outcome(), placed_new("SGW-OTHER001")) is Written.KNOWN
    assert store.timelines.read("SGW-OTHER001") is None
    assert store.events.counts() == {"events:alerted": 1}


def test_what_became_of_a_record_can_be_asked(store: Store) -> None:
    store.events.write(an_outcome(fate=Fate.UNMATCHED))
    assert store.events.outcome(DAY, "event-1") == an_outcome(fate=Fate.UNMATCHED)
    assert store.events.outcome(DAY, "event-2") is None


@pytest.mark.parametrize(
    ("by", "value"),
    [
        pytest.param("principal", "arn:aws:iam::123456789012:user/alice", id="by principal"),
        pytest.param("key", "AKIA1", id="by access key"),
        pytest.param("address", "198.51.100.9", id="by address"),
        pytest.param("group", "sg-0a1b", id="by group"),
    ],
)
def test_history_is_found(store: Store, by: str, value: str) -> None:
    store.events.write(an_outcome("event-1"), placed_new())
    store.events.write(an_outcome("event-2", Fate.UNMATCHED))
    assert {o.event_id for o in store.events.history(by, value)} == {"event-1", "event-2"}


def test_the_window_tells_the_alert_to_join(store: Store) -> None:
    assert store.events.window("group-1") is None
    placing = placed_new()
    store.events.write(an_outcome(), placing)
    assert store.events.window("group-1") == placing.window


def test_joining_an_alert_that_is_open(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    assert store.events.write(an_outcome("event-2"), placed_join()) is Written.NEW
    reading = store.timelines.read("SGW-TEST0001")
    assert reading is not None
    assert reading.alert.counts.changes == 2


def test_an_alert_resolved_meanwhile_is_not_joined(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    reading = store.timelines.read("SGW-TEST0001")
    assert reading is not None
    store.timelines.append(reading.alert, [benign()])
    assert store.events.write(an_outcome("event-2"), placed_join()) is Written.ENDED
    after = placed_new("SGW-NEXT0001", based_on="SGW-TEST0001", after="SGW-TEST0001")
    assert store.events.write(an_outcome("event-2"), after) is Written.NEW


def test_an_alert_forgotten_meanwhile_is_not_joined(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    store.timelines.forget("SGW-TEST0001")
    assert store.events.write(an_outcome("event-2"), placed_join()) is Written.ENDED


def test_two_pollers_do_not_begin_two_alerts_for_one_group(store: Store) -> None:
    store.events.write(an_outcome("event-1"), placed_new("SGW-TEST0001"))
    assert store.events.write(an_outcome("event-2"), placed_new("SGW-TEST0002")) is Written.MOVED
    assert store.timelines.read("SGW-TEST0002") is None


def test_a_note_is_refused_when_the_timeline_has_grown(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    note = Placing("SGW-TEST0001", (seen(),), based_on="2")
    assert store.events.write(an_outcome("event-2"), note) is Written.NEW
    assert store.events.write(an_outcome("event-3"), note) is Written.MOVED


def test_nothing_is_claimed_by_a_refused_write(store: Store) -> None:
    store.events.write(an_outcome("event-1"), placed_new("SGW-TEST0001"))
    store.events.write(an_outcome("event-2"), placed_new("SGW-TEST0002"))
    assert store.events.outcome(NOON.date(), "event-2") is None


CLOSING = Closing("event-9", NOON, "sg-0a1b", "bob")


def test_a_closing_makes_the_alerts_about_its_group_due(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    subject = store.attention.take("t")
    assert subject is not None
    store.attention.finish(subject, "t", None)
    assert store.attention.take("t") is None
    closing = replace(an_outcome("event-9", Fate.UNMATCHED), sighting=None, closing=CLOSING)
    store.events.write(closing)
    assert store.attention.take("t") == subject
    assert store.events.closings(["sg-other", "sg-0a1b"]) == [CLOSING]


def test_a_closing_elsewhere_makes_nothing_due(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())
    subject = store.attention.take("t")
    assert subject is not None
    store.attention.finish(subject, "t", None)
    elsewhere = replace(CLOSING, place="sg-other")
    store.events.write(
        replace(an_outcome("event-9", Fate.UNMATCHED), sighting=None, closing=elsewhere)
    )
    assert store.attention.take("t") is None
