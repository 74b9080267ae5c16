"""What a timeline adds up to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import GROUPS_KEPT, WORST_KEPT, ResolutionKind, Status
from bot.alerts.entries import (
    ENTRY,
    Acknowledged,
    CallBegun,
    CallEnded,
    ChangeSeen,
    Commented,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
    Found,
    MarkedBenign,
    OwnCallSeen,
    Refused,
    Reopened,
)
from bot.alerts.evolve import NotRaisedError, evolve
from bot.alerts.fact import Fact, Question
from bot.alerts.people import SGWATCH, Author, Right
from bot.changes.change import GroupRef
from bot.changes.severity import Severity
from bot.containment.effects.rules import Operation
from bot.containment.plan import Plan, rule_call
from tests.builders import NOON, a_change, a_rule, a_sighting, an_alert, later, raised, seen

ROSA = Author("U0ROSA", "Rosa", Right.RESPONDER, "p1")
PLAN = Plan(
    (
        rule_call(
            Operation.REVOKE_INGRESS, "123456789012", "eu-west-1", "sg-0a1b", (a_rule(),), "ours"
        ),
    )
)


def acknowledged(severity: Severity = Severity.CRITICAL) -> Acknowledged:
    return Acknowledged(at=later(1), by=ROSA, severity=severity)


def benign(count: int = 1) -> MarkedBenign:
    return MarkedBenign(at=later(2), by=ROSA, seen=count, reason="planned work")


def asked(count: int = 1) -> ContainmentAsked:
    return ContainmentAsked(
        at=later(2), by=ROSA, seen=count, containment="SGW-TEST0001-c1", plan=PLAN, reason="not us"
    )


def ended(verified: bool = True) -> ContainmentEnded:
    return ContainmentEnded(
        at=later(3), by=SGWATCH, containment="SGW-TEST0001-c1", verified=verified, told="gone"
    )


def of_severity(severity: Severity, event: str = "event-2", group: str = "sg-0a1b") -> ChangeSeen:
    change = a_change(event, group=GroupRef(group))
    return seen(a_sighting(change, severity=severity))


@pytest.mark.parametrize(
    ("entries", "status"),
    [
        pytest.param([], Status.OPEN, id="a new alert is open"),
        pytest.param([acknowledged()], Status.ACKNOWLEDGED, id="acknowledged is held"),
        pytest.param([benign()], Status.RESOLVED, id="benign resolves"),
        pytest.param(
            [benign(), Reopened(at=later(3), by=ROSA, reason="no")], Status.OPEN, id="reopened"
        ),
        pytest.param([asked()], Status.OPEN, id="asking for a revert resolves nothing"),
        pytest.param([asked(), ended()], Status.RESOLVED, id="a revert read back resolves"),
        pytest.param(
            [asked(), ended(verified=False)], Status.OPEN, id="a revert that failed stays open"
        ),
        pytest.param(
            [replace(asked(), plan=replace(PLAN, complete=False)), ended()],
            Status.OPEN,
            id="a revert that leaves a part stays open",
        ),
        pytest.param(
            [asked(), of_severity(Severity.LOW), ended()],
            Status.OPEN,
            id="a change after the preview stays open",
        ),
        pytest.param(
            [acknowledged(Severity.LOW), of_severity(Severity.HIGH)],
            Status.OPEN,
            id="a change above what was acknowledged reopens",
        ),
        pytest.param(
            [acknowledged(Severity.HIGH), of_severity(Severity.HIGH)],
            Status.ACKNOWLEDGED,
            id="a change of the same severity does not",
        ),
        pytest.param(
            [Commented(at=NOON, by=ROSA, text="hm")], Status.OPEN, id="a comment changes nothing"
        ),
        pytest.param(
            [Refused(at=NOON, by=ROSA, command="revert", why="no")],
            Status.OPEN,
            id="a refusal changes nothing",
        ),
    ],
)
def test_status(entries: Sequence[Entry], status: Status) -> None:
    assert an_alert(*entries).status is status


def test_a_reverted_alert_says_who_asked_and_what_was_read_back() -> None:
    resolution = an_alert(asked(), ended()).resolution
    assert resolution is not None
    assert (resolution.kind, resolution.by, resolution.reason, resolution.detail) == (
        ResolutionKind.REVERTED,
        ROSA,
        "not us",
        "gone",
    )


def test_calls_are_followed_from_begun_to_seen_in_cloudtrail() -> None:
    name = {"containment": "SGW-TEST0001-c1", "call": 0}
    alert = an_alert(
        asked(),
        CallBegun(at=later(2), by=SGWATCH, **name),  # type: ignore[arg-type]
        CallEnded(at=later(2), by=SGWATCH, request_id="r-1", **name),  # type: ignore[arg-type]
        OwnCallSeen(at=later(3), event_id="e-9", request_id="r-1", **name),  # type: ignore[arg-type]
    )
    (call,) = alert.containments[0].calls
    assert (call.begun, call.ended, call.request_id, call.record_seen) == (True, True, "r-1", True)


def test_the_position_counts_entries_and_the_version_decisions() -> None:
    alert = an_alert(of_severity(Severity.LOW), acknowledged(), benign())
    assert (alert.position, alert.version) == (5, 3)


def test_the_severity_is_the_worst_seen_and_a_rise_is_kept_with_its_place() -> None:
    alert = evolve(
        None, [raised(), of_severity(Severity.LOW, "a"), of_severity(Severity.HIGH, "b")]
    )
    assert alert.severity is Severity.HIGH
    assert [(rise.entry, rise.severity) for rise in alert.rises] == [(2, Severity.HIGH)]
    assert [s.change.event_id for s in alert.worst] == ["b", "a"]


def test_a_group_named_by_aws_is_named_in_changes_before_and_after() -> None:
    unnamed = seen(a_sighting(a_change("e-2", group=GroupRef("sg-9"))))
    name = Found(at=NOON, facts=(Fact(Question.GROUP_NAME, "sg-9", "web-prod"),))
    alert = an_alert(unnamed, name, seen(a_sighting(a_change("e-3", group=GroupRef("sg-9")))))
    named = [s.change.group.name for s in alert.worst if s.change.group.id == "sg-9"]
    assert named == ["web-prod", "web-prod"]


def test_a_storm_keeps_the_fifty_worst_and_counts_the_rest() -> None:
    storm = [of_severity(Severity.LOW, f"e-{n}", f"sg-{n}") for n in range(GROUPS_KEPT + 20)]
    alert = an_alert(*storm)
    assert len(alert.worst) == WORST_KEPT
    assert alert.worst[0].severity is Severity.CRITICAL
    assert alert.counts.changes == len(storm) + 1
    assert len(alert.counts.groups) == GROUPS_KEPT


def test_a_timeline_must_begin_with_its_raising() -> None:
    with pytest.raises(NotRaisedError):
        evolve(None, [seen()])
    with pytest.raises(NotRaisedError):
        evolve(None, [])


ANY_ENTRY = st.sampled_from(
    [
        acknowledged(),
        benign(),
        asked(),
        ended(),
        of_severity(Severity.HIGH),
        of_severity(Severity.LOW),
    ]
)


@given(st.lists(ANY_ENTRY, max_size=8), st.integers(0, 8))
def test_folding_in_two_parts_is_folding_at_once(entries: list[Entry], cut: int) -> None:
    start = an_alert()
    whole = evolve(start, entries)
    parts = evolve(evolve(start, entries[:cut]), entries[cut:])
    assert parts == whole


@given(ANY_ENTRY)
def test_an_entry_stored_and_read_is_the_same(entry: Entry) -> None:
    assert ENTRY.validate_json(ENTRY.dump_json(entry)) == entry
