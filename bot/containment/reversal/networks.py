"""Networks: VPC associations, prefix lists and single entries of network ACLs."""

from collections.abc import Mapping, Sequence

from bot.changes.change import Change, Verb
from bot.changes.permissions import cidr_peer
from bot.containment.advice import advice
from bot.containment.effects.lists import ChangeList
from bot.containment.effects.networks import AssociateVpc, RemoveAclEntry, acl_line
from bot.containment.reversal.draft import Draft, call_for
from bot.containment.states import AclState, Association, Entry, Kind, ListState, Look

WHY_VPC = "undoes the association only; the group's rules stay as they are"
WHY_LIST = "takes out and puts back single entries; the list's other entries stay"
WHY_ACL = "deletes only the entry that was added, while it is still what was added"


def undo_association(draft: Draft, changes: Sequence[Change]) -> None:
    """Plan to undo what was done to a group in one other VPC. Its changes are in order."""
    first, last = changes[0], changes[-1]
    where = f"{last.group.id} in {last.target}"
    look = Look(Kind.ASSOCIATION, last.account, last.region, f"{last.group.id}/{last.target}")
    state = draft.states.get(look)
    was, left = first.verb is Verb.DISASSOCIATE, last.verb is Verb.ASSOCIATE
    if not isinstance(state, Association):
        draft.cannot.append(advice(last))
    elif state.there is was:
        draft.leaves.append(f"{where} is already as it was.")
    elif state.there is not left:
        draft.drift.append(f"{where} is {state.state or 'not associated'} now. It is left so.")
    else:
        effect = AssociateVpc(last.group.id, last.target, was)
        stage = draft.restoring if was else draft.closing
        stage.append(call_for(last, effect, WHY_VPC))


def undo_list(draft: Draft, changes: Sequence[Change]) -> None:
    """Plan to undo the edits of one prefix list. Its changes are in order."""
    for change in changes:
        if not (change.cidrs_added or change.cidrs_removed):
            draft.cannot.append(advice(change))
    net = _net(changes)
    last, name = changes[-1], changes[-1].target
    state = draft.states.get(Look(Kind.PREFIX_LIST, last.account, last.region, name))
    if not net:
        return
    if not isinstance(state, ListState):
        draft.cannot.append(advice(last))
        return
    if state.entries is None:
        draft.cannot.append(f"{name} is gone, so its entries cannot be put back.")
        return
    now = {entry.cidr for entry in state.entries}
    earlier = {entry.cidr: entry for entry in state.earlier}
    removes = tuple(cidr for cidr, came in net.items() if came and cidr in now)
    adds = tuple(
        earlier.get(cidr, Entry(cidr)) for cidr, came in net.items() if not came and cidr not in now
    )
    settled = [c for c, came in net.items() if came is (c not in now)]
    if settled:
        draft.leaves.append(f"{name}: already as they were: {', '.join(settled)}.")
    if [entry for entry in adds if entry.cidr not in earlier]:
        draft.notes.append(f"{name}: what described the entries that are put back is not known.")
    if adds or removes:
        effect = ChangeList(name, state.version, adds, removes)
        draft.closing.append(call_for(last, effect, WHY_LIST))
    others = sorted(now - set(removes))
    if others and (adds or removes):
        draft.leaves.append(f"{name}: as they are: {', '.join(others[:5])}.")


def _net(changes: Sequence[Change]) -> Mapping[str, bool]:
    """Return the CIDRs that came (True) or went in all; those that did both are neither."""
    balance: dict[str, int] = {}
    for change in changes:
        for cidr in change.cidrs_added:
            balance[cidr] = balance.get(cidr, 0) + 1
        for cidr in change.cidrs_removed:
            balance[cidr] = balance.get(cidr, 0) - 1
    return {cidr: count > 0 for cidr, count in balance.items() if count}


def undo_acl_entry(draft: Draft, change: Change) -> None:
    """Plan to delete a network ACL's entry that was added."""
    told = dict(pair.split("=", 1) for pair in change.detail.split(", ") if "=" in pair)
    state = draft.states.get(Look(Kind.ACL, change.account, change.region, change.target))
    number, egress = told.get("ruleNumber", ""), told.get("egress", "").lower() == "true"
    if not isinstance(state, AclState) or not number.isdecimal():
        draft.cannot.append(advice(change))
        return
    alike = (r for r in state.rules or () if (r.number, r.egress) == (int(number), egress))
    found = next(alike, None)
    cidr = cidr_peer(told.get("cidrBlock") or told.get("ipv6CidrBlock", "")).value
    if found is None:
        draft.leaves.append(f"{change.target}: entry {number} is already gone.")
    elif (found.action, cidr_peer(found.cidr).value) != (told.get("ruleAction"), cidr):
        draft.drift.append(
            f"{change.target}: entry {number} has been changed since, to {acl_line(found)}. "
            "It is left as it is."
        )
    else:
        draft.closing.append(call_for(change, RemoveAclEntry(change.target, found), WHY_ACL))
