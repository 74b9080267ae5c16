"""Advice: what a plan does not undo, and the command or the place that does."""

import shlex

from bot.changes.change import Change, Verb

NOT_READ = "and sgwatch does not know them, as it had not read the group by then"
NO_RULE = (
    "its record names no rule. If the call succeeded, compare the rules:",
    "describe-security-group-rules --filters Name=group-id,Values={group}",
)
BY_VERB = {
    Verb.AUTHORIZE: NO_RULE,
    Verb.REVOKE: NO_RULE,
    Verb.MODIFY: (
        f"its record does not tell the rules before, {NOT_READ}. Set them back with",
        "modify-security-group-rules --group-id {group} --security-group-rules …",
    ),
    Verb.DESCRIBE: (
        f"its record does not tell the descriptions before, {NOT_READ}. Set them back with",
        "update-security-group-rule-descriptions-{way} --group-id {group} --ip-permissions …",
    ),
    Verb.CREATE: (
        "the new group stays. Once nothing uses it, delete it with",
        "delete-security-group --group-id {group}",
    ),
    Verb.DELETE: (
        "a deleted group cannot come back, and sgwatch had not read its rules. Make another with",
        "create-security-group --group-name … --description … --vpc-id …",
    ),
    Verb.TAG: (
        "tags stay as they are now. Set them back with",
        "create-tags --resources {group} --tags …",
    ),
    Verb.ASSOCIATE: (
        "the group stays associated. Take it out with",
        "disassociate-security-group-vpc --group-id {group} --vpc-id {target}",
    ),
    Verb.DISASSOCIATE: (
        "the group stays as it is. Associate it again with",
        "associate-security-group-vpc --group-id {group} --vpc-id {target}",
    ),
    Verb.PREFIX_LIST: (
        "the list keeps its entries. Restore the version before with",
        "restore-managed-prefix-list-version --prefix-list-id {target} --previous-version …",
    ),
}
MOVES = {
    "eni-": "modify-network-interface-attribute --network-interface-id {target} --groups …",
    "i-": "modify-instance-attribute --instance-id {target} --groups …",
}


def advice(change: Change) -> str:
    """Return why this change is not undone here, and how a person undoes it."""
    what = f"{change.action} on {change.target or change.group}"
    why, template = _advice(change)
    if not template:
        return f"{what}: {why}"
    command = template.format(
        group=shlex.quote(change.group.id or "sg-…"),
        target=shlex.quote(change.target or "…"),
        way="egress" if change.action.endswith("Egress") else "ingress",
    )
    place = f" --region {shlex.quote(change.region)}" if change.region else ""
    return f"{what}: {why} aws ec2 {command}{place}"


def unnamed(change: Change) -> str:
    """Return what to say of a change whose record names its group only by name."""
    named = shlex.quote(f"Name=group-name,Values={change.group.name or '…'}")
    return (
        f"{change.action} on {change.group}: the record does not tell the group's id. "
        f"Find it with aws ec2 describe-security-groups --filters {named}"
    )


def _advice(change: Change) -> tuple[str, str]:
    if change.verb is Verb.MOVE:
        templates = (MOVES[kind] for kind in MOVES if change.target.startswith(kind))
        if template := next(templates, ""):
            return "nothing tells the groups before. Put it back with", template
    return BY_VERB.get(
        change.verb, ("sgwatch does not undo this. Undo it where its service is managed.", "")
    )
