"""Attention in a real Redis: what is due is taken by one, and comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.progress import Progress
from bot.changes.severity import Severity
from bot.store.attention import Backlog, Subject, SubjectKind
from bot.store.channels import Waiting
from bot.store.link import Link
from bot.store.moment import to_ms
from bot.store.store import Store, open_store
from tests.builders import an_alert, later, seen
from tests.store.events import an_outcome, placed_new

ALERT = Subject(SubjectKind.ALERT, "SGW-TEST0001")


@pytest.fixture(autouse=True)
def _due(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())


def test_what_was_appended_to_is_due_and_one_worker_takes_it(store: Store) -> None:
    assert store.attention.take("a") == ALERT
    assert store.attention.take("b") is None


def test_a_worker_takes_again_what_it_had_when_redis_failed(store: Store) -> None:
    store.attention.take("a")
    assert store.attention.take("b") is None
    assert store.attention.take("a") == ALERT


def test_given_back_without_a_time_it_is_due_no_more(store: Store) -> None:
    store.attention.take("a")
    assert store.attention.finish(ALERT, "a", None)
    assert store.attention.take("b") is None


def test_given_back_for_now_it_is_due_again(store: Store) -> None:
    store.attention.take("a")
    assert store.attention.finish(ALERT, "a", timedelta(0))
    assert store.attention.take("b") == ALERT


def test_given_back_for_later_it_is_not_due_yet(store: Store) -> None:
    store.attention.take("a")
    store.attention.finish(ALERT, "a", timedelta(hours=1))
    assert store.attention.take("b") is None
    assert store.attention.backlog() == Backlog(due=0, first=str(ALERT), late=timedelta(0))


def test_appended_to_while_attended_it_is_due_at_once(store: Store) -> None:
    store.attention.take("a")
    store.timelines.observe("SGW-TEST0001", seen())
    store.attention.finish(ALERT, "a", None)
    assert store.attention.take("b") == ALERT


def test_an_append_brings_the_due_time_forward(store: Store) -> None:
    store.attention.take("a")
    store.attention.finish(ALERT, "a", timedelta(hours=1))
    store.timelines.observe("SGW-TEST0001", seen())
    assert store.attention.take("b") == ALERT


def test_a_lease_that_ran_out_is_taken_over_and_its_first_holder_told(link: Link) -> None:
    store = open_store(link, lease=timedelta(milliseconds=1))
    assert store.attention.take("a") == ALERT
    while store.attention.take("b") is None:
        pass
    assert not store.attention.renew(ALERT, "a")
    assert not store.attention.finish(ALERT, "a", None)
    assert store.attention.renew(ALERT, "b")


def test_a_channel_shows_the_worst_first_and_then_the_oldest(store: Store) -> None:
    alert = an_alert()
    store.channels.enqueue(alert)
    assert store.channels.pending("C0ALERTS") == ["SGW-TEST0001"]
    kinds = {taken for taken in (store.attention.take("a"), store.attention.take("b")) if taken}
    assert Subject(SubjectKind.CHANNEL, "C0ALERTS") in kinds


def test_an_alert_stays_queued_when_more_was_queued_than_is_shown(store: Store) -> None:
    alert = an_alert()
    store.channels.enqueue(alert)
    reading = store.timelines.read(alert.id)
    assert reading is not None
    assert reading.progress == Progress(queued=2)
    store.channels.shown("C0ALERTS", alert.id, 1)
    assert store.channels.pending("C0ALERTS") == [alert.id]
    store.channels.shown("C0ALERTS", alert.id, 2)
    assert store.channels.pending("C0ALERTS") == []


def test_waking_returns_at_once_when_something_was_appended(store: Store) -> None:
    store.attention.wait(seconds=60)


def test_what_is_late_is_told_with_how_late_it_is(store: Store, link: Link) -> None:
    due = to_ms(store.attention.now() - timedelta(minutes=5))
    link.call("ZADD", link.keys.attention, due, str(ALERT))
    backlog = store.attention.backlog()
    assert (backlog.due, backlog.first) == (1, str(ALERT))
    assert backlog.late >= timedelta(minutes=5)


def test_the_oldest_alert_that_nobody_has_seen_is_told(store: Store) -> None:
    low, critical, seen_before = (
        replace(an_alert(), id=f"SGW-{name}", severity=severity, raised_at=later(minutes))
        for name, severity, minutes in (
            ("LOW", Severity.LOW, 1),
            ("CRITICAL", Severity.CRITICAL, 2),
            ("SEEN", Severity.LOW, 0),
        )
    )
    for alert in (critical, low):
        store.channels.enqueue(alert)
    store.channels.enqueue(seen_before, unseen=False)
    assert store.channels.waiting(low.channel) == Waiting(3, "SGW-LOW", low.raised_at)


def test_what_was_appended_to_comes_before_what_only_waits(store: Store) -> None:
    assert store.attention.take("a") == ALERT
    store.attention.finish(ALERT, "a", timedelta(0))
    later_one = replace(placed_new("SGW-LATER001"), group="another")
    store.events.write(an_outcome("event-9"), later_one)
    assert store.attention.take("b") == Subject(SubjectKind.ALERT, "SGW-LATER001")
    assert store.attention.take("c") == ALERT


def test_a_channel_comes_after_what_is_new_and_before_what_only_waits(store: Store) -> None:
    channel = Subject(SubjectKind.CHANNEL, "C1")
    store.attention.expect(channel)
    assert store.attention.take("a", channel) == ALERT
    store.attention.finish(ALERT, "a", timedelta(0))
    assert store.attention.take("b", channel) == channel
    assert store.attention.take("c", channel) == ALERT
