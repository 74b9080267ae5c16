"""Undo: the plan that puts back what a revert changed, given the groups as they are now.

Like a revert it closes first and opens then, and leaves alone what others have done since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.changes.rules import GroupRule
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.plan import Call, Plan
from bot.containment.states import GroupState, Look, State
from bot.containment.wording import rule_text, rules_text

UNDOES = {
    Operation.REVOKE_INGRESS: Operation.AUTHORIZE_INGRESS,
    Operation.REVOKE_EGRESS: Operation.AUTHORIZE_EGRESS,
    Operation.AUTHORIZE_INGRESS: Operation.REVOKE_INGRESS,
    Operation.AUTHORIZE_EGRESS: Operation.REVOKE_EGRESS,
}
WHY_OPENED = "opens again what the revert closed, with the descriptions that it had"
WHY_CLOSED = "takes away again what the revert put back, by rule id, as it was found just now"
NEW_IDS = "Rules that are put back get new ids, and no tags."


@dataclass(slots=True)
class _Draft:
    opening: list[Call] = field(default_factory=list)
    closing: list[Call] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)


def undo_plan(reverted: Plan, states: Mapping[Look, State]) -> Plan:
    """Return the plan that undoes a revert. ``states`` are what its calls look at, as it is now."""
    draft = _Draft()
    for call in reverted.calls:
        if isinstance(call.effect, ChangeRules):
            _rules(draft, call, call.effect, states.get(call.look))
        else:
            draft.cannot.append(f"{call.operation} on {call.about} is not undone here.")
    complete = not draft.cannot
    if draft.opening:
        draft.cannot.append(NEW_IDS)
    return Plan(
        calls=(*draft.closing, *draft.opening),
        leaves=tuple(draft.leaves),
        cannot=tuple(dict.fromkeys(draft.cannot)),
        complete=complete,
    )


def _rules(draft: _Draft, call: Call, does: ChangeRules, state: State | None) -> None:
    if not isinstance(state, GroupState) or state.rules is None:
        why = "is gone" if isinstance(state, GroupState) else "could not be read"
        draft.cannot.append(f"{does.group} {why}, so nothing of it can be put back.")
    elif does.closes:
        _open(draft, call, does, state.rules)
    else:
        _close(draft, call, does, state.rules)


def _open(draft: _Draft, call: Call, does: ChangeRules, present: tuple[GroupRule, ...]) -> None:
    wanted = tuple(replace(rule, rule_id="") for rule in does.rules if rule not in present)
    there = [rule for rule in does.rules if rule in present]
    if there:
        draft.leaves.append(f"{does.group}: already there again: {rules_text(there)}.")
    if wanted:
        draft.opening.append(_undoing(call, does, wanted, WHY_OPENED))


def _close(draft: _Draft, call: Call, does: ChangeRules, present: tuple[GroupRule, ...]) -> None:
    alike = {rule: rule for rule in present}
    found = tuple(alike[rule] for rule in does.rules if rule in alike)
    gone = [rule for rule in does.rules if rule not in alike]
    draft.leaves += [f"{does.group}: {rule_text(rule)} is already gone." for rule in gone]
    if found:
        draft.closing.append(_undoing(call, does, found, WHY_CLOSED))


def _undoing(call: Call, does: ChangeRules, rules: tuple[GroupRule, ...], why: str) -> Call:
    undoes = ChangeRules(UNDOES[does.operation], does.group, rules)
    return replace(call, effect=undoes, why=why, needs=())
