"""Reading back: whether a plan, or one call of it, has come true in AWS."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.changes.rules import GroupRule
from bot.containment.plan import Call, GroupState, Operation, Plan
from bot.containment.wording import rules_text

CLOSING = frozenset({Operation.REVOKE_INGRESS, Operation.REVOKE_EGRESS})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the plan's end is so in AWS, and a sentence or two that tell it."""

    ok: bool
    told: str


def call_done(call: Call, state: GroupState) -> bool:
    """Return whether the call's effect is there already: asked where its answer was lost."""
    present = state.rules
    if call.operation in CLOSING:
        ids = {rule.rule_id for rule in present or ()}
        return not any(rule.rule_id in ids for rule in call.rules)
    return present is not None and set(call.rules) <= set(present)


def still_fits(call: Call, state: GroupState) -> bool:
    """Return whether the rules that a closing call takes away are still as the plan says.

    A rule may keep its id and be edited; then it is no longer what was to be taken away.
    """
    if call.operation not in CLOSING:
        return True
    planned = {rule.rule_id: rule for rule in call.rules}
    present = [rule for rule in state.rules or () if rule.rule_id in planned]
    return all(
        rule == planned[rule.rule_id] and rule.description == planned[rule.rule_id].description
        for rule in present
    )


def verify(plan: Plan, states: Mapping[str, GroupState]) -> Verdict:
    """Return whether what was to be closed is closed and what was to be restored is there."""
    faults = [fault for call in plan.calls if (fault := _fault(call, states.get(call.group_id)))]
    if faults:
        return Verdict(ok=False, told=" ".join(faults))
    if not plan.calls:
        return Verdict(ok=True, told="There was nothing to do.")
    return Verdict(ok=True, told=" ".join(_told(call) for call in plan.calls))


def digest(plan: Plan) -> str:
    """Return a short text that two plans share exactly if they make the same calls.

    The rules' equality is AWS's, which knows no descriptions and ids; this one does.
    """
    calls = [asdict(call) | {"why": ""} for call in plan.calls]
    return hashlib.sha256(json.dumps(calls, sort_keys=True).encode()).hexdigest()[:32]


def _fault(call: Call, state: GroupState | None) -> str:
    if state is None:
        return f"{call.group_id} could not be read back."
    if call.operation in CLOSING:
        # By content, not by id: what somebody opened again in between is open.
        open_still = [rule for rule in state.rules or () if rule in call.rules]
        return f"{call.group_id}: still there: {rules_text(open_still)}." if open_still else ""
    if state.rules is None:
        return f"{call.group_id} is gone, so {rules_text(call.rules)} could not be put back."
    missing = _missing(call.rules, state.rules)
    return f"{call.group_id}: not there: {rules_text(missing)}." if missing else ""


def _missing(wanted: tuple[GroupRule, ...], present: tuple[GroupRule, ...]) -> list[GroupRule]:
    return [rule for rule in wanted if rule not in present]


def _told(call: Call) -> str:
    verb = "removed" if call.operation in CLOSING else "put back"
    return f"{call.group_id}: {verb} {rules_text(call.rules)}."
