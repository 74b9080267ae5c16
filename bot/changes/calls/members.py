"""Calls that put instances and interfaces into groups."""

from bot.changes.calls.call import Call, groups_in, ids, only
from bot.changes.calls.other import other
from bot.changes.change import Change, Verb
from bot.changes.shapes import Node, items, part, word_at
from bot.cloudtrail.text import printable

TARGETS = 200


def instance_modified(call: Call) -> Change:
    """ModifyInstanceAttribute: a change of groups only where it names groups."""
    return _moved(call, word_at(call.request, "instanceId"))


def interface_modified(call: Call) -> Change:
    """ModifyNetworkInterfaceAttribute: a change of groups only where it names groups."""
    return _moved(call, word_at(call.request, "networkInterfaceId"))


def interface_created(call: Call) -> Change:
    """CreateNetworkInterface: without groups in the request it gets the VPC's default group."""
    interface = part(call.response, "networkInterface")
    return _placed(call, word_at(interface, "networkInterfaceId"), interface)


def instances_run(call: Call) -> Change:
    """RunInstances: the groups are in the response, wherever the request had them."""
    instances = items(part(call.response, "instancesSet"))
    names = [word_at(instance, "instanceId") for instance in instances]
    return _placed(call, printable(", ".join(filter(None, names)), TARGETS), *instances)


def _moved(call: Call, target: str) -> Change:
    groups = groups_in(call.request)
    if not groups:
        return other(call)
    return call.change(Verb.MOVE, only(groups), target=target, groups_after=ids(groups))


def _placed(call: Call, target: str, *made: Node) -> Change:
    groups = groups_in(*_with_interfaces(*made)) or groups_in(*_with_interfaces(call.request))
    if not groups:
        return other(call)
    return call.change(Verb.MOVE, only(groups), target=target, groups_after=ids(groups))


def _with_interfaces(*nodes: Node) -> list[Node]:
    """Return the nodes and the network interfaces within them: either may name the groups."""
    return [n for node in nodes for n in (node, *items(part(node, "networkInterfaceSet")))]
