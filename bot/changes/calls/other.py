"""Any other call: what it was about, and its parameters, for detections that match it."""

from collections.abc import Iterator

from bot.changes.calls.call import Call
from bot.changes.change import Change, GroupRef, Verb
from bot.changes.shapes import Node, part, word, word_at
from bot.cloudtrail.text import printable

DETAIL = 300
SHOWN = 8
DEEPEST = 3

TARGETS = (
    "instanceId",
    "networkInterfaceId",
    "networkAclId",
    "dBInstanceIdentifier",
    "dBClusterIdentifier",
    "userName",
    "roleName",
    "groupName",
    "policyArn",
    "policyName",
    "bucketName",
    "functionName",
    "keyId",
    "name",
)
"""Parameters that name what a call is about, the most telling first."""

ENDINGS = ("Id", "Identifier", "Arn", "Name")
UNTOLD = frozenset({"tag", "clientToken", "ClientToken"})
"""Parameters that say nothing to a person: places in a list, and what makes a retry harmless."""


def other(call: Call) -> Change:
    """Return the call as a change that is none of a group's rules or members."""
    key, target = _target(call.request)
    pairs = [pair for pair in _pairs(call.request) if pair != f"{key}={target}"]
    more = [f"and {len(pairs) - SHOWN} more"] if len(pairs) > SHOWN else []
    return call.change(
        Verb.OTHER,
        _group(call),
        target=printable(target, DETAIL),
        detail=printable(", ".join(pairs[:SHOWN] + more), DETAIL),
    )


def _group(call: Call) -> GroupRef:
    """Return the security group that the call names, if it is one: IAM has groups too."""
    group_id = word_at(call.request, "groupId")
    return GroupRef(group_id, call.name()) if group_id.startswith("sg-") else GroupRef()


def _target(request: Node) -> tuple[str, str]:
    if not isinstance(request, dict):
        return "", ""
    for name in TARGETS:
        if text := word(part(request, name)):
            return name if name in request else name[0].upper() + name[1:], text
    named = ((key, word(node)) for key, node in request.items() if key.endswith(ENDINGS))
    return next(((key, text) for key, text in named if text), ("", ""))


def _pairs(node: Node, prefix: str = "", depth: int = DEEPEST) -> Iterator[str]:
    """Yield what a request says, as ``name=value``, as deep as a person would read."""
    if not isinstance(node, dict) or depth == 0:
        return
    for key, value in node.items():
        if key in UNTOLD:
            continue
        name = f"{prefix}{key}"
        if text := word(value):
            yield f"{name}={text}"
        elif isinstance(value, dict):
            yield from _pairs(value, f"{name}.", depth - 1)
