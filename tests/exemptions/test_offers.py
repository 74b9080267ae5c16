"""The scopes that the form offers: each covers the alert, and the first says the most."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import GroupRef
from bot.changes.severity import Severity
from bot.exemptions.circumstances import Circumstances
from bot.exemptions.matching import covering
from bot.exemptions.model import PortRange, Scope
from bot.exemptions.offers import Offer, Usual, offers
from bot.exemptions.preview import PastChange
from bot.exemptions.problems import scope_problems
from tests.builders import NOON, a_change, a_principal, a_rule
from tests.exemptions.strategies import numbered, rules

CI = a_principal("ci", id="arn:aws:iam::123456789012:role/ci")
FROM = Circumstances(address="203.0.113.7", tool="Terraform 1.9.5")
ACCOUNT = ("123456789012",)
NOWHERE = Usual()


def past(around: Circumstances = FROM, **changed: object) -> PastChange:
    return PastChange(a_change(**changed), CI, ("d-1",), None, Severity.LOW, around)  # type: ignore[arg-type]


def offered(
    *changes: PastChange, usual: Usual = NOWHERE, automated: bool = True
) -> tuple[Offer, ...]:
    return offers(changes, CI, usual, automated=automated)


def test_for_automation_they_say_role_tool_and_network_first() -> None:
    found = offered(past(), past(replace(FROM, tool="Terraform 1.8")))
    assert [offer.scope for offer in found] == [
        Scope((CI.id,), ACCOUNT, tools=("Terraform",), sources=("203.0.113.7/32",)),
        Scope((CI.id,), ACCOUNT, sources=("203.0.113.7/32",)),
        Scope((CI.id,), ACCOUNT, tools=("Terraform",)),
    ]
    assert "role/ci with Terraform from 203.0.113.7/32" in found[0].told
    assert found[0].unusual == ("203.0.113.7",)


def test_by_hand_they_say_the_rules_and_the_group_first() -> None:
    found = offered(past(), automated=False)
    first, second, third = (offer.scope for offer in found)
    assert first == replace(second, groups=("sg-0a1b",))
    assert first.ports == (PortRange("tcp", 22, 22),)
    assert third == Scope((CI.id,), ACCOUNT, groups=("sg-0a1b",))


@pytest.mark.parametrize(
    ("usual", "sources", "unusual"),
    [
        pytest.param(
            Usual(("203.0.113.0/24", "203.0.0.0/16", "0.0.0.0/0")),
            ("203.0.113.0/24",),
            (),
            id="the organisation's narrowest range",
        ),
        pytest.param(
            Usual(addresses=("203.0.113.7", "198.51.100.2")),
            ("203.0.113.7/32", "198.51.100.2/32"),
            (),
            id="all from where it has long called",
        ),
        pytest.param(
            Usual(addresses=("203.0.113.7", "203.0.113.8", "203.0.113.99")),
            ("203.0.113.0/24",),
            (),
            id="a network in which the usual addresses crowd",
        ),
        pytest.param(
            Usual(addresses=("203.0.113.9", "203.0.113.8", "203.0.113.99")),
            ("203.0.113.7/32", "203.0.113.0/24"),
            ("203.0.113.7",),
            id="a new address beside them is not usual",
        ),
        pytest.param(
            Usual(addresses=tuple(f"198.51.{n}.2" for n in range(20))),
            ("203.0.113.7/32",),
            ("203.0.113.7",),
            id="too many places to name",
        ),
    ],
)
def test_the_usual_network(
    usual: Usual, sources: tuple[str, ...], unusual: tuple[str, ...]
) -> None:
    first = offered(past(), usual=usual)[0]
    assert (first.scope.sources, first.unusual) == (sources, unusual)


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param(Circumstances(tool="Terraform"), id="no address"),
        pytest.param(Circumstances("cloudformation.amazonaws.com", "CloudFormation"), id="a name"),
        pytest.param(Circumstances("203.0.113.7"), id="no tool"),
        pytest.param(Circumstances(), id="nothing"),
    ],
)
def test_what_is_unknown_of_one_change_is_no_clause(unknown: Circumstances) -> None:
    found = offered(past(), past(unknown))
    assert len(found) > 1
    assert all(covers(offer, [past(), past(unknown)]) for offer in found)


def covers(offer: Offer, pasts: Sequence[PastChange]) -> bool:
    (exemption,) = numbered([offer.scope])
    return all(
        covering(p.change, p.principal, p.detections, [exemption], NOON, None, p.around).hidden
        for p in pasts
    )


addresses = st.sampled_from(("", "203.0.113.7", "10.1.2.3", "2001:db8::7", "ec2.amazonaws.com"))
circumstances = st.builds(
    Circumstances, addresses, st.sampled_from(("", "Terraform 1.9", "Pulumi", "Boto3 1.2"))
)
pasts = st.builds(
    lambda around, rule, group: past(around, added=[rule], group=GroupRef(group)),
    circumstances,
    st.one_of(rules, st.just(a_rule())),
    st.sampled_from(("sg-1", "sg-2", "")),
)
usuals = st.builds(
    Usual,
    st.lists(st.sampled_from(("10.0.0.0/8", "203.0.113.0/28", "::/0")), unique=True).map(tuple),
    st.lists(addresses, unique=True).map(tuple),
)


@given(st.lists(pasts, min_size=1, max_size=4), usuals, st.booleans())
def test_each_covers_all_changes_and_may_be_saved(
    changes: list[PastChange], usual: Usual, automated: bool
) -> None:
    found = offered(*changes, usual=usual, automated=automated)
    assert 1 <= len(found) <= 3
    assert len({offer.scope for offer in found}) == len(found)
    for offer in found:
        assert not scope_problems(offer.scope)
        assert covers(offer, changes)
