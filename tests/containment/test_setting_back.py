"""On a model of a group, with edits too: reverted it is as before, and never more open or cut."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.rules import GroupRule, PeerKind
from bot.containment.readback import call_done, still_fits, verify
from bot.containment.reversal.draft import Done
from tests.builders import a_rule
from tests.containment.model import Group, RefusedError, content
from tests.containment.planning import planned

PEERS = ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "sg-app")
rules = st.builds(
    a_rule,
    st.sampled_from((22, 443, None)),
    st.sampled_from(PEERS),
    protocol=st.just("tcp"),
    description=st.sampled_from(("", "web", "by hand")),
).map(lambda r: replace(r, protocol="-1") if r.from_port is None else r)
acts = st.sampled_from(("add", "take", "take by id", "edit", "describe"))
scripts = st.lists(st.tuples(acts, rules, st.integers(0, 9)), max_size=7)
PROBES = [(port, peer) for port in (22, 443, 8080) for peer in ("8.8.8.8", "10.9.0.1", "10.1.0.1")]


def allowed(group_rules: Sequence[GroupRule]) -> set[tuple[int, str]]:
    """Return which of some packets the rules let in."""
    return {probe for probe in PROBES if any(lets(rule, *probe) for rule in group_rules)}


def lets(rule: GroupRule, port: int, address: str) -> bool:
    if rule.from_port is not None and rule.from_port != port:
        return False
    known = rule.peer.kind is PeerKind.IPV4
    return known and ip_address(address) in ip_network(rule.peer.value)


def start(some: Sequence[GroupRule]) -> Group:
    group = Group()
    for rule in dict.fromkeys(some):
        group.put(rule)
    return group


def act(group: Group, what: str, rule: GroupRule, pick: int, second: int) -> Done | None:
    """Do one thing, if AWS allows it."""
    victim = group.rules[pick % len(group.rules)] if group.rules else None
    try:
        if what == "add":
            return Done(group.authorize(rule, second))
        if victim is None:
            return None
        if what == "take":
            return Done(group.revoke(victim.rule_id, second))
        if what == "take by id":
            return group.revoke_by_id(victim.rule_id, second)
        if what == "edit":
            return group.modify(replace(rule, rule_id=victim.rule_id), second)
        return group.describe(replace(victim, description=rule.description), second)
    except RefusedError:
        return None


def play(group: Group, script: Sequence[tuple[str, GroupRule, int]]) -> list[Done]:
    done = (act(group, *step, second) for second, step in enumerate(script))
    return [each for each in done if each]


@given(st.lists(rules, max_size=4), scripts)
def test_whatever_was_done_the_group_is_as_before(
    some: list[GroupRule], script: list[tuple[str, GroupRule, int]]
) -> None:
    group = start(some)
    before = list(group.rules)
    done = play(group, script)
    after = list(group.rules)
    stays = allowed(before) & allowed(after)
    plan = planned(done, {group.id: group.state})
    for call in plan.calls:
        assert still_fits(call, group.state)
        assert not call_done(call, group.state)
        group.apply(call)
        assert call_done(call, group.state)
        assert set(group.rules) <= set(before) | set(after)
        assert stays <= allowed(group.rules)
    assert set(group.rules) == set(before)
    assert (plan.drift, plan.complete) == ((), True)
    assert verify(plan, {group.state.look: group.state}).ok


@given(st.lists(rules, max_size=4), scripts, scripts)
def test_what_others_did_since_is_left(
    some: list[GroupRule],
    script: list[tuple[str, GroupRule, int]],
    drift: list[tuple[str, GroupRule, int]],
) -> None:
    group = start(some)
    before = {rule.rule_id: content(rule) for rule in group.rules}
    done = play(group, script)
    after = {rule.rule_id: content(rule) for rule in group.rules}
    play(group, drift)
    now = {rule.rule_id: content(rule) for rule in group.rules}
    for call in planned(done, {group.id: group.state}).calls:
        group.apply(call)
    left = {rule.rule_id: content(rule) for rule in group.rules}
    # Whatever somebody else added or edited since is there as they left it. A rule that was opened
    # does not become theirs by a new description.
    theirs = {i for i, (rule, _) in now.items() if i not in after or after[i][0] != rule}
    assert all(left.get(i) == now[i] for i in theirs)
    # What nobody touched stays as well.
    assert all(left.get(i) == what for i, what in before.items() if now.get(i) == what)
