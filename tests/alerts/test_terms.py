"""Who may ask and approve, as the policy says for this action, account and severity."""

from dataclasses import replace

import pytest

from bot.alerts.approval import Terms
from bot.alerts.people import Right
from bot.alerts.terms import ContainmentPolicy, ContainmentRule
from bot.changes.severity import Severity
from bot.containment.action import Action
from bot.containment.effects.rules import Operation
from bot.containment.plan import Plan, rule_call
from tests.alerts.test_evolve import PLAN
from tests.builders import a_rule, an_alert

ALERT = an_alert()
ADMIN = ContainmentRule(ask=Right.ADMIN)
PLACE = "123456789012", "eu-west-1", "sg-0a1b"
OPENING = Plan((rule_call(Operation.AUTHORIZE_INGRESS, *PLACE, (a_rule(),), "puts back"),))


@pytest.mark.parametrize(
    ("action", "terms"),
    [
        (Action.REVERT, Terms()),
        (Action.UNDO, Terms(ask=Right.APPROVER)),
        (Action.QUARANTINE, Terms(two=True)),
        (Action.RESTRICT, Terms(two=True)),
        (Action.RELEASE, Terms(ask=Right.APPROVER)),
    ],
)
def test_the_usual_terms(action: Action, terms: Terms) -> None:
    assert ContainmentPolicy().terms(ALERT, action, PLAN) == terms


def test_a_revert_that_only_opens_needs_what_an_undo_does() -> None:
    assert ContainmentPolicy().terms(ALERT, Action.REVERT, OPENING).ask is Right.APPROVER
    mixed = replace(PLAN, calls=PLAN.calls + OPENING.calls)
    assert ContainmentPolicy().terms(ALERT, Action.REVERT, mixed).ask is Right.RESPONDER


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        pytest.param(ADMIN, True, id="all"),
        pytest.param(replace(ADMIN, actions=(Action.REVERT,)), True, id="the action"),
        pytest.param(replace(ADMIN, actions=(Action.UNDO,)), False, id="another action"),
        pytest.param(replace(ADMIN, environments=("prod",)), True, id="the environment"),
        pytest.param(replace(ADMIN, environments=("test",)), False, id="another environment"),
        pytest.param(replace(ADMIN, accounts=("123456789012",)), True, id="the account"),
        pytest.param(replace(ADMIN, accounts=("210987654321",)), False, id="another account"),
        pytest.param(replace(ADMIN, severities=(Severity.CRITICAL,)), True, id="the severity"),
        pytest.param(replace(ADMIN, severities=(Severity.LOW,)), False, id="another severity"),
        pytest.param(
            replace(ADMIN, environments=("prod",), severities=(Severity.LOW,)),
            False,
            id="all of a rule must fit",
        ),
    ],
)
def test_a_rule_holds_for_what_fits_it(rule: ContainmentRule, fits: bool) -> None:
    policy = ContainmentPolicy(rules=(rule,), environments={"123456789012": "prod"})
    found = policy.terms(ALERT, Action.REVERT, PLAN)
    assert found == Terms(ask=Right.ADMIN if fits else Right.RESPONDER)


def test_the_first_rule_that_fits_decides() -> None:
    rules = (ContainmentRule(two=True), ContainmentRule(ask=Right.ADMIN))
    found = ContainmentPolicy(rules=rules).terms(ALERT, Action.REVERT, PLAN)
    assert found == Terms(two=True)


def test_where_two_are_always_needed_no_rule_says_otherwise() -> None:
    policy = ContainmentPolicy(rules=(ContainmentRule(two=False),), always_two=True)
    assert all(policy.terms(ALERT, action, PLAN).two for action in Action)
