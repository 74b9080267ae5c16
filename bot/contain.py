"""The containment step: carries a plan on from where its timeline says it stands.

Before the first call the state is read and the plan made again: if they differ from what was
approved, nothing is called. Each call is recorded before and after. A call begun and not ended is
looked for in AWS first. The result is read back before it is called done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from bot.alerts.alert import Alert, Containment
from bot.alerts.commands import (
    BeginCall,
    Command,
    EndCall,
    EndContainment,
    Refusal,
    no_such_alert,
)
from bot.aws.errors import AwsError
from bot.aws.executor import Executor
from bot.aws.reader import GroupReader
from bot.changes.change import Change
from bot.containment.plan import Call, GroupState, Plan
from bot.containment.readback import call_done, digest, still_fits, verify
from bot.containment.revert import revert_plan
from bot.slack.listeners.desk import Planner
from bot.store.deciding import Decision, decide_on
from bot.store.store import Store


class Hands(Protocol):
    """What the step needs of AWS. Every method raises AwsError."""

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        """Return the group's rules as they are now."""
        ...

    def execute(self, call: Call, containment: str) -> str:
        """Make the call and return the request id of AWS's answer."""
        ...


@dataclass(frozen=True, slots=True)
class AwsHands:
    """Reads and changes AWS for the worker and for the listener's previews."""

    reader: GroupReader
    executor: Executor

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        """Return the group's rules as they are now."""
        return self.reader.read_group(account, region, group_id)

    def execute(self, call: Call, containment: str) -> str:
        """Make the call and return the request id of AWS's answer."""
        return self.executor.execute(call, containment)


MOVED = "The rules moved after the preview, so no more was called. Look at the new plan."


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

        Raises AwsError where AWS may answer later, RaceLostError, StoreError.
        """
        fresh = not any(call.begun for call in containment.calls)
        if fresh and (moved := self._moved(alert, containment)):
            self.end(alert, containment, moved)
            return
        for number, call in enumerate(containment.plan.calls):
            error = self._settle(alert, containment, number, call)
            if error:
                self.end(alert, containment, error)
                return
        self.end(alert, containment, "")

    def _moved(self, alert: Alert, containment: Containment) -> str:
        """Return why the plan no longer fits the rules as they are, or nothing."""
        changes = covered_changes(self.store, alert.id, containment.seen)
        plan = revert_plan(changes, read_states(self.hands, changes))
        if digest(plan) == digest(containment.plan):
            return ""
        return MOVED

    def _settle(self, alert: Alert, containment: Containment, number: int, call: Call) -> str:
        """Have the call made, once, and return its error."""
        state = containment.calls[number]
        if state.ended:
            return state.error
        group = self._read(call)
        if state.begun and call_done(call, group):
            self._decide(alert, EndCall(containment.id, number, request_id=""))
            return ""
        if not still_fits(call, group):
            return MOVED
        self._decide(alert, BeginCall(containment.id, number, again=state.begun))
        self.renew()
        request_id, refusal = "", ""
        try:
            request_id = self.hands.execute(call, containment.id)
        except AwsError as error:
            if error.retry:
                raise
            refusal = str(error)
        self._decide(alert, EndCall(containment.id, number, request_id, refusal))
        return refusal

    def end(self, alert: Alert, containment: Containment, error: str) -> None:
        """Read the result back and end the containment; ``error`` is why it went no further."""
        plan = containment.plan
        verdict = verify(plan, self._states(plan))
        told = f"{_sentence(error)} {verdict.told}" if error else verdict.told
        verified = verdict.ok and not error
        self._decide(alert, EndContainment(containment.id, verified, told))

    def give_up(self, alert: Alert, containment: Containment, error: str) -> None:
        """End it unread, where AWS will not tell what is so."""
        told = f"{_sentence(error)} Look at the group in AWS: some calls may have been made."
        self._decide(alert, EndContainment(containment.id, verified=False, told=told))

    def _read(self, call: Call) -> GroupState:
        return self.hands.read_group(call.account, call.region, call.group_id)

    def _states(self, plan: Plan) -> Mapping[str, GroupState]:
        return {call.group_id: self._read(call) for call in plan.calls}

    def _decide(self, alert: Alert, command: Command) -> Decision:
        decided = decide_on(self.store, alert.id, command, person=None)
        if isinstance(decided, Refusal):
            raise RaceLostError(decided.why)
        return decided


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def covered_changes(store: Store, alert_id: str, seen: int) -> tuple[Change, ...]:
    """Return the first ``seen`` changes of an alert: those that a modal showed."""
    return tuple(islice(store.timelines.changes(alert_id), seen))


def read_states(hands: Hands, changes: tuple[Change, ...]) -> Mapping[str, GroupState]:
    """Return the groups of the changes as they are now, by group id. Raises AwsError."""
    groups = {c.group.id: c for c in changes if c.group.id}
    return {
        group_id: hands.read_group(change.account, change.region, group_id)
        for group_id, change in groups.items()
    }


def planner(store: Store, hands: Hands) -> Planner:
    """Return what previews a revert: the plan for an alert's changes and the groups as they are."""

    def plan(alert_id: str) -> Plan | Refusal:
        reading = store.timelines.read(alert_id)
        if reading is None:
            return no_such_alert(alert_id)
        changes = covered_changes(store, alert_id, reading.alert.counts.changes)
        try:
            return revert_plan(changes, read_states(hands, changes))
        except AwsError as error:
            return Refusal(f"AWS did not say what the rules are now: {error}.")

    return plan
