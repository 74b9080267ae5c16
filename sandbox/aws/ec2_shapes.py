"""EC2's calls in CloudTrail's form, derived from botocore's model of each operation.

Keys are the model's wire names with a small first letter; a list is ``{"items": [...]}``, and a
list of plain values has items of one key each. What CloudTrail names otherwise stands in the
small tables below; each comes from real records.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_HIDDEN = "<sensitiveDataRemoved>"

# Lists whose name in CloudTrail is that of EC2's old SOAP interface: the set, and a plain item.
_SETS = {
    "GroupId": ("groupSet", "groupId"),
    "InstanceId": ("instancesSet", "instanceId"),
    "ResourceId": ("resourcesSet", "resourceId"),
    "SecurityGroup": ("groupSet", "groupName"),
    "SecurityGroupId": ("groupSet", "groupId"),
    "SecurityGroupRuleId": ("securityGroupRuleIds", "securityGroupRuleId"),
    "Tag": ("tagSet", ""),
    "TagSpecification": ("tagSpecificationSet", ""),
    "networkInterface": ("networkInterfaceSet", ""),
    "privateIpAddresses": ("privateIpAddressesSet", ""),
}
_RENAMED = {
    "CreateNetworkAclEntry": {"protocol": "aclProtocol", "icmp": "icmpTypeCode"},
    "ReplaceNetworkAclEntry": {"protocol": "aclProtocol", "icmp": "icmpTypeCode"},
}
_SHOWN_EMPTY = {
    "AuthorizeSecurityGroupEgress": ("ipPermissions",),
    "AuthorizeSecurityGroupIngress": ("ipPermissions",),
    "CreateNetworkAclEntry": ("icmpTypeCode", "portRange"),
    "CreateNetworkInterface": ("groupSet", "privateIpAddressesSet"),
    "RevokeSecurityGroupEgress": ("ipPermissions",),
    "RevokeSecurityGroupIngress": ("ipPermissions",),
    "RunInstances": ("blockDeviceMapping",),
}
_LISTS_OF_A_PERMISSION = ("groups", "ipRanges", "ipv6Ranges", "prefixListIds")
# The model gives these no "return", yet their records have one.
_ALSO_RETURNING = {"CreateSecurityGroup"}


def request_parameters(operation: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``requestParameters``: a dry run shows there as little as in real records."""
    if operation.input_shape is None:
        return {}
    shown = _structure(operation.input_shape, given)
    shown.pop("dryRun", None)
    for old, new in _RENAMED.get(operation.name, {}).items():
        if old in shown:
            shown[new] = shown.pop(old)
    for key in _SHOWN_EMPTY.get(operation.name, ()):
        shown.setdefault(key, {})
    for permission in shown.get("ipPermissions", {}).get("items", ()):
        for key in _LISTS_OF_A_PERMISSION:
            permission.setdefault(key, {})
    return _run_instances(shown) if operation.name == "RunInstances" else shown


def response_elements(operation: Any, output: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """Return ``responseElements`` of a call that succeeded."""
    shape = operation.output_shape
    shown: dict[str, Any] = {"requestId": request_id}
    if shape is None or "Return" in shape.members or operation.name in _ALSO_RETURNING:
        shown["_return"] = True
    if shape is not None:
        shown |= _structure(shape, output)
    if "return" in shown:
        shown["_return"] = shown.pop("return")
    return shown


def _structure(shape: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    shown = {}
    for name, member in shape.members.items():
        if name not in value:
            continue
        wire = member.serialization.get("name", name)
        if member.type_name == "list":
            key, item = _SETS.get(wire, (_small(wire), _small(wire)))
            shown[key] = _listed(wire, item, member, value[name])
        else:
            shown[_small(wire)] = _plain(member, value[name])
    match shape.name:
        case "TagSpecification":
            shown["tags"] = shown.pop("tagSet", {}).get("items", [])
        case "SecurityGroupRule" if not shown.get("tagSet"):
            shown.pop("tagSet", None)
        case _:
            pass
    return shown


def _listed(wire: str, item: str, shape: Any, values: list[Any]) -> dict[str, Any]:
    if not values:
        return {}
    if shape.member.type_name == "structure":
        items = [_structure(shape.member, value) for value in values]
    else:
        items = [{item: _plain(shape.member, value)} for value in values]
    # In answers this one list has "item": so do CreateNetworkInterface's and RunInstances' records.
    return {"item" if wire == "privateIpAddressesSet" else "items": items}


def _plain(shape: Any, value: Any) -> Any:
    if shape.type_name == "structure":
        shown = _structure(shape, value)
        return _HIDDEN if list(shown.values()) == [_HIDDEN] else shown
    if shape.metadata.get("sensitive"):
        return _HIDDEN
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _run_instances(shown: dict[str, Any]) -> dict[str, Any]:
    """Put what each new instance is made of into ``instancesSet``, and show the defaults."""
    of_each = {
        key: shown.pop(key)
        for key in ("imageId", "minCount", "maxCount", "keyName")
        if key in shown
    }
    shown.setdefault("monitoring", {"enabled": False})
    shown.setdefault("disableApiTermination", False)
    shown.setdefault("disableApiStop", False)
    return {"instancesSet": {"items": [of_each]}} | shown


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]
