"""The containment step: carries a plan on from where its timeline says it stands.

Before the first call the state is read and the plan made again: if they differ from what was
approved, nothing is called. Each call is recorded before and after. A call begun and not ended is
looked for in AWS first. The result is read back before it is called done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Protocol, assert_never

from bot.alerts.alert import Alert, CallState, Containment
from bot.alerts.approving import next_id
from bot.alerts.automatic import why_by_itself
from bot.alerts.commands import (
    BeginCall,
    Command,
    EndCall,
    EndContainment,
    LeaveToPeople,
    Refusal,
    ReleaseByItself,
    RevertByItself,
    no_such_alert,
)
from bot.alerts.own_changes import own_changes
from bot.alerts.terms import ContainmentPolicy
from bot.aws.errors import AwsError
from bot.aws.executor import Answered, Executor
from bot.aws.states.reading import StateReader
from bot.changes.sentence import number_of
from bot.containment.action import Action, Intent
from bot.containment.plan import Call, Plan, resolved, unresolved
from bot.containment.readback import call_done, digest, made_in, still_fits, verify
from bot.containment.reversal.draft import Done
from bot.containment.revert import looks_of, revert_plan
from bot.containment.states import Kind, Look, State
from bot.containment.undo import undo_plan
from bot.isolating import Isolation
from bot.slack.listeners.desk import Planner
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store

BY_ITSELF = "reverts by themselves"
AN_HOUR = timedelta(hours=1)
NOTHING = "there is nothing that sgwatch could revert"


class Hands(Protocol):
    """What the step needs of AWS. Every method raises AwsError."""

    def read(self, look: Look) -> State:
        """Return what is so now."""
        ...

    def execute(self, call: Call, containment: str) -> Answered:
        """Make the call and return AWS's answer."""
        ...

    def isolate(self, alert: Alert, intent: Intent) -> Plan:
        """Return the plan that quarantines, restricts or releases, as AWS is now."""
        ...


@dataclass(frozen=True, slots=True)
class AwsHands:
    """Reads and changes AWS for the worker and for the listener's previews."""

    reader: StateReader
    executor: Executor
    isolation: Isolation

    def isolate(self, alert: Alert, intent: Intent) -> Plan:
        """Return the plan that quarantines, restricts or releases, as AWS is now."""
        return self.isolation.plan(alert, intent)

    def read(self, look: Look) -> State:
        """Return what is so now."""
        return self.reader.read(look)

    def execute(self, call: Call, containment: str) -> Answered:
        """Make the call and return AWS's answer."""
        return self.executor.execute(call, containment)


MOVED = "Things moved after the preview, so no more was called. Look at the new plan."


class MovedError(Exception):
    """What a call would change is no longer as the plan found it."""


class RaceLostError(Exception):
    """Another worker took this containment further: leave it alone."""


@dataclass(frozen=True, slots=True)
class Contain:
    """The step for one containment of one alert."""

    store: Store
    hands: Hands
    renew: Callable[[], None]

    def carry_on(self, alert: Alert, containment: Containment) -> None:
        """Do what is left of the plan.

        A call that AWS refuses stops only those that need it; the others are made.
        Raises AwsError where AWS may answer later, RaceLostError, StoreError.
        """
        fresh = not any(call.begun for call in containment.calls)
        if fresh and self._moved(alert, containment):
            self.end(alert, containment, MOVED)
            return
        calls = list(containment.calls)
        try:
            for number, call in enumerate(containment.plan.calls):
                if any(calls[needed].error or not calls[needed].ended for needed in call.needs):
                    continue
                ready = resolved(call, [state.made for state in calls])
                calls[number] = self._settled(alert, containment.id, number, ready, calls[number])
        except MovedError:
            self.end(alert, replace(containment, calls=tuple(calls)), MOVED)
            return
        errors = dict.fromkeys(state.error for state in calls if state.error)
        self.end(alert, replace(containment, calls=tuple(calls)), *errors)

    def _moved(self, alert: Alert, containment: Containment) -> bool:
        """Return whether the plan no longer fits things as they are."""
        plan = plan_of(self.store, self.hands, alert, containment.intent)
        return digest(plan) != digest(containment.plan)

    def _settled(
        self, alert: Alert, containment: str, number: int, call: Call, state: CallState
    ) -> CallState:
        """Have the call made, once, and return how it ended."""
        if state.ended:
            return state
        seen = self.hands.read(call.look)
        if state.begun and call_done(call, seen):
            made = made_in(seen)
            self._decide(alert, EndCall(containment, number, request_id="", made=made))
            return replace(state, ended=True, made=made)
        if not still_fits(call, seen):
            raise MovedError
        self._decide(alert, BeginCall(containment, number, again=state.begun))
        self.renew()
        answered, refusal = Answered(""), ""
        try:
            answered = self.hands.execute(call, containment)
        except AwsError as error:
            if error.retry:
                raise
            refusal = str(error)
        told = EndCall(containment, number, answered.request_id, refusal, answered.made)
        self._decide(alert, told)
        return replace(state, begun=True, ended=True, error=refusal, made=answered.made)

    def end(self, alert: Alert, containment: Containment, *errors: str) -> None:
        """Read the result back and end the containment; ``errors`` are why not all was called."""
        made = [state.made for state in containment.calls]
        calls = tuple(resolved(call, made) for call in containment.plan.calls)
        plan = replace(containment.plan, calls=calls)
        verdict = verify(plan, self._states(plan))
        told = " ".join([*(_sentence(error) for error in errors), verdict.told])
        verified = verdict.ok and not errors
        self._decide(alert, EndContainment(containment.id, verified, told))

    def rehearse(self, alert: Alert, containment: Containment) -> None:
        """End it without a call, and say what would have been called."""
        calls = ", ".join(f"{c.operation} on {c.about}" for c in containment.plan.calls)
        told = f"Nothing was called. It would have been: {calls}."
        if self._moved(alert, containment):
            told = MOVED
        self._decide(alert, EndContainment(containment.id, verified=False, told=told, dry=True))

    def give_up(self, alert: Alert, containment: Containment, error: str) -> None:
        """End it unread, where AWS will not tell what is so."""
        told = f"{_sentence(error)} Look at the group in AWS: some calls may have been made."
        self._decide(alert, EndContainment(containment.id, verified=False, told=told))

    def _states(self, plan: Plan) -> Mapping[Look, State]:
        looks = dict.fromkeys(call.look for call in plan.calls if not unresolved(call))
        return {look: self.hands.read(look) for look in looks}

    def _decide(self, alert: Alert, command: Command) -> Decision:
        decided = decide_on(self.store, alert.id, command, person=None)
        if isinstance(decided, Refusal):
            raise RaceLostError(decided.why)
        return decided


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def covered_changes(store: Store, alert_id: str, seen: int) -> tuple[Done, ...]:
    """Return the first ``seen`` changes of an alert: those that a modal showed."""
    sightings = islice(store.timelines.sightings(alert_id), seen)
    return tuple(Done(s.change, s.before, s.group_before.tags) for s in sightings)


