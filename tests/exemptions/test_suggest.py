"""The scope that the modal is prefilled with covers what it was made from."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.rules import Direction
from bot.exemptions.matching import covering
from bot.exemptions.model import PortRange, Scope
from bot.exemptions.problems import scope_problems
from bot.exemptions.suggest import suggest_scope
from bot.exemptions.text import parse_scope, scope_text
from tests.builders import NOON, a_change, a_principal, a_rule
from tests.exemptions.strategies import numbered, rules


def test_it_names_all_that_the_changes_have_in_common() -> None:
    changes = [
        a_change(added=[a_rule(443, "10.0.0.0/8"), a_rule(443, "sg-app")]),
        a_change(added=[a_rule(22, "10.0.0.0/8", Direction.EGRESS)], group=GroupRef("sg-2")),
    ]
    assert suggest_scope(changes, a_principal()) == Scope(
        principals=("arn:aws:iam::123456789012:user/alice",),
        accounts=("123456789012",),
        regions=("eu-west-1",),
        groups=("sg-0a1b", "sg-2"),
        directions=(Direction.EGRESS, Direction.INGRESS),
        ports=(PortRange("tcp", 443, 443), PortRange("tcp", 22, 22)),
        cidrs=("10.0.0.0/8",),
        peer_groups=("sg-app",),
    )


def test_beside_a_change_without_rules_the_actions_narrow() -> None:
    created = a_change(added=(), action="CreateSecurityGroup", verb=Verb.CREATE)
    scope = suggest_scope([created, a_change()], a_principal())
    assert scope.actions == ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress")
    assert (scope.ports, scope.cidrs, scope.directions) == ((), (), ())


def test_a_clause_that_is_unknown_for_one_change_is_left_out() -> None:
    unnamed = a_change(group=GroupRef(name="web"), region="")
    scope = suggest_scope([a_change(), unnamed], a_principal())
    assert scope.groups == scope.regions == ()
    assert scope.accounts == ("123456789012",)


changes = st.builds(
    lambda added, removed, rule_ids, group, action: a_change(
        added=added,
        removed=removed,
        rule_ids=rule_ids,
        group=GroupRef(group),
        action=action,
        verb=Verb.OTHER,
    ),
    st.lists(rules, max_size=3),
    st.lists(rules, max_size=2),
    st.sampled_from(((), (), ("sgr-9",))),
    st.sampled_from(("sg-1", "sg-2", "")),
    st.sampled_from(("CreateSecurityGroup", "AuthorizeSecurityGroupIngress")),
)


@given(st.lists(changes, min_size=1, max_size=4))
def test_it_covers_them_all_and_nobody_elses(made_from: Sequence[Change]) -> None:
    scope = suggest_scope(made_from, a_principal())
    exemptions = numbered([scope])
    assert scope_problems(scope) == ()
    assert parse_scope(scope_text(scope)) == scope
    for change in made_from:
        assert covering(change, a_principal(), ("d-1",), exemptions, NOON, None).hidden
        assert not covering(change, a_principal("bob"), ("d-1",), exemptions, NOON, None).hidden
        elsewhere = replace(change, account="210987654321")
        assert not covering(elsewhere, a_principal(), (), exemptions, NOON, None).hidden
