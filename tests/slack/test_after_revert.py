"""After a revert the alert says what flow logs tell, and that a tool may put the change back."""

from dataclasses import replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question
from bot.slack.views.resolution import resolution_facts
from tests.slack import alerts


def lines(alert: Alert) -> dict[str, str]:
    assert alert.resolution is not None
    facts = resolution_facts(alert, alert.resolution, ())
    return {fact.label: " ".join(fact.lines) for fact in facts}


def told(question: Question, value: str, *more: str, unknown: str = "") -> Alert:
    fact = Fact(question, "sg-0a1b", value, unknown=unknown, more=more)
    return replace(alerts.reverted_alert(), facts=(fact,))


@pytest.mark.parametrize(
    ("alert", "says"),
    [
        pytest.param(
            told(Question.MANAGED, "Managed by Terraform (web); changed by Terraform", "Run: ci/7"),
            "Terraform (web) made this change and will put it back: take it out of its files "
            "(Run: ci/7)",
            id="its own change",
        ),
        pytest.param(
            told(Question.MANAGED, "Managed by CloudFormation (stack-1); changed by hand"),
            "CloudFormation (stack-1) puts back what its files say: see that they do not have it",
            id="by hand",
        ),
        pytest.param(told(Question.MANAGED, "", unknown="the group is gone"), "", id="unknown"),
        pytest.param(alerts.reverted_alert(), "", id="not asked"),
    ],
)
def test_who_manages_the_group_may_put_it_back(alert: Alert, says: str) -> None:
    assert lines(replace(alert, facts=alert.facts)).get("Next run", "") == says


def test_what_flow_logs_tell_is_said_once_it_was_asked() -> None:
    assert lines(told(Question.FLOW_LOGS, "none for vpc-1"))["Flow logs"] == "none for vpc-1"
    denied = told(Question.FLOW_LOGS, "", unknown="no permission for ec2:DescribeFlowLogs")
    assert lines(denied)["Flow logs"] == "not known: no permission for ec2:DescribeFlowLogs"
    assert lines(alerts.reverted_alert())["Flow logs"] == ""
