"""Timelines in a real Redis: appending, reading back, racing, forgetting."""

import threading

import pytest

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import Acknowledge, Exempt, MarkBenign, Refusal, Reopen
from bot.alerts.entries import Entry, Refused
from bot.alerts.evolve import evolve
from bot.alerts.life import Deed
from bot.alerts.progress import Progress
from bot.exemptions.model import Exemption, Scope
from bot.store.deciding import Decision, decide_on
from bot.store.events import Written
from bot.store.link import Link
from bot.store.store import Store
from bot.store.timelines import PAGE, Reading
from tests.alerts.test_evolve import acknowledged, benign
from tests.builders import ALICE, MARCUS, NOON, OSCAR, ROSA, later, seen
from tests.store.events import an_outcome, placed_join, placed_new

ID = "SGW-TEST0001"


@pytest.fixture
def alert(store: Store) -> Alert:
    assert store.events.write(an_outcome(), placed_new()) is Written.NEW
    return read(store).alert


def read(store: Store) -> Reading:
    reading = store.timelines.read(ID)
    assert reading is not None
    return reading


def test_what_was_appended_is_read_back(store: Store, alert: Alert) -> None:
    assert store.timelines.append(alert, [acknowledged()])
    assert read(store).alert == evolve(alert, [acknowledged()])


def test_a_decision_on_a_version_that_has_passed_is_refused(store: Store, alert: Alert) -> None:
    assert store.timelines.append(alert, [acknowledged()])
    assert not store.timelines.append(alert, [benign()])
    assert read(store).alert.status is Status.ACKNOWLEDGED


def test_a_refusal_does_not_make_a_decision_stale(store: Store, alert: Alert) -> None:
    decide_on(store, ID, MarkBenign("fine", seen=1), OSCAR)
    assert store.timelines.append(alert, [acknowledged()])


def test_a_change_that_slips_in_does(store: Store, alert: Alert) -> None:
    assert store.events.write(an_outcome("event-2"), placed_join()) is Written.NEW
    assert not store.timelines.append(alert, [benign()])
    refusal = decide_on(store, ID, MarkBenign("fine", seen=1), ROSA)
    assert isinstance(refusal, Refusal)
    assert "you were shown 1" in refusal.why
    assert isinstance(decide_on(store, ID, MarkBenign("fine", seen=2), ROSA), Decision)


def test_nothing_is_appended_to_an_alert_that_is_gone(store: Store, alert: Alert) -> None:
    store.timelines.forget(ID)
    assert not store.timelines.observe(ID, seen())
    assert store.timelines.read(ID) is None


def test_a_stored_fold_is_read_with_the_tail_after_it(store: Store, alert: Alert) -> None:
    store.timelines.snapshot(alert)
    store.timelines.observe(ID, seen())
    reading = read(store)
    assert (reading.folded, reading.alert.position) == (2, 3)
    assert reading.alert == evolve(alert, [seen()])


def test_an_older_fold_never_replaces_a_later_one(store: Store, alert: Alert) -> None:
    store.timelines.append(alert, [acknowledged()])
    store.timelines.snapshot(read(store).alert)
    store.timelines.snapshot(alert)
    assert read(store).folded == 3


def test_lists_follow_the_fold(store: Store, alert: Alert) -> None:
    store.timelines.snapshot(alert)
    assert store.timelines.listed("status:open") == [ID]
    store.timelines.append(alert, [acknowledged()])
    store.timelines.snapshot(read(store).alert)
    assert store.timelines.listed("status:open") == []
    assert store.timelines.listed("holder:U0ROSA") == [ID]
    store.timelines.forget(ID)
    assert store.timelines.listed("holder:U0ROSA") == []


def test_a_long_tail_is_read_page_by_page(store: Store, alert: Alert) -> None:
    for _ in range(PAGE + 3):
        store.timelines.observe(ID, seen())
    assert read(store).alert.counts.changes == PAGE + 4
    assert len(list(store.timelines.changes(ID))) == PAGE + 4


def test_progress_is_saved_by_the_field(store: Store, alert: Alert) -> None:
    one = Progress(queued=3)
    store.timelines.save_progress(ID, Progress(), one)
    store.timelines.save_progress(ID, Progress(), Progress(ts="1.2", posting=NOON))
    assert read(store).progress == Progress(queued=3, ts="1.2", posting=NOON)


def test_scripts_lost_by_redis_are_loaded_again(store: Store, alert: Alert, link: Link) -> None:
    link.call("SCRIPT", "FLUSH")
    assert read(store).alert == alert


def test_two_responders_press_at_once_and_one_of_them_holds_it(store: Store, alert: Alert) -> None:
    decided: list[Decision | Refusal] = []
    people = [ROSA, MARCUS, ALICE] * 4
    threads = [
        threading.Thread(target=lambda p=p: decided.append(decide_on(store, ID, Acknowledge(), p)))
        for p in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(d, Decision) for d in decided) == 1
    hold = read(store).alert.hold
    assert hold is not None
    refused = [e for e in entries(store) if isinstance(e, Refused)]
    assert len(refused) == len(people) - 1


def test_a_refusal_is_recorded_with_who_and_why(store: Store, alert: Alert) -> None:
    refusal = decide_on(store, ID, MarkBenign("fine", seen=1), OSCAR)
    assert isinstance(refusal, Refusal)
    (entry,) = [e for e in entries(store) if isinstance(e, Refused)]
    assert (entry.by.name, entry.command, entry.why) == ("Oscar Quill", "mark benign", refusal.why)


def test_an_exemption_begins_with_its_decision_and_ends_when_reopened(
    store: Store, alert: Alert
) -> None:
    assert list(store.exemptions.current()) == []
    exemption = Exemption(
        "EX-1", Scope(groups=("sg-0a1b",)), "planned", "U0ROSA", NOON, later(10**7)
    )
    decide_on(store, ID, Exempt(exemption, uncovered=(), seen=1), ROSA)
    assert list(store.exemptions.current()) == [exemption]
    decide_on(store, ID, Reopen("it was not fine"), ROSA)
    [ended] = store.exemptions.current()
    assert ended.expires_at <= store.attention.now()
    [lived] = store.exemptions.lived("EX-1")
    assert (lived.did, lived.reason, lived.until) == (
        Deed.ENDED,
        "it was not fine",
        ended.expires_at,
    )


def test_deciding_on_an_alert_that_is_gone_says_so(store: Store) -> None:
    refusal = decide_on(store, "SGW-NONE", Acknowledge(), ROSA)
    assert isinstance(refusal, Refusal)
    assert "no alert SGW-NONE" in refusal.why


def entries(store: Store) -> list[Entry]:
    return store.timelines.entries(ID, 0)
