"""Revert: the plan that undoes changes, given what they touched as it is now.

What is put back was open before the changes, and what is still to be closed is open after them. So
at no moment is anything open that was open neither before nor after. What takes the place of
something closed is put back first; else all is closed before anything is restored. Whatever the
changes did not do is left alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.changes.change import Change, Verb
from bot.changes.normalise import MOVES
from bot.containment.advice import advice, unnamed
from bot.containment.plan import Plan
from bot.containment.reversal.draft import Done, Draft
from bot.containment.reversal.groups import created_and_deleted, removable, remove, undo_deletion
from bot.containment.reversal.members import undo_moves
from bot.containment.reversal.networks import undo_association, undo_list
from bot.containment.reversal.rules import undo_rules
from bot.containment.reversal.services import look_for, undo_service
from bot.containment.states import Kind, Look, State

OF_RULES = frozenset({Verb.AUTHORIZE, Verb.REVOKE, Verb.MODIFY, Verb.DESCRIBE, Verb.CREATE})
OF_VPCS = frozenset({Verb.ASSOCIATE, Verb.DISASSOCIATE})
NEW_IDS = "Rules that are put back get new ids, and no tags."


def looks_of(dones: Iterable[Done]) -> tuple[Look, ...]:
    """Return what is to be looked at to plan the undoing of the changes."""
    looks: dict[Look, None] = {}
    for done in dones:
        if not done.change.error:
            looks |= dict.fromkeys(_looks(done.change))
    return tuple(looks)


def _looks(change: Change) -> Iterable[Look]:
    account, region, group = change.account, change.region, change.group
    if change.verb in OF_RULES and group.id:
        yield Look(Kind.GROUP, account, region, group.id)
    if change.verb in {Verb.CREATE, Verb.DELETE} and group.id:
        yield Look(Kind.USES, account, region, group.id)
    if change.verb is Verb.DELETE and group.name and group.vpc:
        yield Look(Kind.NAMED_GROUP, account, region, f"{group.vpc}/{group.name}")
    if change.verb is Verb.MOVE and change.action in MOVES:
        yield Look(Kind.MEMBER, account, region, change.target)
    if change.verb in OF_VPCS:
        yield Look(Kind.ASSOCIATION, account, region, f"{group.id}/{change.target}")
    if change.verb is Verb.PREFIX_LIST and change.target:
        yield Look(Kind.PREFIX_LIST, account, region, change.target)
    if change.verb is Verb.OTHER and (look := look_for(change)):
        yield look


def revert_plan(dones: Sequence[Done], states: Mapping[Look, State]) -> Plan:
    """Return the plan that undoes the changes. ``states`` are those of ``looks_of``, as of now."""
    draft = Draft(states)
    did = []
    for done in sorted(dones, key=lambda done: (done.change.at, done.change.event_id)):
        if done.change.error:
            what = f"{done.change.action} on {done.change.group}"
            draft.leaves.append(f"{what} failed: it changed nothing.")
        else:
            did.append(done)
    _undo(draft, did)
    complete = not draft.cannot
    if draft.restoring or draft.first:
        draft.notes.append(NEW_IDS)
    return Plan(
        calls=draft.calls,
        leaves=tuple(dict.fromkeys(draft.left())),
        cannot=tuple(dict.fromkeys((*draft.cannot, *draft.notes))),
        drift=tuple(dict.fromkeys(draft.drift)),
        complete=complete,
    )


def _undo(draft: Draft, dones: Sequence[Done]) -> None:
    groups = _by(dones, OF_RULES | {Verb.DELETE}, lambda c: c.group.id)
    draft.cannot += [unnamed(done.change) for done in groups.pop("", ())]
    for group_id in [name for name, each in groups.items() if created_and_deleted(each)]:
        draft.leaves.append(f"{group_id} was made and deleted again: nothing to do.")
        del groups[group_id]
    for each in groups.values():
        if each[-1].change.verb is not Verb.DELETE:
            _undo_rules(draft, each)
    _undo_others(draft, dones)
    _undo_groups(draft, list(groups.values()))


def _undo_others(draft: Draft, dones: Sequence[Done]) -> None:
    for each in _by(dones, {Verb.MOVE}, lambda c: c.target).values():
        undo_moves(draft, each)
    for each in _by(dones, OF_VPCS, lambda c: f"{c.group.id}/{c.target}").values():
        undo_association(draft, [done.change for done in each])
    for each in _by(dones, {Verb.PREFIX_LIST}, lambda c: c.target).values():
        undo_list(draft, [done.change for done in each])
    for done in dones:
        change = done.change
        if change.verb is Verb.OTHER and look_for(change):
            undo_service(draft, change)
        elif change.verb in {Verb.OTHER, Verb.TAG}:
            draft.cannot.append(advice(change))


def _undo_groups(draft: Draft, groups: Sequence[Sequence[Done]]) -> None:
    """Plan for groups that came and went: last, for they count the calls before them."""
    created = [done.change for each in groups for done in each if done.change.verb is Verb.CREATE]
    for change in [change for change in created if removable(draft, change)]:
        remove(draft, change)
    for each in groups:
        if each[-1].change.verb is Verb.DELETE:
            undo_deletion(draft, each)


def _undo_rules(draft: Draft, dones: Sequence[Done]) -> None:
    told = [d for d in dones if d.change.touched or d.change.rule_ids]
    draft.cannot += [advice(d.change) for d in dones if d not in told]
    if told:
        undo_rules(draft, told)


def _by(
    dones: Sequence[Done], verbs: Iterable[Verb], key: Callable[[Change], str]
) -> dict[str, list[Done]]:
    found: dict[str, list[Done]] = {}
    for done in dones:
        if done.change.verb in verbs:
            found.setdefault(key(done.change), []).append(done)
    return found
