"""The containment step on a real Redis: each call only while its rules are as they were planned."""

from dataclasses import dataclass, field, replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.commands import AskRevert, BeginCall
from bot.aws.errors import AwsError
from bot.aws.executor import Answered
from bot.changes.rules import GroupRule
from bot.contain import Contain, covered_changes, read_states, read_what_may_be
from bot.containment.action import Intent
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.plan import Call, Plan, made_by
from bot.containment.revert import looks_of, revert_plan
from bot.containment.states import GroupState, Kind, Look, NamedGroup, State
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store
from tests.builders import ROSA, a_rule, rules_of
from tests.store.events import an_outcome, placed_new

ALERT = "SGW-TEST0001"


@dataclass
class Hands:
    """One group; ``error`` is what AWS answers to the next call."""

    rules: list[GroupRule] = field(default_factory=lambda: [a_rule()])
    error: AwsError | None = None
    called: int = 0
    made: str = ""
    lost: int = 0
    groups: list[str] = field(default_factory=list)

    def read(self, look: Look) -> State:
        if look.kind is Kind.NAMED_GROUP:
            return NamedGroup(self.made, "made")
        return GroupState(look.account, look.region, look.id, tuple(self.rules))

    def isolate(self, alert: Alert, intent: Intent) -> Plan:
        raise AssertionError(f"nobody asks for {intent.action} of {alert.id} here")

    def execute(self, call: Call, containment: str) -> Answered:
        self.called += 1
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        if isinstance(call.effect, MakeGroup):
            self.made = "sg-new"
        else:
            self.groups.append(call.about)
            self.rules = [rule for rule in self.rules if rule not in rules_of(call)]
        if self.called == self.lost:
            raise AwsError("timed out after AWS did it", retry=True)
        made = self.made if isinstance(call.effect, MakeGroup) else ""
        return Answered(f"r-{self.called}", made)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def asked(store: Store, hands: Hands) -> Alert:
    store.events.write(an_outcome(), placed_new())
    changes = covered_changes(store, ALERT, 1)
    plan = revert_plan(changes, read_states(hands, looks_of(changes)))
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


PLACE = "123456789012", "eu-west-1"
MAKE = Call(*PLACE, MakeGroup("vpc-1", "new", "made"), "")
FILL = Call(*PLACE, ChangeRules(Operation.REVOKE_INGRESS, made_by(0), (a_rule(),)), "", needs=(0,))
OTHER = Call(*PLACE, ChangeRules(Operation.REVOKE_INGRESS, "sg-2", (a_rule(),)), "")


def begun(store: Store, *calls: Call) -> None:
    """Ask for a plan, and leave its first call begun: its answer was lost."""
    store.events.write(an_outcome(), placed_new())
    assert isinstance(decide_on(store, ALERT, AskRevert(Plan(calls), "not us", 1), ROSA), Decision)
    assert isinstance(decide_on(store, ALERT, BeginCall(f"{ALERT}-c1", 0), None), Decision)


def test_what_a_call_makes_is_told_to_those_that_need_it(store: Store, hands: Hands) -> None:
    begun(store, MAKE, FILL)
    alert = carry_on(store, hands)
    assert hands.groups == ["sg-new"]
    assert [state.made for state in alert.containments[0].calls] == ["sg-new", ""]
    assert alert.containments[0].verified is True


def test_what_was_made_before_a_crash_is_found_by_looking(store: Store, hands: Hands) -> None:
    hands.made = "sg-made"
    begun(store, MAKE, FILL)
    alert = carry_on(store, hands)
    assert (hands.called, hands.groups) == (1, ["sg-made"])
    assert alert.containments[0].calls[0].made == "sg-made"


def test_a_call_that_is_refused_stops_only_those_that_need_it(store: Store, hands: Hands) -> None:
    hands.error = AwsError("no permission for ec2:CreateSecurityGroup", retry=False)
    begun(store, MAKE, FILL, OTHER)
    alert = carry_on(store, hands)
    assert hands.groups == ["sg-2"]
    told = alert.containments[0].told
    assert alert.containments[0].verified is False
    assert "No permission for ec2:CreateSecurityGroup." in told
    assert "RevokeSecurityGroupIngress was not called: what it needs was not made." in told


def test_what_may_not_be_read_is_told_and_the_rest_is_planned() -> None:
    group = Look(Kind.GROUP, *PLACE, "sg-1")
    denied = Look(Kind.PREFIX_LIST, *PLACE, "pl-1")

    class Denying(Hands):
        def read(self, look: Look) -> State:
            if look == denied:
                raise AwsError("no permission for ec2:DescribeManagedPrefixLists", retry=False)
            return super().read(look)

    states, unread = read_what_may_be(Denying(), [group, denied])
    assert list(states) == [group]
    assert unread == ("No permission for ec2:DescribeManagedPrefixLists.",)


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_whichever_answer_is_lost_each_call_is_made_once(
    store: Store, hands: Hands, lost: int
) -> None:
    begun(store, MAKE, FILL, OTHER)
    hands.lost = lost
    with pytest.raises(AwsError):
        carry_on(store, hands)
    alert = carry_on(store, hands)
    assert (hands.called, hands.groups) == (3, ["sg-new", "sg-2"])
    assert alert.containments[0].verified is True
