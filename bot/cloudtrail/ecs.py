"""The ECS view of a record: the fields that Elastic's rules ask, each made when it is asked.

What becomes of each part of a record follows Elasticsearch's CloudTrail pipeline. Two of its limits
are not followed, because a caller could hide a change behind them by padding its request: there,
text above 8,191 characters cannot be asked, and parameters above 32,766 are not flattened.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from bot.cloudtrail.categories import CATEGORIES, INFO
from bot.cloudtrail.ecs_document import (
    FLATTENED,
    EcsDocument,
    Kind,
    Leaf,
    flattened_root,
    kind_of,
    leaves,
    nodes,
    objects,
    scalars,
)
from bot.cloudtrail.entities import entities, targets
from bot.cloudtrail.java import dropped, java_text
from bot.cloudtrail.record import Record

Reader = Callable[[Record], Any]

DATASET = "aws.cloudtrail"


class EcsView:
    """A record as a document in ECS's fields; what was asked once is kept."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._asked: dict[str, tuple[Leaf, ...]] = {}

    def values(self, field: str) -> Sequence[Leaf]:
        """Return the values of a field."""
        asked = self._asked.get(field)
        if asked is None:
            asked = self._asked[field] = self._read(field)
        return asked

    def names(self) -> Sequence[str]:
        """Return the names of the fields that have a value."""
        names = [name for name in FIELDS if self.values(name)]
        for root, reader in OBJECTS.items():
            below = dict.fromkeys(
                path for path, leaf in scalars(reader(self._record)) if leaf != ""
            )
            names += [f"{root}.{path}" for path in below]
        return names

    def inner(self, path: str) -> Sequence[EcsDocument]:
        """Return the objects under the path."""
        return objects(self._under(path), f"{path}.")

    def _read(self, field: str) -> tuple[Leaf, ...]:
        kind = _KINDS.get(field) or kind_of(field)
        if reader := FIELDS.get(field):
            value = reader(self._record)
            if isinstance(value, str) and kind in _TEXT:
                return (value,) if value else ()
            found = nodes(value, "")
        else:
            found = self._under(field)
            if flattened_root(field):
                found = (leaf for node in found for _, leaf in scalars(node))
        return tuple(leaf for leaf in leaves(found, kind) if leaf != "")

    def _under(self, path: str) -> Iterator[Any]:
        """Return what stands at a path into one of the record's objects."""
        if (place := _place(path)) is None:
            return iter(())
        reader, below = place
        return nodes(reader(self._record), below)


@lru_cache(maxsize=1024)
def _place(path: str) -> tuple[Reader, str] | None:
    """Return the object of a record that a path leads into, if any, and the rest of the path."""
    for root, reader in OBJECTS.items():
        if path == root or path.startswith(f"{root}."):
            return reader, path[len(root) + 1 :]
    return None


def _at(*keys: str) -> Reader:
    """Return a reader of what stands at the keys, one below the other."""

    def read(record: Record) -> Any:
        node: Any = record.raw
        for key in keys:
            if not isinstance(node, dict):
                return None
            node = node.get(key)
        return node

    return read


def _constant(value: Any) -> Reader:
    return lambda _: value


def _first(*readers: Reader) -> Reader:
    """Return a reader of the first that is there."""
    return lambda record: next((found for read in readers if (found := read(record))), None)


def _text(key: str) -> Reader:
    """Return a reader of an object as Java's text."""

    def read(record: Record) -> str | None:
        value = record.raw.get(key)
        return None if dropped(value) else java_text(value)

    return read


def _identity(*keys: str) -> Reader:
    return _at("userIdentity", *keys)


def _session(*keys: str) -> Reader:
    return _at("userIdentity", "sessionContext", *keys)


_LOGIN_ANSWER = _at("responseElements", "ConsoleLogin")


def _outcome(record: Record) -> str:
    if record.event_name == "ConsoleLogin":
        answer = _LOGIN_ANSWER(record)
        if isinstance(answer, str) and answer:
            return answer.lower()
    return "failure" if record.error_code or record.error_message else "success"


def _category(record: Record) -> str | None:
    found = CATEGORIES.get(record.event_name)
    return found and found[0]


def _types(record: Record) -> list[str]:
    found = CATEGORIES.get(record.event_name)
    return list(found[1] if found else INFO)


def _resources(record: Record) -> list[dict[str, Any]]:
    listed = record.raw.get("resources")
    names = {"ARN": "arn", "accountId": "account_id"}
    return [
        {names.get(str(key), str(key)): value for key, value in resource.items()}
        for resource in (listed if isinstance(listed, list) else [])
        if isinstance(resource, dict)
    ]


# The clients that uap-core knows among AWS's, and browsers in the order that tells them apart.
_AGENT = re.compile(
    r"(Boto3?|JetS3t|aws-(?:cli|sdk-(?:cpp|go-v\d|go|java|nodejs|ruby2?|dotnet-(?:\d\d?|core)))|s3fs)/"
)
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def _agent(record: Record) -> str | None:
    agent = record.raw.get("userAgent")
    if not isinstance(agent, str) or not agent:
        return None
    if found := _AGENT.search(agent):
        return found[1]
    return next((name for mark, name in _BROWSERS if mark in agent), "Other")


def _tls(part: int) -> Reader:
    def read(record: Record) -> str | None:
        version = _at("tlsDetails", "tlsVersion")(record)
        found = re.fullmatch(r"([A-Za-z]+)v([\d.]+)", version) if isinstance(version, str) else None
        return found[part].lower() if found else None

    return read


