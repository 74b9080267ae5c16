"""Promise 6: our own calls are known as ours, and nobody can pass as us."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.changes.change import Change, GroupRef
from bot.changes.rules import GroupRule
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.containment.effects.rules import Operation
from bot.containment.identity import matches_call, session_containment
from bot.containment.plan import Call, rule_call
from tests.builders import a_change, a_rule

ROLE = "arn:aws:iam::{account}:role/security/sgwatch-contain"
OURS = Principal(
    PrincipalKind.ROLE,
    "arn:aws:iam::123456789012:role/security/sgwatch-contain",
    "123456789012",
    "sgwatch-contain",
    role="sgwatch-contain",
    session="SGW-7K3QF2AB-c1",
)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(ROLE, id="a role in every account"),
        pytest.param(OURS.id, id="one role in one account"),
    ],
)
def test_our_role_names_its_containment_as_its_session(pattern: str) -> None:
    assert session_containment(OURS, pattern) == "SGW-7K3QF2AB-c1"


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"id": "arn:aws:iam::123456789012:role/ci"}, id="another role"),
        pytest.param({"id": OURS.id + "-2"}, id="a role whose name begins so"),
        pytest.param(
            {"id": "arn:aws:iam::123456789012:role/x/security/sgwatch-contain"},
            id="a role whose name ends so",
        ),
        pytest.param(
            {"id": "arn:aws:iam::123456789012:role/sgwatch-contain"}, id="the name on another path"
        ),
        pytest.param({"account": "210987654321"}, id="a role of another account"),
        pytest.param({"kind": PrincipalKind.USER}, id="a user"),
        pytest.param({"session": "SGW-7K3QF2AB"}, id="an alert for a session"),
        pytest.param({"session": "x-SGW-7K3QF2AB-c1"}, id="a session that ends so"),
        pytest.param({"session": "SGW-7K3QF2AB-c1-"}, id="a session that begins so"),
        pytest.param({"session": "SGW-7K3QF2AB-c1\n"}, id="a line break after it"),
        pytest.param({"session": ""}, id="no session"),
        pytest.param({"id": ROLE.replace("{account}", ""), "account": ""}, id="no account"),
    ],
)
def test_nobody_else_is_us(forged: dict[str, Any]) -> None:
    assert session_containment(replace(OURS, **forged), ROLE) is None


def test_without_a_role_of_ours_nothing_is_ours() -> None:
    assert session_containment(replace(OURS, id=""), "") is None


SSH, WEB = a_rule(rule_id="sgr-1"), a_rule(443, rule_id="sgr-2")


def a_call(operation: Operation, *rules: GroupRule) -> Call:
    return rule_call(operation, "123456789012", "eu-west-1", "sg-0a1b", rules, "")


def revoked(rules: Sequence[GroupRule] = (SSH, WEB), **fields: Any) -> Change:
    return a_change(added=(), removed=rules, **fields)


def restored(rules: Sequence[GroupRule] = (SSH, WEB), **fields: Any) -> Change:
    return a_change(added=rules, **fields)


REVOKE = a_call(Operation.REVOKE_INGRESS, SSH, WEB)
RESTORE = a_call(Operation.AUTHORIZE_INGRESS, replace(SSH, rule_id=""), replace(WEB, rule_id=""))


@pytest.mark.parametrize(
    ("change", "call"),
    [
        pytest.param(revoked(), REVOKE, id="revoked by id"),
        pytest.param(revoked([WEB, SSH]), REVOKE, id="in another order"),
        pytest.param(
            revoked([replace(SSH, rule_id=""), replace(WEB, rule_id="")]), REVOKE, id="no ids told"
        ),
        pytest.param(revoked([], rule_ids=("sgr-2", "sgr-1")), REVOKE, id="ids alone told"),
        pytest.param(revoked([WEB], rule_ids=("sgr-1",)), REVOKE, id="of some, ids alone told"),
        pytest.param(restored(), RESTORE, id="put back, under new ids"),
    ],
)
def test_the_change_that_the_call_makes(change: Change, call: Call) -> None:
    assert matches_call(change, call)


@pytest.mark.parametrize(
    ("change", "call"),
    [
        pytest.param(revoked([SSH]), REVOKE, id="less"),
        pytest.param(revoked([replace(SSH, rule_id="")]), REVOKE, id="less, and no ids told"),
        pytest.param(restored([SSH]), RESTORE, id="less put back"),
        pytest.param(revoked([SSH, WEB, a_rule(25)]), REVOKE, id="more"),
        pytest.param(revoked([], rule_ids=("sgr-1",)), REVOKE, id="less, by ids alone"),
        pytest.param(
            revoked([], rule_ids=("sgr-1", "sgr-2", "sgr-3")), REVOKE, id="more, by ids alone"
        ),
        pytest.param(
            revoked([a_rule(25, rule_id="sgr-1")], rule_ids=("sgr-2",)),
            REVOKE,
            id="another rule under the same id",
        ),
        pytest.param(revoked([SSH, replace(WEB, rule_id="sgr-9")]), REVOKE, id="another rule id"),
        pytest.param(restored(), REVOKE, id="the opposite"),
        pytest.param(replace(revoked(), added=(SSH,)), REVOKE, id="and something added"),
        pytest.param(replace(revoked(), modified=(SSH,)), REVOKE, id="and something edited"),
        pytest.param(
            revoked([], rule_ids=("sgr-1", "sgr-2"), error="Client.Unavailable"),
            REVOKE,
            id="a call that failed",
        ),
        pytest.param(revoked(action="RevokeSecurityGroupEgress"), REVOKE, id="another operation"),
        pytest.param(revoked(account="210987654321"), REVOKE, id="another account"),
        pytest.param(revoked(region="us-east-1"), REVOKE, id="another region"),
        pytest.param(revoked(group=GroupRef("sg-2")), REVOKE, id="another group"),
        pytest.param(revoked(), RESTORE, id="the other call"),
    ],
)
def test_no_other_change_passes_as_the_call(change: Change, call: Call) -> None:
    assert not matches_call(change, call)
