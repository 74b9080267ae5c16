"""The trail: every record that was written, and CloudTrail's LookupEvents over them."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

_PAGE = 50  # CloudTrail's default, and the most it gives

_TYPES = {
    "eni": "AWS::EC2::NetworkInterface",
    "i": "AWS::EC2::Instance",
    "sg": "AWS::EC2::SecurityGroup",
    "sgr": "AWS::EC2::SecurityGroupRule",
    "subnet": "AWS::EC2::Subnet",
    "vpc": "AWS::EC2::VPC",
}
_NAMED = {
    "dBInstanceIdentifier": "AWS::RDS::DBInstance",
    "groupName": "AWS::EC2::SecurityGroup",
    "policyArn": "AWS::IAM::Policy",
    "roleName": "AWS::IAM::Role",
    "userName": "AWS::IAM::User",
}

Record = dict[str, Any]


class LookupRefusedError(Exception):
    """A lookup that CloudTrail would refuse, with CloudTrail's code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Trail:
    """The records of all accounts and regions, in the order of writing."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._lock = threading.Lock()

    @property
    def records(self) -> list[Record]:
        """Return a copy of the list of records, oldest first."""
        with self._lock:
            return list(self._records)

    def write(self, record: Record) -> None:
        """Keep one more record."""
        with self._lock:
            self._records.append(record)

    def forget(self) -> None:
        """Forget every record, as CloudTrail does after 90 days."""
        with self._lock:
            self._records.clear()

    def lookup(self, account: str, region: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer LookupEvents: newest first, page by page."""
        wanted = _filter(request)
        size = min(int(request.get("MaxResults", _PAGE)), _PAGE)
        found: list[dict[str, Any]] = []
        for position, record in self._newest_first(request.get("NextToken")):
            if (record["recipientAccountId"], record["awsRegion"]) != (account, region):
                continue
            if not wanted(record):
                continue
            if len(found) == size:
                return {"Events": found, "NextToken": str(position)}
            found.append(_event(record))
        return {"Events": found}

    def _newest_first(self, token: str | None) -> Iterator[tuple[int, Record]]:
        """Yield records with their positions; a token is where the next page begins."""
        records = self.records
        start = len(records) - 1
        if token is not None:
            if not token.isdigit() or int(token) > start:
                raise LookupRefusedError("InvalidNextTokenException", "Invalid token")
            start = int(token)
        for position in range(start, -1, -1):
            yield position, records[position]


def _filter(request: Mapping[str, Any]) -> Callable[[Record], bool]:
    attributes = request.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise LookupRefusedError(
            "InvalidLookupAttributesException", "You can only specify one lookup attribute"
        )
    start, end = request.get("StartTime"), request.get("EndTime")
    if start is not None and end is not None and start > end:
        raise LookupRefusedError("InvalidTimeRangeException", "The start is after the end")

    def wanted(record: Record) -> bool:
        moment = _epoch(record)
        if (start is not None and moment < start) or (end is not None and moment > end):
            return False
        return all(_has(record, a["AttributeKey"], a["AttributeValue"]) for a in attributes)

    return wanted


def _has(record: Record, key: str, value: str) -> bool:
    match key:
        case "ResourceName" | "ResourceType":
            return any(resource[key] == value for resource in _resources(record))
        case "EventId" | "EventName" | "EventSource" | "Username" | "ReadOnly" | "AccessKeyId":
            return bool(_event(record)[key] == value)
        case _:
            raise LookupRefusedError(
                "InvalidLookupAttributesException", f"No such attribute: {key}"
            )


def _event(record: Record) -> dict[str, Any]:
    """Return a record as LookupEvents shows it."""
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": "true" if record["readOnly"] else "false",
        "AccessKeyId": record["userIdentity"].get("accessKeyId", ""),
        "EventTime": _epoch(record),
        "EventSource": record["eventSource"],
        "Username": _username(record["userIdentity"]),
        "Resources": _resources(record),
        "CloudTrailEvent": json.dumps(record),
    }


def _epoch(record: Record) -> int:
    moment = datetime.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return int(moment.timestamp())


def _username(identity: Mapping[str, Any]) -> str:
    """Return the user's name, or the session's: CloudTrail gives a session's alone."""
    if identity["type"] == "AssumedRole":
        return str(identity["arn"]).rpartition("/")[2]
    return str(identity.get("userName", "root"))


def _resources(record: Record) -> list[dict[str, str]]:
    """Return what the record names: ids anywhere in it, and names under keys that name things."""
    found: dict[str, str] = {}
    for part in (record["requestParameters"], record["responseElements"]):
        for key, value in _leaves("", part):
            kind = _TYPES.get(value.partition("-")[0]) if "-" in value else None
            if kind := kind or _NAMED.get(key):
                found[value] = kind
    return [{"ResourceType": kind, "ResourceName": name} for name, kind in found.items()]


def _leaves(key: str, node: Any) -> Iterator[tuple[str, str]]:
    match node:
        case dict():
            for name, child in node.items():
                yield from _leaves(name, child)
        case list():
            for child in node:
                yield from _leaves(key, child)
        case str():
            yield key, node
        case _:
            pass
