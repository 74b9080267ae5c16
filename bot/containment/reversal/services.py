"""Services: the changes outside of EC2 that one call sets back."""

from collections.abc import Callable, Mapping
from typing import Literal

from bot.changes.change import Change
from bot.containment.effects.services import DetachPolicy, HideDatabase
from bot.containment.reversal.draft import Draft, call_for
from bot.containment.reversal.networks import undo_acl_entry
from bot.containment.states import DatabaseState, Kind, Look, Policies

WHY_HIDDEN = "only takes the public address away; nothing else of the database is touched"
WHY_DETACHED = "detaches only this policy, which was attached just then"
HOLDERS: Mapping[str, Literal["group", "user", "role"]] = {
    "AttachGroupPolicy": "group",
    "AttachUserPolicy": "user",
    "AttachRolePolicy": "role",
}


def look_for(change: Change) -> Look | None:
    """Return what is to be looked at to undo a change that one call sets back; else None."""
    place = change.account, change.region
    if change.action in HOLDERS:
        return Look(Kind.POLICIES, *place, f"{HOLDERS[change.action]}/{change.target}")
    if change.action == "CreateNetworkAclEntry":
        return Look(Kind.ACL, *place, change.target)
    if change.action == "ModifyDBInstance" and _told(change, "publiclyAccessible") == "true":
        return Look(Kind.DATABASE, *place, change.target)
    return None


def undo_service(draft: Draft, change: Change) -> None:
    """Plan to undo such a change."""
    undo: Callable[[Draft, Change], None] = undo_acl_entry
    if change.action in HOLDERS:
        undo = _detach
    elif change.action == "ModifyDBInstance":
        undo = _hide
    undo(draft, change)


def _hide(draft: Draft, change: Change) -> None:
    state = draft.states.get(Look(Kind.DATABASE, change.account, change.region, change.target))
    if not isinstance(state, DatabaseState):
        draft.cannot.append(f"{change.target} could not be read, so nothing of it is planned.")
    elif not state.public:
        now = "gone" if state.public is None else "already private"
        draft.leaves.append(f"{change.target} is {now}.")
    else:
        draft.closing.append(call_for(change, HideDatabase(change.target), WHY_HIDDEN))


def _detach(draft: Draft, change: Change) -> None:
    holder, policy = HOLDERS[change.action], _told(change, "policyArn")
    look = Look(Kind.POLICIES, change.account, change.region, f"{holder}/{change.target}")
    state = draft.states.get(look)
    if not isinstance(state, Policies):
        draft.cannot.append(f"{change.target} could not be read, so nothing of it is planned.")
    elif policy not in (state.arns or ()):
        draft.leaves.append(f"{change.target}: {policy or 'the policy'} is not attached any more.")
    else:
        effect = DetachPolicy(holder, change.target, policy)
        draft.closing.append(call_for(change, effect, WHY_DETACHED))


def _told(change: Change, name: str) -> str:
    """Return what the record said under a name; its first letter's case differs."""
    for pair in change.detail.split(", "):
        key, _, value = pair.partition("=")
        if key[:1].lower() + key[1:] == name:
            return value
    return ""
