"""The containment step on a real Redis: each call only while its rules are as they were planned."""

from dataclasses import dataclass, field, replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.commands import AskRevert
from bot.aws.errors import AwsError
from bot.changes.rules import GroupRule
from bot.contain import Contain, covered_changes, read_states
from bot.containment.plan import Call, GroupState
from bot.containment.revert import revert_plan
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store
from tests.builders import ROSA, a_rule
from tests.store.events import an_outcome, placed_new

ALERT = "SGW-TEST0001"


@dataclass
class Hands:
    """One group; ``error`` is what AWS answers to the next call."""

    rules: list[GroupRule] = field(default_factory=lambda: [a_rule()])
    error: AwsError | None = None
    called: int = 0

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        return GroupState(account, region, group_id, tuple(self.rules))

    def execute(self, call: Call, containment: str) -> str:
        self.called += 1
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        self.rules = [rule for rule in self.rules if rule not in call.rules]
        return f"r-{self.called}"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def asked(store: Store, hands: Hands) -> Alert:
    store.events.write(an_outcome(), placed_new())
    changes = covered_changes(store, ALERT, 1)
    plan = revert_plan(changes, read_states(hands, changes))
    decision = decide_on(store, ALERT, AskRevert(plan, "not us", seen=1), ROSA)
    assert isinstance(decision, Decision)
    return decision.alert


def carry_on(store: Store, hands: Hands) -> Alert:
    reading = store.timelines.read(ALERT)
    assert reading is not None
    assert reading.alert.running is not None
    Contain(store, hands, lambda: None).carry_on(reading.alert, reading.alert.running)
    after = store.timelines.read(ALERT)
    assert after is not None
    return after.alert


def test_the_rule_is_removed_and_read_back(store: Store, hands: Hands, asked: Alert) -> None:
    alert = carry_on(store, hands)
    assert hands.rules == []
    assert alert.containments[0].verified is True
    assert alert.containments[0].calls[0].request_id == "r-1"


def test_a_rule_edited_since_the_preview_is_left(store: Store, hands: Hands, asked: Alert) -> None:
    hands.rules = [replace(a_rule(peer="10.0.0.0/8"), rule_id="sgr-1")]
    alert = carry_on(store, hands)
    assert hands.called == 0
    assert alert.containments[0].verified is False


def test_a_rule_edited_before_a_retry_is_left(store: Store, hands: Hands, asked: Alert) -> None:
    hands.error = AwsError("throttled", retry=True)
    with pytest.raises(AwsError):
        carry_on(store, hands)
    hands.rules = [replace(a_rule(peer="10.0.0.0/8"), rule_id="sgr-1")]
    alert = carry_on(store, hands)
    assert (hands.called, len(hands.rules)) == (1, 1)
    assert alert.containments[0].verified is False


def test_a_call_whose_answer_was_lost_is_not_made_again(
    store: Store, hands: Hands, asked: Alert
) -> None:
    hands.error = AwsError("timed out", retry=True)
    with pytest.raises(AwsError):
        carry_on(store, hands)
    hands.rules = []
    alert = carry_on(store, hands)
    assert hands.called == 1
    assert alert.containments[0].verified is True


def test_a_refused_call_ends_it_and_says_why(store: Store, hands: Hands, asked: Alert) -> None:
    hands.error = AwsError("no permission for ec2:RevokeSecurityGroupIngress", retry=False)
    alert = carry_on(store, hands)
    assert alert.containments[0].verified is False
    assert "No permission for ec2:RevokeSecurityGroupIngress." in alert.containments[0].told
