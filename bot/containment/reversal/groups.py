"""Groups: a new one is removed, if nothing uses it, else emptied; a deleted one is made again."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.changes.calls.call import DEFAULT_EGRESS
from bot.changes.change import Change, Verb
from bot.changes.rules import Direction, GroupRule
from bot.containment.advice import advice
from bot.containment.effects.groups import MakeGroup, RemoveGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.net import net_of
from bot.containment.plan import Call, made_by
from bot.containment.reversal.draft import Done, Draft, call_for
from bot.containment.reversal.rules import CLOSES, RESTORES
from bot.containment.states import Kind, Look, NamedGroup, Uses

KNOWN_AT_MOST = 50
"""Rules of a deleted group that are kept with the change."""

NOT_ALLOWED = re.compile(r"[^a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]")
"""What EC2 allows in no description of a group."""

WHY_REMOVED = "the group is new, nothing uses it, and nobody else has put a rule into it"
WHY_EMPTIED = "takes AWS's own rule out of the new group, which is still used"
WHY_MADE = "makes the group again: AWS gives it a new id"
WHY_FILLED = "puts its rules back as they were last read, naming the new group for itself"
WHY_CLOSED = "takes out what AWS puts into every new group, which the old one did not have"


def created_and_deleted(dones: Sequence[Done]) -> bool:
    """Return whether one group was both made and deleted: then nothing is left of it to undo."""
    return {Verb.CREATE, Verb.DELETE} <= {done.change.verb for done in dones}


def removable(draft: Draft, change: Change) -> bool:
    """Return whether a new group can be removed after its rules; else plan to empty it."""
    group = change.group.id
    uses = draft.states.get(Look(Kind.USES, change.account, change.region, group))
    if not isinstance(uses, Uses):
        draft.cannot.append(advice(change))
        return False
    if uses.rules is None:
        draft.leaves.append(f"{group} is already gone.")
        return False
    closed = draft.closed(group)
    stays = [rule for rule in uses.rules if rule.rule_id not in closed]
    others = [rule for rule in stays if rule != DEFAULT_EGRESS]
    left = _users(draft, uses, group)
    if left or others:
        _empty(draft, change, stays, left, others)
    return not (left or others)


def remove(draft: Draft, change: Change) -> None:
    """Plan the removal of a new group, after all that frees it."""
    group = change.group.id
    uses = draft.states[Look(Kind.USES, change.account, change.region, group)]
    found = uses.rules if isinstance(uses, Uses) else None
    needs = tuple(n for n, call in enumerate(draft.calls) if _frees(call, group))
    removal = call_for(change, RemoveGroup(group, found or ()), WHY_REMOVED)
    draft.moving.append(replace(removal, needs=needs))


def _frees(call: Call, group: str) -> bool:
    """Return whether the group cannot be deleted before this call was made."""
    effect = call.effect
    if isinstance(effect, PutInGroups):
        return group in effect.found
    return isinstance(effect, ChangeRules) and any(r.peer.value == group for r in effect.rules)


def _users(draft: Draft, uses: Uses, group: str) -> list[str]:
    """Return who will still use the group after the calls that are planned so far."""
    moved = {
        call.about
        for call in draft.calls
        if isinstance(call.effect, PutInGroups) and group not in call.effect.groups
    }
    freed = {
        call.about
        for call in draft.calls
        if isinstance(call.effect, ChangeRules) and call.effect.closes and _frees(call, group)
    }
    return [
        *(interface for interface in uses.interfaces if interface not in moved),
        *(other for other in uses.groups if other not in freed),
    ]


def _empty(
    draft: Draft,
    change: Change,
    stays: Sequence[GroupRule],
    left: Sequence[str],
    others: Sequence[GroupRule],
) -> None:
    group = change.group.id
    default = tuple(rule for rule in stays if rule == DEFAULT_EGRESS)
    if default and left:
        effect = ChangeRules(Operation.REVOKE_EGRESS, group, default)
        draft.closing.append(call_for(change, effect, WHY_EMPTIED))
    if others:
        why = "holds rules that these changes did not add"
        draft.drift.append(f"{group}: rules were added since by somebody else. They are left.")
    else:
        why = f"is used by {', '.join(left)}, so it is emptied only"
    draft.cannot.append(f"{group} {why}. {advice(change)}")


def undo_deletion(draft: Draft, dones: Sequence[Done]) -> None:
    """Plan to make a deleted group again, as near as can be: after all else, for it adds calls."""
    done = next(d for d in dones if d.change.verb is Verb.DELETE)
    change, group = done.change, done.change.group
    if not (done.before and group.name and group.vpc):
        draft.cannot.append(advice(change))
        return
    named = Look(Kind.NAMED_GROUP, change.account, change.region, f"{group.vpc}/{group.name}")
    found = draft.states.get(named)
    if not isinstance(found, NamedGroup) or found.id:
        other = found.id if isinstance(found, NamedGroup) else ""
        taken = f"there is another of its name now, {other}" if other else "nobody looked for it"
        draft.cannot.append(f"{group} is not made again: {taken}.")
        return
    rules = _rules_before(dones, done.before)
    _make(draft, done, rules)
    _tell_losses(draft, done)


def _rules_before(dones: Sequence[Done], at_deletion: Sequence[GroupRule]) -> list[GroupRule]:
    """Return the rules before any of these changes."""
    net = net_of([d.change for d in dones if d.change.verb in {Verb.AUTHORIZE, Verb.REVOKE}])
    kept = [rule for rule in at_deletion if rule not in net.added]
    return [*kept, *(rule for rule in net.removed if rule not in kept)]


def _make(draft: Draft, done: Done, rules: Sequence[GroupRule]) -> None:
    change, group, number = done.change, done.change.group, len(draft.calls)
    tags = tuple((key, value) for key, _, value in (tag.partition("=") for tag in done.tags))
    free = tuple((key, value) for key, value in tags if not key.startswith("aws:"))
    made = made_by(number)
    text = NOT_ALLOWED.sub("", f"{group.name}, made again by sgwatch for {group.id}")[:255]
    draft.moving.append(call_for(change, MakeGroup(group.vpc, group.name, text, free), WHY_MADE))
    itself = [
        replace(r, rule_id="", peer=replace(r.peer, value=made)) if r.peer.value == group.id
        else replace(r, rule_id="")
        for r in rules
    ]  # fmt: skip
    if DEFAULT_EGRESS not in itself:
        effect = ChangeRules(CLOSES[Direction.EGRESS], made, (DEFAULT_EGRESS,))
        draft.moving.append(replace(call_for(change, effect, WHY_CLOSED), needs=(number,)))
    for direction, operation in RESTORES.items():
        ours = tuple(r for r in itself if r.direction is direction and r != DEFAULT_EGRESS)
        if ours:
            call = call_for(change, ChangeRules(operation, made, ours), WHY_FILLED)
            draft.moving.append(replace(call, needs=(number,)))


def _tell_losses(draft: Draft, done: Done) -> None:
    change, group = done.change, done.change.group
    draft.notes.append(
        f"{group} comes back under a new id, and its description as it was is not known."
    )
    if len(done.before) >= KNOWN_AT_MOST:
        draft.cannot.append(f"{group}: only its first {KNOWN_AT_MOST} rules are known.")
    if any(tag.startswith("aws:") for tag in done.tags):
        draft.notes.append(
            f"{group}: tags that begin with aws: are AWS's own and do not come back."
        )
    uses = draft.states.get(Look(Kind.USES, change.account, change.region, group.id))
    if isinstance(uses, Uses) and uses.groups:
        named = ", ".join(uses.groups)
        draft.cannot.append(f"{named} still name {group.id}: let them name the new group.")
