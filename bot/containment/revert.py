"""Revert: the plan that undoes changes of security groups, given the groups as they are now.

It closes first and restores then. So at no moment is anything open that was open neither before
the changes nor after them; and should a restoring call fail, what was opened is closed all the
same. Rules that the changes did not make are left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.changes.change import Change, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.advice import advice, unnamed
from bot.containment.effects.rules import Operation
from bot.containment.net import Net, net_of
from bot.containment.plan import Call, Plan, rule_call
from bot.containment.states import GroupState
from bot.containment.wording import rule_text, rules_text

CLOSES = {
    Direction.INGRESS: Operation.REVOKE_INGRESS,
    Direction.EGRESS: Operation.REVOKE_EGRESS,
}
RESTORES = {
    Direction.INGRESS: Operation.AUTHORIZE_INGRESS,
    Direction.EGRESS: Operation.AUTHORIZE_EGRESS,
}
UNDONE = frozenset({Verb.AUTHORIZE, Verb.REVOKE})
COUNTED = UNDONE | {Verb.CREATE}
WHY_CLOSED = "takes away only what was added, by rule id, as it was found just now"
WHY_RESTORED = "puts back only what was removed, after all closing"
NEW_IDS = "Rules that are put back get new ids, and no tags."


@dataclass(slots=True)
class _Draft:
    """What the plan comes to for the groups looked at so far."""

    closing: list[Call] = field(default_factory=list)
    restoring: list[Call] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def revert_plan(changes: Sequence[Change], states: Mapping[str, GroupState]) -> Plan:
    """Return the plan that undoes the changes. ``states`` are the groups now, by group id."""
    draft = _Draft()
    by_group: dict[str, list[Change]] = {}
    for change in changes:
        if change.error:
            draft.leaves.append(f"{change.action} on {change.group} failed: it changed nothing.")
            continue
        told = bool(change.touched or change.rule_ids)
        if change.verb not in UNDONE or not told:
            draft.cannot.append(advice(change))
        if change.verb in COUNTED and told:
            by_group.setdefault(change.group.id, []).append(change)
    draft.cannot += [unnamed(change) for change in by_group.pop("", ())]
    for group_id, its_changes in by_group.items():
        _undo(draft, group_id, net_of(its_changes), states.get(group_id))
    complete = not draft.cannot
    if draft.restoring:
        draft.cannot.append(NEW_IDS)
    return Plan(
        calls=(*draft.closing, *draft.restoring),
        leaves=tuple(dict.fromkeys(draft.leaves)),
        cannot=tuple(dict.fromkeys(draft.cannot)),
        drift=tuple(draft.drift),
        complete=complete,
    )


def _undo(draft: _Draft, group_id: str, net: Net, state: GroupState | None) -> None:
    for rule in net.undone:
        draft.leaves.append(f"{group_id}: {rule_text(rule)} came and went: nothing to do.")
    if net.untold:
        draft.cannot.append(
            f"{group_id}: {', '.join(net.untold)} were removed by id, and no record tells what "
            "they were. Put them back by hand."
        )
    if state is None:
        draft.cannot.append(f"{group_id} could not be read, so nothing of it is planned.")
        return
    if state.rules is None:
        _tell_gone(draft, group_id, net)
        return
    closing = _to_close(draft, group_id, net.added, state.rules)
    restoring = _to_restore(draft, group_id, net.removed, state.rules)
    draft.closing += _calls(state, CLOSES, closing, WHY_CLOSED)
    draft.restoring += _calls(state, RESTORES, restoring, WHY_RESTORED)
    others = [rule for rule in state.rules if rule not in closing]
    if others and (closing or restoring):
        draft.leaves.append(f"{group_id}: as they are: {rules_text(others)}.")


def _tell_gone(draft: _Draft, group_id: str, net: Net) -> None:
    if net.added:
        draft.leaves.append(f"{group_id} is gone, and what was added went with it.")
    if net.removed:
        draft.cannot.append(f"{group_id} is gone, so {rules_text(net.removed)} cannot be put back.")


def _to_close(
    draft: _Draft, group_id: str, added: Sequence[GroupRule], present: Sequence[GroupRule]
) -> list[GroupRule]:
    """Return the added rules as they are present now, where nobody has touched them since."""
    by_id = {rule.rule_id: rule for rule in present}
    alike = {rule: rule for rule in present}
    closing = []
    for rule in added:
        # An older record tells no rule id: then the rule that AWS would call the same is meant.
        now = by_id.get(rule.rule_id) if rule.rule_id else alike.get(rule)
        if now == rule:
            closing.append(now)
        elif now is not None:
            draft.drift.append(
                f"{group_id}: {rule_text(rule)} has been edited since, to "
                f"{rule_text(replace(now, rule_id=''))}. It is left as it is."
            )
        elif rule in alike:
            draft.drift.append(
                f"{group_id}: {rule_text(rule)} is gone, and was added again since as "
                f"{alike[rule].rule_id}. That one is left as it is."
            )
        else:
            draft.leaves.append(f"{group_id}: {rule_text(rule)} is already gone.")
    return closing


def _to_restore(
    draft: _Draft, group_id: str, removed: Sequence[GroupRule], present: Sequence[GroupRule]
) -> list[GroupRule]:
    restoring = []
    for rule in removed:
        if rule in present:
            draft.leaves.append(f"{group_id}: {rule_text(rule)} is already there again.")
        else:
            restoring.append(replace(rule, rule_id=""))
    return restoring


def _calls(
    state: GroupState,
    operations: Mapping[Direction, Operation],
    rules: Sequence[GroupRule],
    why: str,
) -> list[Call]:
    calls = []
    for direction, operation in operations.items():
        ours = tuple(rule for rule in rules if rule.direction is direction)
        if ours:
            place = state.account, state.region, state.group_id
            calls.append(rule_call(operation, *place, ours, why))
    return calls
