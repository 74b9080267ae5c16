"""Sentences: what a change did, in words, as plain text on one line.

Nothing is escaped for Slack or for a terminal here. What a caller wrote is without control
characters and cut, so that it cannot push the rest away.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.changes.change import Change, GroupRef, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.ports import ALL_TRAFFIC, ports_text
from bot.changes.rules import ALL_PROTOCOLS, Direction, GroupRule
from bot.changes.services import service_name
from bot.cloudtrail.principal import Principal
from bot.cloudtrail.text import printable

LONGEST = 300
WORD = 80
NAMED = 3
"""Things of one sort that a sentence names before it counts the rest."""

EVERYBODY = frozenset({"0.0.0.0/0", "::/0"})
WHOLE = "the whole internet"
MOST = "most of the internet"

ARROWS = {
    Direction.INGRESS: ("in", "←"),
    Direction.EGRESS: ("out", "→"),
    Direction.UNKNOWN: ("in or out", "↔"),
}


@dataclass(frozen=True, slots=True)
class _Told:
    """A verb as it was done and as it was tried, and what follows it."""

    did: str
    do: str
    rest: str


def number_of(number: int, thing: str) -> str:
    """Return "1 rule", "2 rules"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def sentence(principal: Principal, change: Change, exposure: Exposure | None) -> str:
    """Return what somebody did: "alice opened SSH (22/tcp) to the whole internet on sg-0a1b"."""
    who = _who(principal)
    told = _told(change, exposure)
    if not change.error:
        said = f"{who} {told.did} {told.rest}"
    elif change.dry_run:
        said = f"{who} tried, as a dry run, to {told.do} {told.rest}"
    else:
        said = f"{who} tried to {told.do} {told.rest}, in vain ({printable(change.error, WORD)})"
    return printable(said, LONGEST)


def rule_line(rule: GroupRule) -> str:
    """Return a rule in one short line: "in tcp 22 ← 0.0.0.0/0", "out all → sg-0b2c"."""
    way, arrow = ARROWS[rule.direction]
    ports = ports_text(rule)
    if rule.protocol in {ALL_PROTOCOLS, ""}:
        traffic = "all"
    else:
        span, _, protocol = ports.rpartition("/")
        traffic = f"{protocol} {span}"
    return printable(f"{way} {traffic} {arrow} {rule.peer}", LONGEST)


def edited_line(old: GroupRule, new: GroupRule) -> str:
    """Return an edit in one line: "in tcp 22 ← 10.0.0.0/8, now ← 0.0.0.0/0"."""
    now = rule_line(new)
    if (old.protocol, old.from_port, old.to_port) == (new.protocol, new.from_port, new.to_port):
        now = f"{ARROWS[old.direction][1]} {new.peer}"
    return printable(f"{rule_line(old)}, now {now}", LONGEST)


def _who(principal: Principal) -> str:
    """Return the caller, and the service that called for them unless it acts for itself."""
    who = printable(principal.label, WORD) or "somebody"
    service = principal.invoked_by
    own = principal.role.startswith("AWSServiceRole") or service in {principal.name, ""}
    return who if own else f"{who} (through {printable(service, WORD)})"


def _told(change: Change, exposure: Exposure | None) -> _Told:
    group = _group(change.group)
    match change.verb:
        case Verb.AUTHORIZE:
            return _Told("opened", "open", f"{_rules(change, exposure)} on {group}")
        case Verb.REVOKE:
            return _Told("closed", "close", f"{_rules(change, None)} on {group}")
        case Verb.MODIFY:
            return _Told(
                "changed", "change", f"{_edited(change)} on {group}{_now(change, exposure)}"
            )
        case Verb.DESCRIBE:
            return _Told("changed", "change", f"the description of {_edited(change)} on {group}")
        case Verb.MOVE:
            return _moved(change, exposure)
        case Verb.PREFIX_LIST:
            return _prefix_list(change, exposure)
        case Verb.OTHER:
            return _other(change)
        case _:
            return _of_group(change, group)


def _of_group(change: Change, group: str) -> _Told:
    """Return what was done to a group as a whole."""
    target = printable(change.target, WORD) or "a VPC"
    match change.verb:
        case Verb.CREATE if change.action == "CreateDefaultVpc":
            return _Told("created", "create", f"the default VPC {target}, with a default group")
        case Verb.CREATE:
            vpc = printable(change.group.vpc, WORD)
            return _Told("created", "create", f"the group {group}{f' in {vpc}' if vpc else ''}")
        case Verb.DELETE:
            return _Told("deleted", "delete", f"the group {group}")
        case Verb.ASSOCIATE:
            return _Told("associated", "associate", f"{group} with {target}")
        case Verb.DISASSOCIATE:
            return _Told("took", "take", f"{group} out of {target}")
        case _:
            place = group if change.group.id else target
            tags = printable(change.detail, WORD)
            if change.action == "DeleteTags":
                return _Told("took", "take", f"the tags {tags} off {place}")
            return _Told("tagged", "tag", f"{place} with {tags}" if tags else place)


