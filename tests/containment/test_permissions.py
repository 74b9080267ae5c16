"""Permissions: exactly what the plans call, no action less and none more."""

from dataclasses import replace
from pathlib import Path

from bot.changes.rules import Direction
from bot.containment.action import Action
from bot.containment.choice import Isolate, Reach, Stop
from bot.containment.isolation import Pen
from bot.containment.permissions import NEEDED, READ, needed
from bot.containment.plan import Call
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import inverse
from bot.containment.restrict import Actor, restrict_plan
from tests.builders import a_rule
from tests.containment.sites import ACCOUNT, CONTAINMENT, VPC, a_site

SERVICES = {"elbv2": "elasticloadbalancing"}
RULES = tuple(a_rule(direction=way) for way in (Direction.INGRESS, Direction.EGRESS))
CHOICES = Isolate(("i-1",), snapshot=True, cut=True)
QUARANTINE = (
    *quarantine_plan(a_site(), CHOICES, CONTAINMENT).calls,
    *quarantine_plan(a_site(pens=(Pen(VPC, "sg-q", rules=RULES),)), CHOICES, CONTAINMENT).calls,
)
USER = Actor("user", "mallory", ACCOUNT, "us-east-1", "AKIA1", "Active")
RESTRICT = tuple(
    call
    for actor in (USER, replace(USER, holder="role", key=""))
    for call in restrict_plan(actor, Stop(Reach.ALL, switch_key=True), CONTAINMENT).calls
)
RELEASE = tuple(
    replace(call, effect=back)
    for call in (*QUARANTINE, *RESTRICT)
    if (back := inverse(call.effect)) is not None
)


def actions(*calls: Call) -> set[str]:
    tagged = {"ec2:CreateTags" for call in calls if "TagSpecifications" in call.parameters}
    return tagged | {f"{SERVICES.get(c.service, c.service)}:{c.operation}" for c in calls}


def test_each_action_has_what_its_calls_need_and_no_more() -> None:
    for action, calls in (
        (Action.QUARANTINE, QUARANTINE),
        (Action.RESTRICT, RESTRICT),
        (Action.RELEASE, RELEASE),
    ):
        assert {permission.action for permission in NEEDED[action]} == actions(*calls)


def test_what_several_actions_need_is_there_once() -> None:
    names = [permission.action for permission in needed(NEEDED)]
    assert names == sorted(set(names))
    assert all(permission.why for permission in needed(NEEDED))


def test_the_docs_list_them_all() -> None:
    page = (Path(__file__).parents[2] / "docs" / "containment.md").read_text(encoding="utf-8")
    own = (Action.QUARANTINE, Action.RESTRICT, Action.RELEASE)
    for permission in (*needed(own), *READ):
        assert f"| `{permission.action}` | " in page
        assert permission.why in page
