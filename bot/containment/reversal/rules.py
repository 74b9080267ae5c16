"""Rules: those that were added go, those that were removed come back, those edited are set back.

Rules that the changes did not make are left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.changes.rules import Direction, GroupRule
from bot.containment.advice import advice
from bot.containment.effects.edits import EditRules, same
from bot.containment.effects.rules import Operation
from bot.containment.net import Net, net_of
from bot.containment.plan import Call, rule_call
from bot.containment.reversal.cuts import overlap
from bot.containment.reversal.draft import Done, Draft
from bot.containment.reversal.edits import Edit, settled
from bot.containment.states import GroupState, Kind, Look
from bot.containment.wording import rule_text, rules_text

CLOSES = {
    Direction.INGRESS: Operation.REVOKE_INGRESS,
    Direction.EGRESS: Operation.REVOKE_EGRESS,
}
RESTORES = {
    Direction.INGRESS: Operation.AUTHORIZE_INGRESS,
    Direction.EGRESS: Operation.AUTHORIZE_EGRESS,
}
WHY_CLOSED = "takes away only what was added, by rule id, as it was found just now"
WHY_RESTORED = "puts back only what was removed, after all closing"
WHY_FIRST = (
    "puts back what was removed, before what took its place is closed, so that nothing that was "
    "allowed before is cut in between"
)
WHY_EDITED = "sets back only what was edited, all of it at once, as it was found just now"


@dataclass(slots=True)
class _Group:
    """What is to be done to one group: rules that go, as they are, and that come, as they were.

    ``pairs`` are rules to be set back under their ids: as they are, and as they were.
    """

    id: str
    present: Sequence[GroupRule]
    going: dict[GroupRule, GroupRule] = field(default_factory=dict)
    coming: dict[GroupRule, GroupRule] = field(default_factory=dict)
    pairs: list[tuple[GroupRule, GroupRule]] = field(default_factory=list)


def undo_rules(draft: Draft, dones: Sequence[Done]) -> None:
    """Plan the undoing of all that was done to the rules of one group."""
    change = dones[0].change
    group_id = change.group.id
    state = draft.states.get(Look(Kind.GROUP, change.account, change.region, group_id))
    found = state.rules if isinstance(state, GroupState) else None
    what = settled(dones, found or ())
    net = net_of(what.changes)
    _tell(draft, group_id, net)
    if not isinstance(state, GroupState):
        draft.cannot.append(f"{group_id} could not be read, so nothing of it is planned.")
        return
    if state.rules is None:
        _tell_gone(draft, group_id, net, what.edits)
        return
    group = _Group(group_id, state.rules)
    _close(draft, group, net.added)
    group.coming |= {rule: rule for rule in net.removed}
    _edit(draft, group, what.edits)
    _settle(draft, group)
    _write(draft, state, group)


def _tell(draft: Draft, group_id: str, net: Net) -> None:
    for rule in net.undone:
        draft.leaves.append(f"{group_id}: {rule_text(rule)} came and went: nothing to do.")
    if net.untold:
        draft.cannot.append(
            f"{group_id}: {', '.join(filter(None, net.untold)) or 'rules'} were removed by id, and "
            "no record tells what they were. Put them back by hand."
        )


def _tell_gone(draft: Draft, group_id: str, net: Net, edits: Mapping[str, Edit]) -> None:
    if net.added or edits:
        draft.leaves.append(f"{group_id} is gone, and what was added went with it.")
    if net.removed:
        draft.cannot.append(f"{group_id} is gone, so {rules_text(net.removed)} cannot be put back.")


def _close(draft: Draft, group: _Group, added: Sequence[GroupRule]) -> None:
    """Close the added rules as they are present now, where nobody has touched them since."""
    by_id = {rule.rule_id: rule for rule in group.present}
    alike = {rule: rule for rule in group.present}
    for rule in added:
        # An older record tells no rule id: then the rule that AWS would call the same is meant.
        now = by_id.get(rule.rule_id) if rule.rule_id else alike.get(rule)
        if now is not None and now == rule:
            group.going[now] = now
        elif now is not None:
            draft.drift.append(
                f"{group.id}: {rule_text(rule)} has been edited since, to "
                f"{rule_text(replace(now, rule_id=''))}. It is left as it is."
            )
        elif rule in alike:
            draft.drift.append(
                f"{group.id}: {rule_text(rule)} is gone, and was added again since as "
                f"{alike[rule].rule_id}. That one is left as it is."
            )
        else:
            draft.leaves.append(f"{group.id}: {rule_text(rule)} is already gone.")


def _edit(draft: Draft, group: _Group, edits: Mapping[str, Edit]) -> None:
    by_id = {rule.rule_id: rule for rule in group.present}
    for rule_id, edit in edits.items():
        now, origin, what = by_id.get(rule_id), edit.origin, rule_id or "a rule"
        if edit.left is not None:
            what = rule_text(edit.left)
        if now is None:
            draft.drift.append(f"{group.id}: {what} was edited, and is gone since. It stays gone.")
        elif origin is None:
            draft.cannot.append(advice(edit.change))
        elif same(now, origin):
            draft.leaves.append(f"{group.id}: {rule_text(now)} is already as it was.")
        elif edit.left is not None and not same(now, edit.left):
            draft.drift.append(
                f"{group.id}: {what} has been edited again since, to {rule_text(now)} "
                f"“{now.description}”. It is left as it is."
            )
        else:
            group.pairs.append((now, origin))


def _settle(draft: Draft, group: _Group) -> None:
    """Let stay what is there under whatever id, and set back under its id what can be.

    AWS allows a rule but once in a group, so what is there already cannot come back.
    """
    edited = [(now, was) for now, was in group.pairs if now != was]
    group.going |= {now: now for now, _ in edited}
    group.coming |= {was: was for _, was in edited}
    for rule in [rule for rule in group.coming if rule in group.present]:
        del group.coming[rule]
        group.going.pop(rule, None)
        draft.leaves.append(f"{group.id}: {rule_text(rule)} is already there again.")
    described = [(now, was) for now, was in group.pairs if now == was]
    group.pairs = described + [
        (now, was) for now, was in edited if now in group.going and was in group.coming
    ]
    for now, was in group.pairs:
        group.going.pop(now, None)
        group.coming.pop(was, None)


def _write(draft: Draft, state: GroupState, group: _Group) -> None:
    closing = list(group.going.values())
    restoring = [replace(rule, rule_id="") for rule in group.coming.values()]
    going = [*closing, *(now for now, _ in group.pairs)]
    first = [r for r in restoring if any(overlap(r, closed) for closed in going)]
    later = [r for r in restoring if r not in first]
    draft.first += _calls(state, RESTORES, first, WHY_FIRST)
    draft.restoring += _calls(state, RESTORES, later, WHY_RESTORED)
    draft.closing += _calls(state, CLOSES, closing, WHY_CLOSED)
    if group.pairs:
        effect = EditRules(
            group.id,
            tuple(replace(was, rule_id=now.rule_id) for now, was in group.pairs),
            tuple(now for now, _ in group.pairs),
        )
        draft.editing.append(Call(state.account, state.region, effect, WHY_EDITED))
    touched = {rule.rule_id for rule in going}
    others = [rule for rule in group.present if rule.rule_id not in touched]
    if others and (going or restoring):
        draft.beside[group.id] = tuple(others)


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
