"""Detections that remember, from the queue to the alert: the poller on a real Redis."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.judge import Judge
from bot.alerts.outcome import Fate, Outcome, Suppressed
from bot.changes.severity import Severity
from bot.detections.matcher import Matcher
from bot.detections.rule import Detection, NewTerms, Suppression, Threshold
from bot.exemptions.filed import Filed
from bot.exemptions.model import Exemption, Scope
from bot.poller import Poller
from bot.store.link import Link, StoreError
from bot.store.store import Store
from tests.builders import NOON, a_rule, later
from tests.detections.rules import a_detection
from tests.simulation.edges import eventbridge
from tests.test_poller import a_poller, a_record

QUERY = "event.action:AuthorizeSecurityGroupIngress"
BRUTE = replace(
    a_detection(QUERY, "brute"), threshold=Threshold(("user.name",), 3), since="now-10m"
)
NEW = replace(a_detection(QUERY, "new"), new_terms=NewTerms(("user.name",), "now-7d"))
ONCE = replace(
    a_detection(QUERY, "once"), suppression=Suppression(("user.name",), timedelta(hours=1))
)
PORT_80 = a_rule(80, "10.0.0.0/8")


def polled(store: Store, detections: Sequence[Detection], *bodies: str) -> Poller:
    judge = Judge(Matcher(detections))
    poller = a_poller(store, *bodies)
    poller = replace(poller, recorder=replace(poller.recorder, judging=lambda: judge))
    poller.poll()
    return poller


def outcome(store: Store, event: str) -> Outcome:
    found = store.events.outcome(NOON.date(), event)
    assert found is not None
    return found


def fates(store: Store, events: str) -> list[Fate]:
    return [outcome(store, event).fate for event in events]


def test_a_threshold_is_reached_by_one_user_and_what_follows_joins_the_alert(store: Store) -> None:
    records = [a_record("x", who="mallory")]
    records += [a_record(event, later(n)) for n, event in enumerate("abcd")]
    polled(store, [BRUTE], *map(eventbridge, records))
    assert fates(store, "xab") == [Fate.UNMATCHED] * 3
    assert fates(store, "cd") == [Fate.ALERTED] * 2
    assert outcome(store, "c").alert == outcome(store, "d").alert


def test_no_flood_at_first_start(store: Store, link: Link) -> None:
    users = [f"user-{number}" for number in range(100)]
    records = [a_record(user, later(n / 60), who=user) for n, user in enumerate(users)]
    polled(store, [NEW], *map(eventbridge, records))
    assert store.events.counts() == {"events:unmatched": 100}
    assert [each.detection.id for each in store.detections.learning([NEW])] == ["new"]
    a_week_later(link)
    assert store.detections.learning([NEW]) == []
    polled(store, [NEW], eventbridge(a_record("known", later(9), who="user-1")))
    polled(store, [NEW], eventbridge(a_record("stranger", later(9), who="mallory")))
    assert outcome(store, "known").fate is Fate.UNMATCHED
    assert outcome(store, "stranger").fate is Fate.ALERTED


def a_week_later(link: Link) -> None:
    begun = link.keys.begun
    for state in link.call("HKEYS", begun):
        link.call("HINCRBY", begun, state, -7 * 24 * 3_600_000 - 1)


def test_a_rule_learns_from_when_it_is_first_seen_though_no_event_comes(
    store: Store, link: Link
) -> None:
    polled(store, [NEW])
    a_week_later(link)
    polled(store, [NEW], eventbridge(a_record("a")))
    assert outcome(store, "a").fate is Fate.ALERTED


def test_what_was_shown_is_suppressed_and_says_by_what(store: Store) -> None:
    records = [a_record(event, later(n), rule=PORT_80) for n, event in enumerate("ab")]
    polled(store, [ONCE], *map(eventbridge, records))
    assert fates(store, "ab") == [Fate.ALERTED, Fate.SUPPRESSED]
    suppressed = outcome(store, "b")
    assert suppressed.suppressed == (Suppressed("once", "a"),)
    assert suppressed.sighting is not None
    assert [d.id for d in suppressed.sighting.detections] == ["once"]
    assert suppressed.alert == ""
    assert store.events.counts() == {"events:alerted": 1, "events:suppressed": 1}
    assert [o.event_id for o in store.events.history("group", "sg-1")] == ["b", "a"]


def test_what_is_graver_than_what_was_shown_is_shown(store: Store) -> None:
    polled(store, [ONCE], eventbridge(a_record("a", rule=PORT_80)))
    polled(store, [ONCE], eventbridge(a_record("b", later(1))))
    assert outcome(store, "b").fate is Fate.ALERTED


def test_another_detection_still_alerts_and_the_suppressed_one_is_told(store: Store) -> None:
    other = a_detection(QUERY, "other", Severity.LOW)
    for number, event in enumerate("ab"):
        body = eventbridge(a_record(event, later(number), rule=PORT_80))
        polled(store, [ONCE, other], body)
    second = outcome(store, "b")
    assert (second.fate, second.suppressed) == (Fate.ALERTED, (Suppressed("once", "a"),))
    assert second.sighting is not None
    assert [d.id for d in second.sighting.detections] == ["other"]


def test_what_an_exemption_hides_stands_for_nothing(store: Store) -> None:
    hides = Exemption("EX-1", Scope(groups=("sg-1",)), "planned", "U0ROSA", NOON, later(60 * 24e4))
    store.exemptions.lately = lambda: Filed([hides])  # type: ignore[method-assign]
    polled(store, [ONCE], eventbridge(a_record("a", rule=PORT_80)))
    store.exemptions.lately = Filed  # type: ignore[method-assign]
    polled(store, [ONCE], eventbridge(a_record("b", later(1), rule=PORT_80)))
    assert fates(store, "ab") == [Fate.HIDDEN, Fate.ALERTED]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(replace(BRUTE, threshold=Threshold((), 1)), id="threshold"),
        pytest.param(NEW, id="new terms"),
        pytest.param(ONCE, id="suppression"),
    ],
)
def test_a_crash_between_remembering_and_claiming_changes_nothing(
    store: Store, link: Link, monkeypatch: pytest.MonkeyPatch, rule: Detection
) -> None:
    polled(store, [rule])
    a_week_later(link)
    body = eventbridge(a_record("a", rule=PORT_80))
    with monkeypatch.context() as patched:
        patched.setattr(type(store.events), "write", _crash)
        with pytest.raises(StoreError):
            polled(store, [rule], body)
    polled(store, [rule], body, body)
    assert outcome(store, "a").fate is Fate.ALERTED
    assert store.events.counts() == {"events:alerted": 1}


def _crash(*_: object) -> None:
    raise StoreError("gone")
