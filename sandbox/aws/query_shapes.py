"""IAM's and RDS's calls in CloudTrail's form, derived from botocore's model of each operation.

Keys are the API's names with a small first letter (``dBInstanceIdentifier``), lists are plain.
"""

from collections.abc import Mapping
from typing import Any

# What each service's records hold in the place of a secret; IAM's leave it out.
_HIDDEN = {"rds": "HIDDEN_DUE_TO_SECURITY_REASONS"}


def request_parameters(
    service: str, operation: Any, given: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return ``requestParameters``; a call that takes none has null there."""
    if operation.input_shape is None or not given:
        return None
    return _structure(service, operation.input_shape, given)


def response_elements(
    service: str, operation: Any, output: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return ``responseElements`` of a call that succeeded: null where it answers with nothing."""
    if operation.output_shape is None or not output:
        return None
    shown = _structure(service, operation.output_shape, output)
    if service == "rds" and len(shown) == 1:
        # RDS's records hold the one thing that the answer wraps.
        (inner,) = shown.values()
        return inner if isinstance(inner, dict) else shown
    return shown


def _structure(service: str, shape: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    shown = {}
    for name, member in shape.members.items():
        if name not in value:
            continue
        if not member.metadata.get("sensitive"):
            shown[name[:1].lower() + name[1:]] = _plain(service, member, value[name])
        elif service in _HIDDEN:
            shown[name[:1].lower() + name[1:]] = _HIDDEN[service]
    return shown


def _plain(service: str, shape: Any, value: Any) -> Any:
    match shape.type_name:
        case "structure":
            return _structure(service, shape, value)
        case "list":
            return [_plain(service, shape.member, item) for item in value]
        case "map":
            return {key: _plain(service, shape.value, item) for key, item in value.items()}
        case "timestamp":
            return f"{value:%b} {value.day}, {value:%Y, %I:%M:%S %p}"
        case _:
            return value