def read_states(hands: Hands, looks: Iterable[Look]) -> Mapping[Look, State]:
    """Return what is so now. Raises AwsError."""
    return {look: hands.read(look) for look in looks}


def read_what_may_be(
    hands: Hands, looks: Iterable[Look]
) -> tuple[Mapping[Look, State], tuple[str, ...]]:
    """Return what is so now, and why some of it could not be read.

    Without a group's rules there is no plan; other things that sgwatch may not read are told, and
    the rest is planned. Raises AwsError.
    """
    states: dict[Look, State] = {}
    unread: list[str] = []
    for look in looks:
        try:
            states[look] = hands.read(look)
        except AwsError as error:
            if error.retry or look.kind is Kind.GROUP:
                raise
            unread.append(_sentence(str(error)))
    return states, tuple(unread)


def plan_of(store: Store, hands: Hands, alert: Alert, intent: Intent) -> Plan:
    """Return the plan for what somebody wants, from the state as it is now. Raises AwsError."""
    match intent.action:
        case Action.REVERT:
            seen = alert.counts.changes if intent.seen is None else intent.seen
            done = (*covered_changes(store, alert.id, seen), *map(Done, own_changes(alert)))
            states, unread = read_what_may_be(hands, looks_of(done))
            plan = revert_plan(done, states)
            return replace(plan, cannot=plan.cannot + unread)
        case Action.UNDO:
            reverted = next(c.plan for c in alert.containments if c.id == intent.of)
            looks = dict.fromkeys(call.look for call in reverted.calls)
            return undo_plan(reverted, read_states(hands, looks))
        case Action.QUARANTINE | Action.RESTRICT | Action.RELEASE:
            return hands.isolate(alert, intent)
        case _:
            assert_never(intent.action)


def revert_by_itself(store: Store, hands: Hands, policy: ContainmentPolicy, alert: Alert) -> None:
    """Ask for the revert that the policy wants, or leave it to people.

    Raises AwsError where AWS may answer later.
    """
    most = policy.automatic.an_hour
    try:
        plan = plan_of(store, hands, alert, Intent(Action.REVERT))
    except AwsError as error:
        if error.retry:
            raise
        command: Command = LeaveToPeople(str(error), policy.version)
    else:
        terms = policy.terms(alert, Action.REVERT, plan)
        why, seen = why_by_itself(alert, policy), alert.counts.changes
        command = RevertByItself(plan, why, seen, terms, policy.version)
        if not plan.calls:
            command = LeaveToPeople(NOTHING, policy.version)
        elif not store.budgets.ration(BY_ITSELF, next_id(alert), most, AN_HOUR):
            left = f"it has reverted {number_of(most, 'time')} in an hour, the most that may be"
            command = LeaveToPeople(left, policy.version)
    decide_on(store, alert.id, command, None)


def release_by_itself(store: Store, hands: Hands, alert: Alert, containment: str) -> None:
    """Ask for the release of what has lasted as long as it was to. Raises AwsError."""
    plan = plan_of(store, hands, alert, Intent(Action.RELEASE, of=containment))
    decide_on(store, alert.id, ReleaseByItself(containment, plan), None)


def planner(store: Store, hands: Hands) -> Planner:
    """Return what previews a containment of an alert, made from the state as it is now."""

    def plan(alert_id: str, intent: Intent) -> Plan | Refusal:
        reading = store.timelines.read(alert_id)
        if reading is None:
            return no_such_alert(alert_id)
        try:
            return plan_of(store, hands, reading.alert, intent)
        except AwsError as error:
            return Refusal(f"AWS did not say what the rules are now: {error}.")

    return plan
