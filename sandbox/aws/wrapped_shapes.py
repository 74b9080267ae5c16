"""EC2's newer calls in CloudTrail's form: the request and the answer as they went over the wire.

CloudTrail turns their query and their XML to JSON without any model: names as on the wire, a list
of one is an object and of several an array, each entry carries its number as ``tag``, and text
that looks like a number or a truth value becomes one.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

# botocore's model does not tell old calls from new ones.
WRAPPED = {
    "AssociateSecurityGroupVpc",
    "CreateFlowLogs",
    "CreateManagedPrefixList",
    "CreateNatGateway",
    "CreateVpcEndpoint",
    "DeleteFlowLogs",
    "DeleteManagedPrefixList",
    "DeleteNatGateway",
    "DeleteVpcEndpoints",
    "DisableSerialConsoleAccess",
    "DisassociateSecurityGroupVpc",
    "EnableSerialConsoleAccess",
    "ModifyManagedPrefixList",
    "ModifySecurityGroupRules",
    "ModifyVpcEndpoint",
    "UpdateSecurityGroupRuleDescriptionsEgress",
    "UpdateSecurityGroupRuleDescriptionsIngress",
}
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})")


def request_parameters(operation: str, form: Mapping[str, str]) -> dict[str, Any]:
    """Return ``requestParameters`` from the query itself."""
    tree: dict[str, Any] = {}
    for name, value in form.items():
        if name in {"Action", "Version"}:
            continue
        *path, last = name.split(".")
        node = tree
        for step in path:
            node = node.setdefault(step, {})
        node[last] = _guessed(value)
    return {f"{operation}Request": _numbered(tree) or ""}


def response_elements(operation: str, body: bytes) -> dict[str, Any]:
    """Return ``responseElements`` from the XML of the answer."""
    root = ET.fromstring(body)  # noqa: S314 (our own server's answer)
    space = root.tag.partition("}")[0].removeprefix("{")
    content = _element(root)
    return {f"{operation}Response": {"xmlns": space, **content}}


def _numbered(node: Any) -> Any:
    """Turn ``{"1": …, "2": …}`` into a list whose entries carry their numbers."""
    if not isinstance(node, dict):
        return node
    if not node or not all(key.isdigit() for key in node):
        return {key: _numbered(value) for key, value in node.items()}
    entries = []
    for key in sorted(node, key=int):
        value = _numbered(node[key])
        content = value if isinstance(value, dict) else {"content": value}
        entries.append({**content, "tag": int(key)})
    return entries[0] if len(entries) == 1 else entries


def _element(element: ET.Element) -> Any:
    if not len(element):
        return _guessed(element.text or "")
    shown: dict[str, Any] = {}
    for child in element:
        name, value = child.tag.rpartition("}")[2], _element(child)
        if name not in shown:
            shown[name] = value
        elif isinstance(shown[name], list):
            shown[name].append(value)
        else:
            shown[name] = [shown[name], value]
    return shown


def _guessed(text: str) -> Any:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if _NUMBER.fullmatch(text) else text
