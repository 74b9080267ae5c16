"""Release plans: what was before, where it is still as the quarantine or restriction left it."""

from bot.containment.choice import Isolate
from bot.containment.effects.acls import UseAcl
from bot.containment.effects.denial import Deny, SwitchKey
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.service import Receive, Standby
from bot.containment.isolation import Pen
from bot.containment.plan import Call, Plan
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import before_groups, looks, release_plan
from bot.containment.states import Look, MemberState, QuarantineAcl, State, Value
from tests.containment.sites import ACCOUNT, CONTAINMENT, OTHER_VPC, REGION, VPC, a_site

PENS = (Pen(VPC, "sg-q1"), Pen(OTHER_VPC, "sg-q2"))
MADE = quarantine_plan(
    a_site(pens=PENS), Isolate(("i-1",), snapshot=True, cut=True), CONTAINMENT
).calls
GROUPS = ("sg-web", "sg-base", "sg-far")


def as_left(call: Call) -> State:
    """Return the state that a call leaves."""
    effect = call.effect
    if isinstance(effect, PutInGroups):
        return MemberState(effect.groups)
    if isinstance(effect, UseAcl):
        return Value(effect.acl, "aclassoc-new")
    after = getattr(effect, "after", "")
    return QuarantineAcl("acl-q") if "acl" in effect.kind else Value(after)


def released(*changed: tuple[str, State], groups: tuple[str, ...] = GROUPS) -> Plan:
    states: dict[Look, State] = {call.look: as_left(call) for call in MADE}
    wanted = {look.id: look for look in states}
    states |= {wanted[name]: state for name, state in changed}
    return release_plan(MADE, states, groups)


def test_everything_is_put_back_the_last_first() -> None:
    plan = released()
    assert plan.complete
    assert plan.drift == ()
    effects = [call.effect for call in plan.calls]
    assert isinstance(effects[-1], Receive | Standby)
    assert effects[-1] == Standby("i-1", "web", enter=False)
    moves = [effect for effect in effects if isinstance(effect, PutInGroups)]
    assert moves == [
        PutInGroups("eni-3", ("sg-far",), ("sg-q2",)),
        PutInGroups("eni-2", ("sg-base",), ("sg-q1",)),
        PutInGroups("eni-1", ("sg-web", "sg-base"), ("sg-q1",)),
    ]


def test_the_subnets_association_is_the_one_of_now() -> None:
    acls = [call.effect for call in released().calls if isinstance(call.effect, UseAcl)]
    assert [(acl.association, acl.acl) for acl in acls] == [
        ("aclassoc-new", "acl-2"),
        ("aclassoc-new", "acl-1"),
    ]


def test_what_somebody_moved_since_is_shown_and_left() -> None:
    plan = released(("eni-1", MemberState(("sg-forensics",))))
    assert "eni-1" not in {call.about for call in plan.calls}
    assert "sg-forensics" in plan.drift[0]


def test_what_is_as_before_or_gone_is_left() -> None:
    plan = released(("eni-1", MemberState(("sg-base", "sg-web"))), ("eni-2", MemberState(None)))
    assert {"eni-1", "eni-2"}.isdisjoint(call.about for call in plan.calls)
    assert plan.drift == ()


def test_a_group_that_was_deleted_is_left_out_and_told() -> None:
    plan = released(groups=("sg-base", "sg-far"))
    move = next(call.effect for call in plan.calls if call.about == "eni-1")
    assert move == PutInGroups("eni-1", ("sg-base",), ("sg-q1",))
    assert "sg-web" in plan.drift[0]


def test_an_interface_none_of_whose_groups_is_left_stays() -> None:
    plan = released(groups=("sg-web", "sg-base"))
    assert "eni-3" not in {call.about for call in plan.calls}
    assert "by hand" in plan.cannot[0]
    assert not plan.complete


def test_what_cannot_be_read_is_not_touched() -> None:
    plan = release_plan(MADE, {}, GROUPS)
    assert plan.calls == ()
    assert not plan.complete


def test_what_has_to_be_looked_at_is_told() -> None:
    assert before_groups(MADE) == GROUPS
    kinds = {look.kind for look in looks(MADE)}
    assert kinds == {"lifecycle", "target", "member", "subnet_acl", "tag"}


def test_a_restriction_is_taken_off_and_its_key_switched_on() -> None:
    deny = Deny("user", "mallory", "sgwatch-SGW-1-c1", "{}", ("denies",))
    off = SwitchKey("mallory", "AKIA1", active=False)
    calls = [Call(ACCOUNT, REGION, effect, "") for effect in (deny, off)]
    states: dict[Look, State] = {
        calls[0].look: Value("there"),
        calls[1].look: Value("Inactive"),
    }
    plan = release_plan(calls, states, ())
    assert [call.operation for call in plan.calls] == ["UpdateAccessKey", "DeleteUserPolicy"]
    assert "PolicyDocument" not in plan.calls[1].parameters
    assert plan.calls[0].parameters["Status"] == "Active"


def test_a_key_that_somebody_deleted_since_is_drift() -> None:
    off = Call(ACCOUNT, REGION, SwitchKey("mallory", "AKIA1", active=False), "")
    plan = release_plan([off], {off.look: Value("")}, ())
    assert plan.calls == ()
    assert plan.drift
