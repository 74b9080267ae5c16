"""Undoing a revert: the groups are as before it, and a second revert closes them again."""

from dataclasses import replace

from bot.alerts.entries import CallEnded, ContainmentAsked, ContainmentEnded, Entry
from bot.alerts.own_changes import own_changes
from bot.alerts.people import SGWATCH
from bot.changes.rules import Direction
from bot.containment.action import Action
from bot.containment.plan import Plan
from bot.containment.undo import undo_plan
from tests.builders import a_rule, an_alert, later
from tests.containment.model import Group, content
from tests.containment.planning import planned

SSH = a_rule(22, "0.0.0.0/0", description="the vendor")
PROXY = a_rule(443, "10.0.0.0/8", Direction.EGRESS, description="to the proxy")


def contents(group: Group) -> set[object]:
    return {content(rule) for rule in group.rules}


def reverted(group: Group) -> Plan:
    """Have somebody swap a rule for another, and revert it."""
    kept = group.put(PROXY)
    changes = [group.authorize(SSH, 1), group.revoke(kept.rule_id, 2)]
    plan = planned(changes, {group.id: group.state})
    for call in plan.calls:
        group.apply(call)
    return plan


def undone(group: Group, plan: Plan) -> Plan:
    undo = undo_plan(plan, {group.state.look: group.state})
    for call in undo.calls:
        group.apply(call)
    return undo


def test_the_group_is_as_it_was_before_the_revert() -> None:
    group = Group()
    plan = reverted(group)
    assert contents(group) == {content(PROXY)}
    undo = undone(group, plan)
    assert contents(group) == {content(SSH)}
    assert undo.complete


def test_it_closes_before_it_opens() -> None:
    group = Group()
    operations = [call.operation for call in undone(group, reverted(group)).calls]
    assert operations == ["RevokeSecurityGroupEgress", "AuthorizeSecurityGroupIngress"]


def test_what_others_have_done_since_is_left() -> None:
    group = Group()
    plan = reverted(group)
    group.put(replace(SSH, description="put back by hand"))
    undo = undone(group, plan)
    assert any("already there again" in line for line in undo.leaves)
    assert {rule.description for rule in group.rules} == {"put back by hand"}


def test_of_a_group_that_is_gone_nothing_is_put_back() -> None:
    group = Group()
    plan = reverted(group)
    undo = undo_plan(plan, {group.state.look: replace(group.state, rules=None)})
    assert (undo.calls, undo.complete) == ((), False)
    assert undo.cannot == ("sg-0a1b is gone, so nothing of it can be put back.",)


def test_what_was_undone_can_be_reverted_again() -> None:
    group = Group()
    changes = [group.authorize(SSH, 1)]
    revert = planned(changes, {group.id: group.state})
    group.apply(revert.calls[0])
    undo = undone(group, revert)
    alert = an_alert(
        *_done(revert, "SGW-TEST0001-c1", Action.REVERT),
        *_done(undo, "SGW-TEST0001-c2", Action.UNDO),
    )
    again = planned([*changes, *own_changes(alert)], {group.id: group.state})
    for call in again.calls:
        group.apply(call)
    assert group.rules == []
    assert again.complete


def _done(plan: Plan, containment: str, action: Action) -> tuple[Entry, ...]:
    at, by, name = later(1 if action is Action.REVERT else 2), SGWATCH, containment
    return (
        ContainmentAsked(
            at=at, by=by, containment=name, plan=plan, reason="r", seen=1, action=action
        ),
        CallEnded(at=at, by=by, containment=name, call=0, request_id="r-1"),
        ContainmentEnded(at=at, by=by, containment=name, verified=True, told="so"),
    )
