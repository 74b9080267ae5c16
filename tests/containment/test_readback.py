"""Reading back: done is what AWS shows, and a plan is known by the calls that it makes."""

from dataclasses import replace

import pytest

from bot.changes.rules import GroupRule
from bot.containment.effects.rules import Operation
from bot.containment.plan import Call, Plan, rule_call
from bot.containment.readback import call_done, digest, verify
from bot.containment.states import GroupState
from tests.builders import a_rule

SSH = a_rule(rule_id="sgr-1")
WEB = a_rule(443, "10.0.0.0/8", rule_id="sgr-2", description="internal web")


def a_call(operation: Operation, *rules: GroupRule, why: str = "") -> Call:
    return rule_call(operation, "123456789012", "eu-west-1", "sg-1", rules, why)


def a_state(*rules: GroupRule) -> GroupState:
    return GroupState("123456789012", "eu-west-1", "sg-1", rules)


A_LOOK = a_state().look
GONE = GroupState("123456789012", "eu-west-1", "sg-1", None)
REVOKE = a_call(Operation.REVOKE_INGRESS, SSH)
RESTORE = a_call(Operation.AUTHORIZE_INGRESS, replace(WEB, rule_id=""))


@pytest.mark.parametrize(
    ("call", "state", "done"),
    [
        pytest.param(REVOKE, a_state(WEB), True, id="closed"),
        pytest.param(REVOKE, a_state(WEB, SSH), False, id="still open"),
        pytest.param(REVOKE, a_state(replace(SSH, rule_id="sgr-9")), True, id="opened again since"),
        pytest.param(
            a_call(Operation.REVOKE_INGRESS, SSH, WEB), a_state(WEB), False, id="half closed"
        ),
        pytest.param(REVOKE, GONE, True, id="closed with the group"),
        pytest.param(RESTORE, a_state(WEB), True, id="put back"),
        pytest.param(RESTORE, a_state(SSH), False, id="not put back"),
        pytest.param(RESTORE, GONE, False, id="no group to put it in"),
    ],
)
def test_whether_a_call_is_done(call: Call, state: GroupState, done: bool) -> None:
    assert call_done(call, state) is done


BOTH = Plan((REVOKE, RESTORE))


@pytest.mark.parametrize(
    ("plan", "state", "ok", "told"),
    [
        pytest.param(
            BOTH,
            a_state(WEB),
            True,
            "sg-1: removed in tcp 22 ← 0.0.0.0/0 (sgr-1). sg-1: put back in tcp 443 ← 10.0.0.0/8.",
            id="all of it",
        ),
        pytest.param(
            BOTH,
            a_state(SSH, WEB),
            False,
            "sg-1: still there: in tcp 22 ← 0.0.0.0/0 (sgr-1).",
            id="still open",
        ),
        pytest.param(
            BOTH,
            a_state(WEB, replace(SSH, rule_id="sgr-9")),
            False,
            "sg-1: still there: in tcp 22 ← 0.0.0.0/0 (sgr-9).",
            id="opened again under another id",
        ),
        pytest.param(
            BOTH, a_state(), False, "sg-1: not there: in tcp 443 ← 10.0.0.0/8.", id="not put back"
        ),
        pytest.param(
            BOTH,
            GONE,
            False,
            "sg-1 is gone, so in tcp 443 ← 10.0.0.0/8 could not be put back.",
            id="group gone",
        ),
        pytest.param(Plan(()), a_state(), True, "There was nothing to do.", id="nothing to do"),
    ],
)
def test_the_verdict(plan: Plan, state: GroupState, ok: bool, told: str) -> None:
    verdict = verify(plan, {A_LOOK: state})
    assert (verdict.ok, verdict.told) == (ok, told)


def test_a_group_that_was_not_read_is_not_called_done() -> None:
    verdict = verify(Plan((REVOKE,)), {})
    assert (verdict.ok, verdict.told) == (False, "sg-1 could not be read back.")


def test_many_rules_are_named_and_counted() -> None:
    many = a_call(Operation.REVOKE_INGRESS, *(a_rule(n, rule_id=f"sgr-{n}") for n in range(5)))
    assert verify(Plan((many,)), {A_LOOK: a_state()}).told.endswith("(sgr-2) and 2 more.")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(Plan((replace(REVOKE, why="anew"),), leaves=("x",)), True, id="other words"),
        pytest.param(
            Plan((a_call(Operation.REVOKE_INGRESS, replace(SSH, rule_id="sgr-9")),)),
            False,
            id="another id",
        ),
        pytest.param(
            Plan((a_call(Operation.REVOKE_INGRESS, replace(SSH, description="x")),)),
            False,
            id="another description",
        ),
        pytest.param(Plan((replace(REVOKE, account="1"),)), False, id="another account"),
        pytest.param(Plan((REVOKE, RESTORE)), False, id="one call more"),
        pytest.param(Plan(()), False, id="no call"),
    ],
)
def test_plans_that_make_the_same_calls_have_the_same_digest(other: Plan, same: bool) -> None:
    assert (digest(other) == digest(Plan((REVOKE,)))) is same
