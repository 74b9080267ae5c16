"""Coverage against the naive model: hidden means that every atom is inside an exemption."""

from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from bot.changes.rules import GroupRule
from bot.exemptions.matching import Coverage, covering, why_not
from bot.exemptions.model import Exemption, PortRange, Scope
from tests.builders import NOON, a_change, a_principal, a_rule
from tests.exemptions.atoms import atoms_of, is_inside
from tests.exemptions.strategies import numbered, rule_scopes, rules


def coverage(touched: list[GroupRule], exemptions: list[Exemption]) -> Coverage:
    return covering(a_change(added=touched), a_principal(), ("d-1",), exemptions, NOON, None)


TCP_HALVES = [Scope(ports=(PortRange("tcp", 0, 2),)), Scope(ports=(PortRange("tcp", 3, 65535),))]


@given(st.lists(rules, min_size=1, max_size=3), st.lists(rule_scopes, max_size=4))
@example([a_rule(None, "10.0.0.0/29")], TCP_HALVES)
@example([a_rule(None, "10.0.0.0/29", protocol="-1")], TCP_HALVES)
def test_hidden_means_that_every_atom_is_inside_one_of_them(
    touched: list[GroupRule], scopes: list[Scope]
) -> None:
    result = coverage(touched, numbered(scopes))
    uncovered = tuple(
        rule
        for rule in touched
        if not all(any(is_inside(a, rule, s) for s in scopes) for a in atoms_of(rule))
    )
    assert result.uncovered == uncovered
    assert result.hidden is not bool(uncovered)
    assert bool(result.exempted_by) is result.hidden


@given(st.lists(rules, min_size=1, max_size=3), rule_scopes)
def test_why_not_is_silent_exactly_where_one_exemption_hides(
    touched: list[GroupRule], scope: Scope
) -> None:
    (exemption,) = numbered([scope])
    change = a_change(added=touched)
    told = why_not(exemption, change, a_principal(), ("d-1",), NOON, None)
    assert (told == "") is coverage(touched, [exemption]).hidden


@given(st.lists(rules, min_size=1, max_size=3), st.lists(rule_scopes, max_size=4), st.randoms())
def test_those_named_cover_by_themselves_in_any_order(
    touched: list[GroupRule], scopes: list[Scope], random: Random
) -> None:
    exemptions = numbered(scopes)
    result = coverage(touched, exemptions)
    random.shuffle(exemptions)
    assert coverage(touched, exemptions).hidden is result.hidden
    if result.hidden:
        named = [e for e in exemptions if e.id in result.exempted_by]
        assert coverage(touched, named).hidden