def _login(key: str, *, flag: bool = True) -> Reader:
    """Return a reader of what a console login says beside itself."""

    def read(record: Record) -> Any:
        value = _at("additionalEventData", key)(record)
        if record.event_name != "ConsoleLogin" or not value:
            return None
        return value != "No" if flag else value

    return read


_USER, _NEW_USER = _at("requestParameters", "userName"), _at("requestParameters", "newUserName")
_WHO = "aws.cloudtrail.user_identity"
_LOGIN = "aws.cloudtrail.console_login.additional_eventdata"

FIELDS: dict[str, Reader] = {
    "@timestamp": attrgetter("event_time"),
    "event.id": attrgetter("event_id"),
    "event.action": attrgetter("event_name"),
    "event.provider": attrgetter("event_source"),
    "event.dataset": _constant(DATASET),
    "event.module": _constant("aws"),
    "event.outcome": _outcome,
    "event.kind": _constant("event"),
    "event.type": _types,
    "event.category": _category,
    "data_stream.dataset": _constant(DATASET),
    "data_stream.type": _constant("logs"),
    "cloud.provider": _constant("aws"),
    "cloud.account.id": _first(_identity("accountId"), attrgetter("recipient_account_id")),
    "cloud.region": attrgetter("aws_region"),
    "source.address": attrgetter("source_ip_address"),
    "source.ip": attrgetter("source_ip_address"),
    "user_agent.original": _at("userAgent"),
    "user_agent.name": _agent,
    "user.id": _first(_identity("principalId"), _identity("onBehalfOf", "userId")),
    "user.name": _first(_identity("userName"), _session("sessionIssuer", "userName")),
    "user.target.name": _USER,
    "user.target.id": _at("responseElements", "user", "userId"),
    "user.changes.name": _NEW_USER,
    "related.user": lambda record: [
        _identity("userName")(record),
        _USER(record),
        _NEW_USER(record),
    ],
    "related.entity": entities,
    "entity.target.id": targets,
    "group.name": _at("requestParameters", "groupName"),
    "group.id": _at("responseElements", "group", "groupId"),
    "tls.client.server_name": _at("tlsDetails", "clientProvidedHostHeader"),
    "tls.cipher": _at("tlsDetails", "cipherSuite"),
    "tls.version_protocol": _tls(1),
    "tls.version": _tls(2),
    f"{_WHO}.type": _identity("type"),
    f"{_WHO}.arn": _identity("arn"),
    f"{_WHO}.access_key_id": _identity("accessKeyId"),
    f"{_WHO}.invoked_by": _identity("invokedBy"),
    f"{_WHO}.session_context.mfa_authenticated": _session("attributes", "mfaAuthenticated"),
    f"{_WHO}.session_context.creation_date": _session("attributes", "creationDate"),
    f"{_WHO}.session_context.session_issuer.type": _session("sessionIssuer", "type"),
    f"{_WHO}.session_context.session_issuer.principal_id": _session("sessionIssuer", "principalId"),
    f"{_WHO}.session_context.session_issuer.arn": _session("sessionIssuer", "arn"),
    f"{_WHO}.session_context.session_issuer.account_id": _session("sessionIssuer", "accountId"),
    "aws.cloudtrail.event_version": _at("eventVersion"),
    "aws.cloudtrail.event_category": _at("eventCategory"),
    "aws.cloudtrail.event_type": _at("eventType"),
    "aws.cloudtrail.api_version": _at("apiVersion"),
    "aws.cloudtrail.management_event": _at("managementEvent"),
    "aws.cloudtrail.read_only": _at("readOnly"),
    "aws.cloudtrail.error_code": _at("errorCode"),
    "aws.cloudtrail.error_message": _at("errorMessage"),
    "aws.cloudtrail.request_id": _at("requestID"),
    "aws.cloudtrail.recipient_account_id": attrgetter("recipient_account_id"),
    "aws.cloudtrail.shared_event_id": _at("sharedEventID"),
    "aws.cloudtrail.vpc_endpoint_id": _at("vpcEndpointId"),
    "aws.cloudtrail.session_credential_from_console": _at("sessionCredentialFromConsole"),
    f"{_LOGIN}.mfa_used": _login("MFAUsed"),
    f"{_LOGIN}.mobile_version": _login("MobileVersion"),
    f"{_LOGIN}.login_to": _login("LoginTo", flag=False),
    "aws.cloudtrail.request_parameters": _text("requestParameters"),
    "aws.cloudtrail.response_elements": _text("responseElements"),
    "aws.cloudtrail.additional_eventdata": _text("additionalEventData"),
    "aws.cloudtrail.service_event_details": _text("serviceEventDetails"),
}
"""How each field is read off a record."""

_KINDS = {field: kind_of(field) for field in FIELDS}
_TEXT = (Kind.ANY, Kind.KEYWORD)

OBJECTS: dict[str, Reader] = {
    f"{FLATTENED}request_parameters": _at("requestParameters"),
    f"{FLATTENED}response_elements": _at("responseElements"),
    f"{FLATTENED}additional_eventdata": _at("additionalEventData"),
    f"{FLATTENED}service_event_details": _at("serviceEventDetails"),
    "aws.cloudtrail.resources": _resources,
}
"""The objects of a record whose own fields can be asked."""