def _rules(change: Change, exposure: Exposure | None) -> str:
    """Return the rules of a change: those for everybody first, the rest counted."""
    rules = change.added or change.removed or change.modified or change.asked
    if not rules:
        return _by_id(change)
    most = exposure is not None and exposure.reach is Reach.WORLD
    by_peer: dict[str, list[str]] = {}
    for rule in sorted(rules, key=lambda rule: rule.peer.value not in EVERYBODY):
        by_peer.setdefault(_peer(rule), []).append(_traffic(rule))
    everywhere = dict.fromkeys(text for texts in by_peer.values() for text in texts)
    if WHOLE not in by_peer and most:
        return f"{_listed(list(everywhere))} to {MOST}"
    if len(everywhere) == 1:
        return f"{next(iter(everywhere))} to {_listed(list(by_peer))}"
    peer, first = next(iter(by_peer.items()))
    distinct = list(dict.fromkeys(first))
    others = sum(len(texts) for texts in by_peer.values()) - len(first)
    more = f" and {number_of(others, 'more rule')}" if others else ""
    return f"{_listed(distinct)} to {peer}{more}"


def _by_id(change: Change) -> str:
    if not change.rule_ids:
        return "rules that the record does not tell"
    return f"{number_of(len(change.rule_ids), 'rule')} ({_listed(change.rule_ids)})"


def _edited(change: Change) -> str:
    number = len(change.modified or change.asked) + len(change.rule_ids)
    return number_of(number, "rule") if number != 1 else "a rule"


def _now(change: Change, exposure: Exposure | None) -> str:
    if not change.modified and not change.asked:
        return ""
    allows = _rules(change, exposure).replace(" to ", " with ", 1)
    return f": {'now ' if change.modified else ''}{allows}"


def _moved(change: Change, exposure: Exposure | None) -> _Told:
    target = printable(change.target, WORD)
    into = _group(change.group) if change.group.id else _listed(change.groups_after) or "groups"
    open_so = ""
    if exposure is not None and exposure.reach in {Reach.WORLD, Reach.WIDE}:
        far = WHOLE if exposure.reach is Reach.WORLD else "a large public range"
        outgoing = exposure.direction is Direction.EGRESS
        ports = f"on {_listed(exposure.services or exposure.ports)}"
        open_so = f", open to {far} {'for outgoing traffic' if outgoing else ports}"
    match change.action:
        case "RunInstances":
            return _Told("started", "start", f"{target or 'instances'} in {into}{open_so}")
        case "CreateNetworkInterface":
            return _Told("created", "create", f"{target or 'an interface'} in {into}{open_so}")
        case _:
            return _Told("moved", "move", f"{target or 'an instance'} into {into}{open_so}")


def _prefix_list(change: Change, exposure: Exposure | None) -> _Told:
    name = f"the prefix list {printable(change.target, WORD)}".strip()
    if change.cidrs_added:
        added = dict.fromkeys(WHOLE if c in EVERYBODY else c for c in change.cidrs_added)
        wide = exposure is not None and exposure.reach is Reach.WORLD and WHOLE not in added
        what = MOST if wide else _listed(list(added))
        return _Told("added", "add", f"{what} to {name}, and so to every group that names it")
    if change.cidrs_removed:
        return _Told("took", "take", f"{_listed(change.cidrs_removed)} out of {name}")
    detail = printable(change.detail, WORD)
    match change.action:
        case "CreateManagedPrefixList":
            return _Told("created", "create", f"{name}{f' ({detail})' if detail else ''}")
        case "DeleteManagedPrefixList":
            return _Told("deleted", "delete", name)
        case "RestoreManagedPrefixListVersion":
            return _Told("restored", "restore", f"{detail or 'a version'} of {name}")
        case _:
            return _Told("edited", "edit", name)


def _other(change: Change) -> _Told:
    target = printable(change.target, WORD)
    detail = printable(change.detail, WORD * 2)
    on = f" on {target}" if target else ""
    return _Told(
        "called", "call", f"{printable(change.action, WORD)}{on}{f' ({detail})' if detail else ''}"
    )


def _traffic(rule: GroupRule) -> str:
    """Return what a rule lets through: "SSH (22/tcp)", "all outgoing traffic"."""
    outgoing = rule.direction is Direction.EGRESS
    ports = ports_text(rule)
    if ports == ALL_TRAFFIC:
        return "all outgoing traffic" if outgoing else ALL_TRAFFIC
    name = service_name(rule.protocol, rule.from_port, rule.to_port)
    text = printable(f"{name} ({ports})" if name else ports, WORD)
    return f"outgoing {text}" if outgoing else text


def _peer(rule: GroupRule) -> str:
    return WHOLE if rule.peer.value in EVERYBODY else printable(str(rule.peer), WORD)


def _group(group: GroupRef) -> str:
    return printable(str(group), WORD)


def _listed(words: Sequence[str]) -> str:
    """Return words as people list them: "a, b and c", "a, b, c and 4 more"."""
    named = [printable(word, WORD) for word in words[:NAMED]]
    if len(words) > NAMED:
        return f"{', '.join(named)} and {len(words) - NAMED} more"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else ""
