"""Members: interfaces and instances are put back into the groups that they were in."""

from collections.abc import Sequence

from bot.changes.normalise import MOVES
from bot.containment.advice import advice
from bot.containment.effects.members import PutInGroups
from bot.containment.reversal.draft import Done, Draft, call_for
from bot.containment.states import Kind, Look, MemberState

WHY = "puts it back into the groups that it was in before, and no other"


def undo_moves(draft: Draft, dones: Sequence[Done]) -> None:
    """Plan to put one interface or instance back. Its moves are given in order."""
    first, last = dones[0], dones[-1]
    target = first.change.target
    before: tuple[str, ...] = first.groups_before
    if first.change.action not in MOVES:
        # It was made in these groups: only where it was moved to later can be undone.
        before = first.change.groups_after
        draft.cannot.append(advice(first.change))
        if first is last:
            return
    if not before:
        draft.cannot.append(advice(last.change))
        return
    state = draft.states.get(Look(Kind.MEMBER, last.change.account, last.change.region, target))
    if not isinstance(state, MemberState):
        draft.cannot.append(f"{target} could not be read, so nothing of it is planned.")
    elif state.groups is None:
        draft.leaves.append(f"{target} is gone.")
    elif set(state.groups) == set(before):
        draft.leaves.append(f"{target} is already in {', '.join(before)}.")
    elif set(state.groups) != set(last.change.groups_after):
        draft.drift.append(
            f"{target} has been moved since, to {', '.join(state.groups)}. It is left there."
        )
    else:
        effect = PutInGroups(target, before, state.groups)
        draft.moving.append(call_for(last.change, effect, WHY))
