"""The reconciler: finds exactly what was lost, tells the operators, and goes on where it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest

from bot.aws.errors import AwsError
from bot.aws.history import Page
from bot.cloudtrail.history import Stretch
from bot.reconciler import WHO, Reconciler, behind
from bot.store.attention import Subject, SubjectKind
from bot.store.events import Place
from bot.worker import Worker
from sandbox.aws.world import PROD, REGION
from tests.gaps.conftest import Gaps

EVERY = timedelta(minutes=10)
HERE = [Place(PROD, REGION)]


def a_reconciler(gaps: Gaps) -> Reconciler:
    return Reconciler(
        gaps.store,
        gaps.reader(WHO),
        lambda: HERE,
        lambda: gaps.wants.actions,
        EVERY,
        settled=timedelta(0),
        account_name={PROD: "prod"}.__getitem__,
    )


def a_round(gaps: Gaps, reconciler: Reconciler) -> int:
    """Attend until the round is over; return how often."""
    for turn in range(1, 50):
        due = reconciler.attend(lambda: None)
        if due == EVERY:
            return turn
        assert isinstance(due, timedelta)
        gaps.clock.advance(due)
    raise AssertionError("the round does not end")


def test_exactly_what_was_lost_is_found_and_the_operators_hear_of_it(gaps: Gaps) -> None:
    gaps.open_port(2001)
    gaps.server.faults.lose_events()
    lost = gaps.open_port(2002)
    gaps.open_port(2003)
    gaps.poll()
    gaps.clock.advance(timedelta(seconds=5))
    a_round(gaps, a_reconciler(gaps))
    outcome = gaps.store.events.find(lost)
    assert outcome is not None
    assert outcome.via == WHO
    assert gaps.store.events.counts()["events:alerted"] == 3
    reading = gaps.store.timelines.read(outcome.alert)
    assert reading is not None
    assert reading.alert.counts.changes == 3
    (notice,) = gaps.store.notices.all()
    assert "1 event was in CloudTrail's event history of prod/eu-west-1" in notice.what
    assert lost in notice.what
    gaps.clock.advance(EVERY)
    a_round(gaps, a_reconciler(gaps))
    assert gaps.store.events.counts()["events:alerted"] == 3
    assert gaps.store.notices.all()[0].times == 1


def test_where_all_was_delivered_nobody_hears_of_anything(gaps: Gaps) -> None:
    gaps.open_port(2004)
    gaps.poll()
    a_round(gaps, a_reconciler(gaps))
    assert gaps.store.notices.all() == []


def test_each_round_begins_before_the_last_one_ended(gaps: Gaps) -> None:
    a_round(gaps, a_reconciler(gaps))
    ended = gaps.store.stretches.read_until(WHO)[f"{PROD}/{REGION}"]
    gaps.clock.advance(timedelta(hours=3))
    a_reconciler(gaps).attend(lambda: None)
    (stretch,) = gaps.store.stretches.all(WHO)
    assert stretch.start == ended - timedelta(minutes=15)
    assert abs(stretch.end - gaps.clock.now) < timedelta(milliseconds=1)


def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(gaps: Gaps) -> None:
    ids = gaps.history(120)
    first = a_reconciler(gaps)
    for _ in range(2):
        due = first.attend(lambda: None)
        assert isinstance(due, timedelta)
        gaps.clock.advance(due + timedelta(seconds=1))
    assert gaps.store.events.counts() == {"events:alerted": 50}
    a_round(gaps, a_reconciler(gaps))
    assert gaps.store.events.counts() == {"events:alerted": len(ids)}
    assert len(gaps.asked.times) == 3


def test_one_page_is_read_each_time_under_a_lease_that_is_renewed(gaps: Gaps) -> None:
    gaps.history(60)
    renewed: list[bool] = []
    reconciler = a_reconciler(gaps)
    for _ in range(2):
        reconciler.attend(lambda: renewed.append(True))
    assert (len(gaps.asked.times), len(renewed)) == (1, 1)
    assert reconciler.attend(lambda: None) == timedelta(milliseconds=500)


def test_a_place_that_cannot_be_read_is_told_and_holds_up_no_other(gaps: Gaps) -> None:
    ids = gaps.history(1)
    elsewhere = Place("999999999999", REGION)

    class Pages:
        def page(self, stretch: Stretch) -> Page:
            if stretch.account == elsewhere.account:
                raise AwsError("could not enter account 999999999999", retry=False)
            return gaps.asked.page(stretch)

    reader = replace(gaps.reader(WHO), pages=Pages())
    reconciler = replace(a_reconciler(gaps), reader=reader, places=lambda: [*HERE, elsewhere])
    a_round(gaps, reconciler)
    assert gaps.store.events.find(ids[0]) is not None
    told = [notice.what for notice in gaps.store.notices.all()]
    assert any("could not enter account 999999999999" in what for what in told)


def test_while_the_queue_is_not_read_up_nothing_counts_as_missing(gaps: Gaps) -> None:
    gaps.history(1)
    reconciler = replace(a_reconciler(gaps), behind=lambda: True)
    assert reconciler.attend(lambda: None) == EVERY
    assert gaps.asked.times == []


def test_the_queue_tells_whether_it_is_read_up(gaps: Gaps) -> None:
    assert not behind(gaps.queue)
    for _ in range(11):
        gaps.world.as_root().sqs.send_message_batch(
            QueueUrl=gaps.world.queues.url,
            Entries=[{"Id": str(n), "MessageBody": "waits"} for n in range(10)],
        )
    assert behind(gaps.queue)


def test_a_worker_does_it_though_nothing_wakes_it_and_it_stays_due(gaps: Gaps) -> None:
    stop, due = Event(), gaps.clock.now + EVERY
    subject = Subject(SubjectKind.CHORE, WHO)

    def chore(renew: Callable[[], None]) -> datetime:
        renew()
        stop.set()
        return due

    nobody: Any = None
    policy = gaps.recorder.policy
    worker = Worker(gaps.store, nobody, nobody, nobody, nobody, policy, chores={WHO: chore})
    worker.run(stop)
    assert stop.is_set()
    gaps.store.attention.expect(subject)  # as the next worker does: it is not due any sooner
    assert gaps.store.attention.take("token") is None
    gaps.clock.advance(EVERY)
    assert gaps.store.attention.take("token") == subject


def test_switched_off_it_is_not_due_again(gaps: Gaps) -> None:
    assert replace(a_reconciler(gaps), every=timedelta(0)).attend(lambda: None) is None


@pytest.mark.parametrize("longer", [timedelta(days=3)])
def test_after_a_long_stop_a_day_is_looked_at(gaps: Gaps, longer: timedelta) -> None:
    a_round(gaps, a_reconciler(gaps))
    gaps.clock.advance(longer)
    a_reconciler(gaps).attend(lambda: None)
    (stretch,) = gaps.store.stretches.all(WHO)
    assert stretch.end - stretch.start == timedelta(days=1)
