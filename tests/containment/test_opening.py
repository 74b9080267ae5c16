"""A plan that only lets more through is known as such: fewer people may have it carried out."""

import pytest

from bot.changes.rules import Direction, GroupRule
from bot.containment.effects.edits import EditRules
from bot.containment.effects.lists import ChangeList
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.networks import AssociateVpc
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.opening import covers, only_opens
from bot.containment.plan import Call, Effect, Plan
from bot.containment.states import Entry
from tests.builders import a_rule

WIDE, NARROW = a_rule(22, "0.0.0.0/0"), a_rule(22, "10.0.0.0/8")
RESTORE = ChangeRules(Operation.AUTHORIZE_INGRESS, "sg-1", (WIDE,))
REVOKE = ChangeRules(Operation.REVOKE_INGRESS, "sg-1", (WIDE,))
WIDEN = EditRules("sg-1", (WIDE,), (NARROW,))


def plan_of(*effects: Effect) -> Plan:
    return Plan(tuple(Call("123456789012", "eu-west-1", effect, "") for effect in effects))


@pytest.mark.parametrize(
    ("effects", "opens"),
    [
        pytest.param((RESTORE,), True, id="rules put back"),
        pytest.param((RESTORE, REVOKE), False, id="rules put back and others taken away"),
        pytest.param((WIDEN,), True, id="a rule set back to what is wider"),
        pytest.param((EditRules("sg-1", (NARROW,), (WIDE,)),), False, id="to what is narrower"),
        pytest.param((EditRules("sg-1", (WIDE,), (WIDE,)),), False, id="a description set back"),
        pytest.param((WIDEN, REVOKE), False, id="wider, and something closed"),
        pytest.param((ChangeList("pl-1", 1, (Entry("::/0"),), ()),), True, id="entries put back"),
        pytest.param((ChangeList("pl-1", 1, (), ("::/0",)),), False, id="entries taken out"),
        pytest.param((AssociateVpc("sg-1", "vpc-2", joins=True),), True, id="a VPC joined again"),
        pytest.param((PutInGroups("eni-1", ("sg-1",), ("sg-2",)),), False, id="something moved"),
        pytest.param((), False, id="nothing"),
    ],
)
def test_whether_a_plan_only_opens(effects: tuple[Effect, ...], opens: bool) -> None:
    assert only_opens(plan_of(*effects)) is opens


@pytest.mark.parametrize(
    ("wide", "narrow", "does"),
    [
        pytest.param(WIDE, NARROW, True, id="a part of the addresses"),
        pytest.param(NARROW, WIDE, False, id="more addresses"),
        pytest.param(a_rule(22, "10.1.0.0/16"), a_rule(22, "10.0.0.0/8"), False, id="a larger net"),
        pytest.param(a_rule(22, "::/0"), NARROW, False, id="another version"),
        pytest.param(a_rule(443), a_rule(22), False, id="other ports"),
        pytest.param(a_rule(None, protocol="-1"), WIDE, True, id="everything"),
        pytest.param(WIDE, a_rule(22, "0.0.0.0/0", Direction.EGRESS), False, id="the other way"),
        pytest.param(a_rule(22, "sg-1"), a_rule(22, "sg-2"), False, id="another group"),
    ],
)
def test_whether_one_rule_covers_another(wide: GroupRule, narrow: GroupRule, does: bool) -> None:
    assert covers(wide, narrow) is does
