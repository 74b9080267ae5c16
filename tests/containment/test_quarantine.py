"""Quarantine plans: every interface, the empty group first, nothing opened in between."""

from dataclasses import replace

import pytest

from bot.changes.rules import Direction
from bot.containment.choice import Isolate
from bot.containment.effects.acls import MakeAcl, UseAcl
from bot.containment.effects.emptying import EmptyNew
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.rules import ChangeRules
from bot.containment.effects.service import Receive, Standby
from bot.containment.isolation import InterfaceNow, Pen
from bot.containment.plan import Plan, made_by
from bot.containment.quarantine import TRACKED, quarantine_plan
from tests.builders import a_rule
from tests.containment.sites import (
    BALANCER,
    CONTAINMENT,
    FIRST,
    GROUP,
    LONE,
    OTHER_VPC,
    SECOND,
    THIRD,
    VPC,
    a_site,
)

READY = (Pen(VPC, "sg-q1"), Pen(OTHER_VPC, "sg-q2"))
ALL = Isolate(("i-1",), snapshot=True, cut=True)


USUAL = Isolate(("i-1",))


def planned(choices: Isolate = USUAL, **of: tuple[Pen, ...]) -> Plan:
    return quarantine_plan(a_site(**of), choices, CONTAINMENT)


def effects(plan: Plan, kind: type) -> list[object]:
    return [call.effect for call in plan.calls if isinstance(call.effect, kind)]


def test_every_interface_of_the_instance_is_moved_and_no_other() -> None:
    moved = effects(planned(pens=READY), PutInGroups)
    assert moved == [
        PutInGroups("eni-1", ("sg-q1",), ("sg-web", "sg-base")),
        PutInGroups("eni-2", ("sg-q1",), ("sg-base",)),
        PutInGroups("eni-3", ("sg-q2",), ("sg-far",)),
    ]


def test_each_vpc_gets_a_group_that_is_emptied_before_anything_is_in_it() -> None:
    plan = planned(pens=(Pen(VPC, ipv6=True),))
    kinds = [type(call.effect) for call in plan.calls]
    assert kinds.index(PutInGroups) > max(i for i, k in enumerate(kinds) if k is EmptyNew)
    assert [effect.vpc for effect in effects(plan, MakeGroup)] == [VPC, OTHER_VPC]  # type: ignore[attr-defined]
    assert [effect.ipv6 for effect in effects(plan, EmptyNew)] == [True, False]  # type: ignore[attr-defined]
    made = kinds.index(MakeGroup)
    move = next(call for call in plan.calls if isinstance(call.effect, PutInGroups))
    assert move.needs == (made, made + 1)
    assert move.effect == PutInGroups("eni-1", (made_by(made),), FIRST.groups)


def test_rules_that_somebody_gave_the_quarantine_group_go_first() -> None:
    rule = replace(a_rule(), rule_id="sgr-9")
    plan = planned(pens=(Pen(VPC, "sg-q1", rules=(rule,)), READY[1]))
    emptied = effects(plan, ChangeRules)
    assert [effect.rules for effect in emptied] == [(rule,)]  # type: ignore[attr-defined]
    move = next(call for call in plan.calls if call.about == "eni-1")
    assert [plan.calls[number].effect for number in move.needs] == emptied
    assert rule.direction is Direction.INGRESS


def test_it_leaves_service_before_it_is_moved() -> None:
    plan = planned(pens=READY)
    assert [call.effect for call in plan.calls][:2] == [
        Standby("i-1", "web", enter=True),
        Receive("i-1", GROUP, 80, receives=False),
    ]


def test_what_was_not_chosen_is_said() -> None:
    plan = planned(Isolate(("i-1",), standby=False, deregister=False, tag=False), pens=READY)
    assert {type(call.effect) for call in plan.calls} == {PutInGroups}
    told = " ".join(plan.leaves)
    assert "may end it" in told
    assert "fails there" in told
    assert "No snapshot" in told


def test_tracked_connections_are_told_unless_the_subnet_is_closed() -> None:
    assert TRACKED in planned(pens=READY).cannot
    plan = planned(ALL, pens=READY)
    assert TRACKED not in plan.cannot
    assert any("All of subnet-1 is cut off" in text for text in plan.cannot)
    first, second = effects(plan, UseAcl)
    made = [i for i, call in enumerate(plan.calls) if isinstance(call.effect, MakeAcl)]
    assert first == UseAcl("subnet-1", "aclassoc-1", made_by(made[0]), "acl-1")
    assert second == UseAcl("subnet-2", "aclassoc-2", made_by(made[1]), "acl-2")


def test_nothing_of_a_plan_opens_anything() -> None:
    plan = planned(ALL)
    opening = {"AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"}
    assert not opening & {call.operation for call in plan.calls}
    assert not any("CreateNetworkAclEntry" in call.operation for call in plan.calls)


@pytest.mark.parametrize(
    ("service", "says"),
    [
        ("load balancer", "aws elbv2 set-security-groups"),
        ("database", "aws rds modify-db-instance"),
        ("Lambda function", "put-function-concurrency"),
        ("directory", "where its service is managed"),
    ],
)
def test_what_a_service_holds_is_refused_with_the_way_out(service: str, says: str) -> None:
    held = replace(BALANCER, service=service)
    plan = quarantine_plan(a_site(held), Isolate((held.id,)), CONTAINMENT)
    assert plan.calls == ()
    assert says in plan.cannot[0]
    assert not plan.complete


def test_a_bare_interface_is_moved_by_itself() -> None:
    plan = planned(Isolate((LONE.id,)), pens=READY)
    assert [call.about for call in plan.calls] == ["eni-4"]


def test_what_is_in_quarantine_already_or_gone_is_left() -> None:
    there = tuple(replace(i, groups=("sg-q1",)) for i in (FIRST, SECOND))
    site = a_site(*there, pens=READY)
    plan = quarantine_plan(site, Isolate(("i-1", "i-gone")), CONTAINMENT)
    assert plan.calls == ()
    assert len(plan.leaves) == 3


def test_a_group_of_the_name_that_is_not_ours_is_not_moved_into() -> None:
    plan = planned(pens=(Pen(VPC, "sg-trap", ours=False), READY[1]))
    assert plan.calls == ()
    assert "does not bear the tag" in plan.cannot[0]


def test_no_interface_is_forgotten() -> None:
    many = tuple(InterfaceNow(f"eni-{n}", VPC, "subnet-1", ("sg-web",), "i-1") for n in range(15))
    plan = quarantine_plan(a_site(*many, THIRD, pens=READY), Isolate(("i-1",)), CONTAINMENT)
    assert len(effects(plan, PutInGroups)) == 16
