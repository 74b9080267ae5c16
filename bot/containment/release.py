"""Release: the plan that gives back what a quarantine or a restriction took, where it is still so.

It is made from the calls that were made. What somebody has changed since is shown and left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.containment.effects.acls import UseAcl
from bot.containment.effects.denial import Deny, SwitchKey
from bot.containment.effects.forensics import Mark, Snapshot
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.service import Receive, Standby
from bot.containment.plan import Call, Effect, Plan
from bot.containment.states import Look, MemberState, State, Value

WHY = {
    "members": "gives it back the groups that it was in, in one step",
    "use_acl": "has the subnet use the network ACL that it used before",
    "standby": "puts it back into service; the group then wants one instance more",
    "receive": "sends it requests as before",
    "mark": "takes away only the tag that the quarantine gave it",
    "deny": "takes off only the policy that the restriction put on",
    "key": "switches on only the key that the restriction switched off",
}
KEPT = "Snapshots are kept: delete them when nobody needs them."
STAYS = (
    "What the groups allow now holds for it again: look whether that is what you want. The "
    "quarantine group stays for the next time."
)


@dataclass(slots=True)
class _Draft:
    calls: list[Call] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    cannot: list[str] = field(default_factory=list)
    drift: list[str] = field(default_factory=list)


def release_plan(made: Iterable[Call], states: Mapping[Look, State], groups: Iterable[str]) -> Plan:
    """Return the plan that undoes the calls that were made, the last first.

    ``states`` are what the calls look at, now; ``groups`` those that still exist.
    """
    draft, there = _Draft(), frozenset(groups)
    for call in reversed(tuple(made)):
        if isinstance(call.effect, Snapshot):
            draft.leaves.append(KEPT)
            continue
        back = _undone(draft, call, states.get(call.look), there)
        if back is not None:
            draft.calls.append(replace(call, effect=back, why=WHY[back.kind], needs=()))
    if any(isinstance(call.effect, PutInGroups) for call in draft.calls):
        draft.leaves.append(STAYS)
    return Plan(
        calls=tuple(draft.calls),
        leaves=tuple(dict.fromkeys(draft.leaves)),
        cannot=tuple(draft.cannot),
        drift=tuple(draft.drift),
        complete=not draft.cannot,
    )


def looks(made: Iterable[Call]) -> tuple[Look, ...]:
    """Return what has to be looked at to release the calls."""
    return tuple(dict.fromkeys(call.look for call in made if inverse(call.effect) is not None))


def before_groups(made: Iterable[Call]) -> tuple[str, ...]:
    """Return the groups that interfaces would be put back into."""
    moves = (call.effect for call in made if isinstance(call.effect, PutInGroups))
    return tuple(dict.fromkeys(group for move in moves for group in move.found))


def inverse(effect: Effect) -> Effect | None:
    """Return what undoes the effect; None where it stays."""
    match effect:
        case PutInGroups():
            return PutInGroups(effect.interface, effect.found, effect.groups)
        case UseAcl():
            return UseAcl(effect.subnet, effect.association, effect.found, effect.acl)
        case Standby():
            return replace(effect, enter=not effect.enter)
        case Receive():
            return replace(effect, receives=not effect.receives)
        case Mark():
            return Mark(effect.instance, effect.tag, effect.before, effect.value)
        case Deny():
            return replace(effect, document="", says=())
        case SwitchKey():
            return replace(effect, active=not effect.active)
        case _:
            return None


def _undone(
    draft: _Draft, call: Call, state: State | None, groups: frozenset[str]
) -> Effect | None:
    effect, back = call.effect, inverse(call.effect)
    if back is None:
        return None
    if state is None:
        draft.cannot.append(f"{effect.about} could not be read, so it is left as it is.")
        return None
    if isinstance(back, UseAcl) and isinstance(state, Value):
        # AWS gives a subnet's association a new id each time that it uses another ACL.
        back = replace(back, association=state.handle)
    if effect.done(state):
        return _with_present(draft, back, groups) if isinstance(back, PutInGroups) else back
    if _gone(state):
        draft.leaves.append(f"{effect.about} is gone.")
    elif back.done(state):
        draft.leaves.append(f"{effect.about} is as it was before already.")
    else:
        draft.drift.append(f"{effect.fault(state)} Somebody changed that since: it is left so.")
    return None


def _gone(state: State) -> bool:
    return isinstance(state, MemberState) and state.groups is None


def _with_present(draft: _Draft, back: PutInGroups, groups: frozenset[str]) -> Effect | None:
    """Return the move without groups that were deleted meanwhile."""
    missing = [group for group in back.groups if group not in groups]
    if not missing:
        return back
    left = tuple(group for group in back.groups if group in groups)
    gone = ", ".join(missing)
    if not left:
        draft.cannot.append(
            f"{back.interface} was in {gone}, which is gone: it stays in quarantine. Put it into "
            "another group by hand."
        )
        return None
    draft.drift.append(f"{back.interface} was in {gone} too, which is gone.")
    return replace(back, groups=left)
