"""Quarantine and restriction on a real Redis: each call once, whatever is killed; then released."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import pytest

from bot.alerts.alert import Alert
from bot.alerts.approval import Terms
from bot.alerts.commands import AskIsolation, AskRelease, Command, Refusal, ReleaseByItself
from bot.alerts.in_force import in_force
from bot.alerts.people import Person
from bot.aws.errors import AwsError
from bot.aws.executor import Answered
from bot.changes.rules import Direction
from bot.contain import Contain
from bot.containment.action import Action, Intent
from bot.containment.choice import Choice, Isolate, Reach, Stop
from bot.containment.effects.acls import MakeAcl
from bot.containment.effects.emptying import EmptyNew
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.value import SetsValue
from bot.containment.isolation import DESCRIPTION
from bot.containment.plan import Call, Plan
from bot.containment.quarantine import quarantine_plan
from bot.containment.release import release_plan
from bot.containment.restrict import Actor, restrict_plan
from bot.containment.states import (
    GroupState,
    Kind,
    Look,
    MemberState,
    NamedGroup,
    QuarantineAcl,
    State,
    Value,
)
from bot.isolating import made_calls
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store
from tests.builders import MARCUS, ROSA, a_rule
from tests.containment.sites import ACCOUNT, a_site
from tests.store.events import an_outcome, placed_new

ALERT, ID = "SGW-TEST0001", "SGW-TEST0001-c1"
ISOLATE = Isolate(("i-1",), snapshot=True, cut=True)
STOP = Stop(Reach.GROUPS, switch_key=True, hours=4)
MALLORY = Actor("user", "mallory", ACCOUNT, "us-east-1", "AKIA1", "Active")
PLANS: dict[Action, tuple[Choice, Plan]] = {
    Action.QUARANTINE: (ISOLATE, quarantine_plan(a_site(), ISOLATE, ID)),
    Action.RESTRICT: (STOP, restrict_plan(MALLORY, STOP, ID)),
}


class KilledError(Exception):
    """The worker is gone."""


@dataclass
class Aws:
    """What each look sees, as calls leave it.

    Where it ``kills``, the worker dies at each call once:
    before it is made, or after, so that its answer is lost. ``refused`` is what is denied.
    """

    plan: Plan
    states: dict[Look, State] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    kills: Literal["", "before", "after"] = ""
    died_at: set[Look] = field(default_factory=set)
    refused: str = ""

    def read(self, look: Look) -> State:
        return self.states.get(look) or self._before(look)

    def execute(self, call: Call, containment: str) -> Answered:
        number, made = len(self.calls), ""
        kill = bool(self.kills) and call.look not in self.died_at
        self.died_at.add(call.look)
        if kill and self.kills == "before":
            raise KilledError
        if call.operation == self.refused:
            raise AwsError(f"no permission for {call.operation}", retry=False)
        self.calls.append(call)
        match call.effect:
            case MakeGroup():
                made = f"sg-q-{number}"
                self.states[call.look] = NamedGroup(made, DESCRIPTION)
            case MakeAcl():
                made = f"acl-q-{number}"
                self.states[call.look] = QuarantineAcl(made)
            case EmptyNew():
                self.states[call.look] = GroupState(ACCOUNT, "", call.about, ())
            case PutInGroups():
                self.states[call.look] = MemberState(call.effect.groups)
            case SetsValue():
                self.states[call.look] = Value(call.effect.after, "aclassoc-new")
            case _:
                self.states[call.look] = Value("vol-1 vol-2")
        if kill:
            raise KilledError
        return Answered(f"r-{number}", made)

    def isolate(self, alert: Alert, intent: Intent) -> Plan:
        if intent.action is not Action.RELEASE:
            return self.plan
        held = next(c for c in alert.containments if c.id == intent.of)
        made = made_calls(held)
        states = {call.look: self.read(call.look) for call in made}
        return release_plan(made, states, ("sg-web", "sg-base", "sg-far"))

    def _before(self, look: Look) -> State:
        for call in self.plan.calls:
            if call.look == look and isinstance(call.effect, PutInGroups):
                return MemberState(call.effect.found)
            if call.look == look and isinstance(call.effect, SetsValue):
                return Value(call.effect.before)
        match look.kind:
            case Kind.NAMED_GROUP:
                return NamedGroup("")
            case Kind.QUARANTINE_ACL:
                return QuarantineAcl("")
            case Kind.GROUP:
                everything = a_rule(None, direction=Direction.EGRESS, protocol="-1")
                return GroupState(ACCOUNT, "", look.id, (everything,))
            case _:
                return Value("")


def decided(store: Store, command: Command, person: Person | None = ROSA) -> Alert:
    decision = decide_on(store, ALERT, command, person)
    assert isinstance(decision, Decision), decision
    return decision.alert


def asked(store: Store, action: Action) -> Aws:
    choice, plan = PLANS[action]
    decided(store, AskIsolation(action, choice, plan, "not us", 1, Terms()))
    return Aws(plan)


def carry_on(store: Store, aws: Aws) -> Alert:
    alert = alert_of(store)
    assert alert.running is not None
    with suppress(KilledError):
        Contain(store, aws, lambda: None).carry_on(alert, alert.running)
    return alert_of(store)


def alert_of(store: Store) -> Alert:
    reading = store.timelines.read(ALERT)
    assert reading is not None
    return reading.alert


@pytest.fixture(autouse=True)
def _raised(store: Store) -> None:
    store.events.write(an_outcome(), placed_new())


@pytest.mark.parametrize("kills", ["before", "after"])
@pytest.mark.parametrize("action", list(PLANS))
def test_killed_at_each_call_each_is_made_once(
    store: Store, action: Action, kills: Literal["before", "after"]
) -> None:
    aws = asked(store, action)
    aws.kills = kills
    planned = len(PLANS[action][1].calls)
    for _ in range(planned):
        assert carry_on(store, aws).running is not None
    alert = carry_on(store, aws)
    assert alert.containments[0].verified is True, alert.containments[0].told
    operations = [(call.operation, call.look) for call in aws.calls]
    assert len(operations) == len(set(operations)) == planned
    assert [held.id for held in in_force(alert)] == [ID]


def test_a_refused_call_stops_only_what_needs_it_and_what_was_done_can_be_released(
    store: Store,
) -> None:
    aws = asked(store, Action.QUARANTINE)
    aws.refused = "CreateSecurityGroup"
    alert = carry_on(store, aws)
    (held,) = in_force(alert)
    assert held.verified is False
    assert "No permission for CreateSecurityGroup." in held.told
    moved = [call for call in aws.calls if call.operation == "ModifyNetworkInterfaceAttribute"]
    assert moved == []
    plan = aws.isolate(alert, Intent(Action.RELEASE, of=ID))
    assert {call.operation for call in plan.calls} >= {"ExitStandby", "RegisterTargets"}


@pytest.mark.parametrize("action", list(PLANS))
def test_what_was_released_is_as_before_and_no_longer_in_force(
    store: Store, action: Action
) -> None:
    aws = asked(store, action)
    alert = carry_on(store, aws)
    plan = aws.isolate(alert, Intent(Action.RELEASE, of=ID))
    alert = decided(store, AskRelease(ID, plan, "looked at", Terms()), MARCUS)
    alert = carry_on(store, aws)
    assert alert.containments[1].verified is True, alert.containments[1].told
    assert in_force(alert) == ()
    again = decide_on(store, ALERT, AskRelease(ID, plan, "once more", Terms()), MARCUS)
    assert isinstance(again, Refusal)
    moves = [c.look for c in PLANS[action][1].calls if isinstance(c.effect, PutInGroups)]
    for look in moves:
        found = next(c.effect for c in aws.plan.calls if c.look == look)
        assert isinstance(found, PutInGroups)
        assert aws.read(look) == MemberState(found.found)


def test_two_who_press_at_once_have_it_done_once(store: Store) -> None:
    choice, plan = PLANS[Action.QUARANTINE]
    command = AskIsolation(Action.QUARANTINE, choice, plan, "not us", 1, Terms())
    decided(store, command)
    second = decide_on(store, ALERT, command, MARCUS)
    assert isinstance(second, Refusal)
    assert "is under way" in second.why


def test_it_is_released_by_itself_only_when_it_has_lasted(store: Store) -> None:
    aws = asked(store, Action.RESTRICT)
    alert = carry_on(store, aws)
    until = alert.containments[0].until
    assert until is not None
    assert until - alert.containments[0].at == timedelta(hours=4)
    plan = aws.isolate(alert, Intent(Action.RELEASE, of=ID))
    early = decide_on(store, ALERT, ReleaseByItself(ID, plan), None)
    assert isinstance(early, Refusal)
    person = decide_on(store, ALERT, ReleaseByItself(ID, plan), MARCUS)
    assert isinstance(person, Refusal)
