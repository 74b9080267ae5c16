"""Whom and what a record names, for ECS's entity fields.

Elastic's pipeline goes call by call; of the request, only what IAM's calls act on is told here,
which is what rules ask.
"""

from collections.abc import Mapping
from typing import Any

from bot.cloudtrail.record import Record

_IAM = "iam.amazonaws.com"
_CALLER = ("userName", "accessKeyId", "arn")
_ISSUER = ("userName", "arn")
_ACTED_ON = ("roleName", "userName", "groupName")


def targets(record: Record) -> list[str]:
    """Return the role, user or group that a call of IAM acts on."""
    return _picked(record.request_parameters, _ACTED_ON) if record.event_source == _IAM else []


def entities(record: Record) -> list[str]:
    """Return what names the caller, and what a call of IAM acts on and attaches."""
    session = record.user_identity.get("sessionContext")
    issuer = session.get("sessionIssuer") if isinstance(session, dict) else None
    caller = [*_picked(record.user_identity, _CALLER), *_picked(issuer, _ISSUER)]
    attached = _picked(record.request_parameters, ("policyArn",))
    return [*caller, *targets(record), *(attached if record.event_source == _IAM else [])]


def _picked(value: Any, keys: tuple[str, ...]) -> list[str]:
    if not isinstance(value, Mapping):
        return []
    return [found for key in keys if isinstance(found := value.get(key), str) and found]
