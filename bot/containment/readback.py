"""Reading back: whether a plan, or one call of it, has come true in AWS."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.containment.plan import Call, Plan, unresolved
from bot.containment.states import Look, NamedGroup, QuarantineAcl, State


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the plan's end is so in AWS, and a sentence or two that tell it."""

    ok: bool
    told: str


def call_done(call: Call, state: State) -> bool:
    """Return whether the call's effect is there already: asked where its answer was lost."""
    return call.effect.done(state)


def still_fits(call: Call, state: State) -> bool:
    """Return whether what the call would change is still as the plan found it."""
    return call.effect.fits(state)


def made_in(state: State) -> str:
    """Return the id of what a call made, from the state that shows it done."""
    return state.id if isinstance(state, NamedGroup | QuarantineAcl) else ""


def verify(plan: Plan, states: Mapping[Look, State]) -> Verdict:
    """Return whether what each call was to do is so."""
    faults = [fault for call in plan.calls if (fault := _fault(call, states.get(call.look)))]
    if faults:
        return Verdict(ok=False, told=" ".join(dict.fromkeys(faults)))
    if not plan.calls:
        return Verdict(ok=True, told="There was nothing to do.")
    return Verdict(ok=True, told=" ".join(call.effect.told() for call in plan.calls))


def digest(plan: Plan) -> str:
    """Return a short text that two plans share exactly if they make the same calls.

    The rules' equality is AWS's, which knows no descriptions and ids; this one does.
    """
    calls = [asdict(call) | {"why": ""} for call in plan.calls]
    return hashlib.sha256(json.dumps(calls, sort_keys=True).encode()).hexdigest()[:32]


def _fault(call: Call, state: State | None) -> str:
    if unresolved(call):
        return f"{call.operation} was not called: what it needs was not made."
    if state is None:
        return f"{call.about} could not be read back."
    return call.effect.fault(state)
