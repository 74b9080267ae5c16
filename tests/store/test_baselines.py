"""Readings of groups in a real Redis: the last before a time, and what happened since."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alerts.outcome import Fate
from bot.changes.baseline import MOST_RULES, Baseline
from bot.changes.change import GroupRef
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.store.baselines import MOST_CHANGES, GroupAt
from bot.store.store import Store
from tests.builders import NOON, a_rule
from tests.store.events import an_outcome

GROUP = GroupAt("123456789012", "eu-west-1", "sg-0a1b")
RULES = (
    GroupRule(
        Direction.INGRESS, "tcp", 22, 22, Peer(PeerKind.IPV4, "10.0.0.0/8"), "jump host", "sgr-1"
    ),
    GroupRule(Direction.EGRESS, "-1", None, None, Peer(PeerKind.GROUP, "sg-2", "210987654321")),
)


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def read(at: datetime, *rules: GroupRule, name: str = "web-prod") -> Baseline:
    group = GroupRef(GROUP.id, name, "vpc-1")
    return Baseline(GROUP.account, GROUP.region, group, rules, at, (("owner", "data"),))


def rules_before(store: Store, at: datetime) -> set[GroupRule] | None:
    (past,) = store.baselines.pasts([GROUP], at)
    return set(past.baseline.rules) if past.baseline else None


def test_a_reading_is_found_as_it_was_kept(store: Store) -> None:
    store.baselines.keep(read(NOON, *RULES))
    found = store.baselines.latest(GROUP)
    assert found is not None
    assert (found.group, found.read_at, found.tags) == (
        GroupRef(GROUP.id, "web-prod", "vpc-1"),
        NOON,
        (("owner", "data"),),
    )
    told = {(rule, rule.description, rule.rule_id) for rule in found.rules}
    assert told == {(rule, rule.description, rule.rule_id) for rule in RULES}


def test_of_several_readings_the_last_before_the_time_is_found(store: Store) -> None:
    first, second, third = (a_rule(port) for port in (1, 2, 3))
    for minute, rule in ((0, first), (10, second), (20, third)):
        store.baselines.keep(read(minutes(minute), rule))
    assert rules_before(store, minutes(30)) == {third}
    assert rules_before(store, minutes(20)) == {second}
    assert rules_before(store, minutes(9)) == {first}
    assert rules_before(store, minutes(0)) is None
    assert store.baselines.pasts([GROUP], minutes(0))[0].late


def test_what_did_not_change_is_known_from_its_first_reading_on(store: Store) -> None:
    for minute in range(20):
        store.baselines.keep(read(minutes(minute), *RULES))
    assert rules_before(store, minutes(0.5)) == set(RULES)


def test_readings_close_together_leave_one_that_is_older(store: Store) -> None:
    for second in range(0, 1200, 20):
        store.baselines.keep(read(NOON + timedelta(seconds=second), a_rule(second + 1)))
    (past,) = store.baselines.pasts([GROUP], minutes(14))
    assert past.baseline is not None
    assert past.baseline.read_at < minutes(14)


def test_an_older_reading_takes_no_later_one_away(store: Store) -> None:
    assert store.baselines.keep(read(minutes(5), *RULES))
    assert not store.baselines.keep(read(NOON))
    assert rules_before(store, minutes(9)) == set(RULES)


def test_what_happened_since_is_found_with_it(store: Store) -> None:
    store.baselines.keep(read(NOON, *RULES))
    store.events.write(replace(an_outcome("seen"), at=minutes(1)))
    store.events.write(replace(an_outcome("ours", Fate.OURS), at=minutes(2), sighting=None))
    store.events.write(replace(an_outcome("later"), at=minutes(9)))
    (past,) = store.baselines.pasts([GROUP], minutes(5))
    assert [change.event_id for change in past.changes] == ["event-1"]
    assert past.untold == (("AuthorizeSecurityGroupIngress", minutes(2)),)


def test_too_many_changes_are_not_read(store: Store) -> None:
    store.baselines.keep(read(NOON, *RULES))
    for number in range(MOST_CHANGES + 1):
        store.events.write(replace(an_outcome(f"event-{number}"), at=minutes(1)))
    (past,) = store.baselines.pasts([GROUP], minutes(5))
    assert past.too_many
    assert past.changes == ()


def test_several_groups_are_asked_at_once(store: Store) -> None:
    store.baselines.keep(read(NOON, *RULES))
    other = GROUP._replace(id="sg-2")
    found = store.baselines.pasts([other, GROUP], minutes(5))
    assert [bool(past.baseline) for past in found] == [False, True]
    assert store.baselines.pasts([], minutes(5)) == []


def test_a_group_with_more_rules_than_aws_allows_is_not_kept(store: Store) -> None:
    assert not store.baselines.keep(read(NOON, *map(a_rule, range(MOST_RULES + 1))))
    assert store.baselines.latest(GROUP) is None


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a\nb 1 2", id="line breaks and numbers"),
        pytest.param("“web” \\ {}%s", id="quotes and patterns"),
    ],
)
def test_names_are_kept_as_they_are(store: Store, name: str) -> None:
    store.baselines.keep(read(NOON, name=name))
    store.baselines.keep(read(minutes(1), name=name))
    found = store.baselines.latest(GROUP)
    assert found is not None
    assert found.group.name == name
