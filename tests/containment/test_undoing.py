"""On a model of a group: changed and reverted it is as before, and what others did survives."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import Change
from bot.changes.rules import Direction, GroupRule
from bot.containment.readback import call_done, verify
from tests.builders import a_rule
from tests.containment.model import Group, content
from tests.containment.planning import planned

directions = st.sampled_from((Direction.INGRESS, Direction.EGRESS))
some_rules = st.builds(
    a_rule,
    st.sampled_from((22, 443)),
    st.sampled_from(("0.0.0.0/0", "10.0.0.0/8", "::/0", "sg-app")),
    directions,
    st.just("tcp"),
    description=st.sampled_from(("", "web", "by hand")),
)
steps = st.lists(st.tuples(st.booleans(), some_rules, st.integers(0, 9)), max_size=8)


def start(rules: Sequence[GroupRule], tells_ids: bool) -> Group:
    group = Group(tells_ids=tells_ids)
    for rule in dict.fromkeys(rules):
        group.put(rule)
    return group


def let_actor(group: Group, script: list[tuple[bool, GroupRule, int]]) -> list[Change]:
    """Play the steps that AWS would accept; every two share a second."""
    changes = []
    for number, (adds, rule, pick) in enumerate(script):
        if adds and rule not in group.rules:
            changes.append(group.authorize(rule, number // 2))
        elif not adds and group.rules:
            victim = group.rules[pick % len(group.rules)]
            changes.append(group.revoke(victim.rule_id, number // 2))
    return changes


@given(st.lists(some_rules, max_size=4), steps, st.booleans(), st.randoms())
def test_state_change_revert_gives_the_state(
    rules: list[GroupRule], script: list[tuple[bool, GroupRule, int]], tells: bool, random: Any
) -> None:
    group = start(rules, tells)
    before = set(group.rules)
    described = {content(rule) for rule in group.rules}
    changes = let_actor(group, script)
    after = set(group.rules)
    came_back = {rule for change in changes for rule in change.added} & before
    random.shuffle(changes)
    plan = planned(changes, {group.id: group.state})
    for call in plan.calls:
        assert not call_done(call, group.state)
        group.apply(call)
        assert call_done(call, group.state)
        assert set(group.rules) <= before | after
    assert set(group.rules) == before
    # A rule that was taken and put back by the actor is there; only its description may be theirs.
    assert {content(r) for r in group.rules if r not in came_back} == {
        (rule, text) for rule, text in described if rule not in came_back
    }
    assert verify(plan, {group.state.look: group.state}).ok
    assert plan.drift == ()


def let_others(group: Group, script: list[tuple[bool, GroupRule, int]]) -> set[GroupRule]:
    """Play the steps of others, whose records are in other alerts; return what they touched."""
    touched = set()
    for adds, rule, pick in script:
        if adds and rule not in group.rules:
            touched.add(group.put(rule))
        elif not adds and group.rules:
            touched.add(group.take(group.rules[pick % len(group.rules)].rule_id))
    return touched


@given(st.lists(some_rules, max_size=4), steps, steps)
def test_what_others_did_since_survives(
    rules: list[GroupRule],
    script: list[tuple[bool, GroupRule, int]],
    drift: list[tuple[bool, GroupRule, int]],
) -> None:
    group = start(rules, tells_ids=True)
    before = set(group.rules)
    changes = let_actor(group, script)
    touched = let_others(group, drift)
    now = {rule.rule_id: content(rule) for rule in group.rules}
    plan = planned(changes, {group.id: group.state})
    for call in plan.calls:
        group.apply(call)
        assert set(group.rules) <= before | {rule for rule, _ in now.values()}
    left = {rule.rule_id: content(rule) for rule in group.rules}
    ours = {rule.rule_id for change in changes for rule in change.added}
    assert {i for i in now if i not in left} <= ours
    assert all(left[i] == now[i] for i in now if i in left)
    assert {r for r in group.rules if r not in touched} == {r for r in before if r not in touched}
