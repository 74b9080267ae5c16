"""What a call acted on, in a few words: "AdministratorAccess, mallory"."""

from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable, text_of

SERVICE = 32

_NAMES = (
    "policyArn",
    "policyName",
    "userName",
    "roleName",
    "groupName",
    "instanceProfileName",
    "serialNumber",
    "accessKeyId",
    "name",
    "trailName",
    "groupId",
    "instanceId",
    "vpcId",
    "snapshotId",
    "imageId",
    "dBInstanceIdentifier",
    "dBSnapshotIdentifier",
    "detectorId",
    "bucketName",
    "functionName",
    "secretId",
    "keyId",
)
"""Parameters that name what is acted on, those that say most first."""

_TOLD = 2


def acted_on(record: Record, limit: int) -> str:
    """Return what a call names, the first two of it, without the long part of an ARN."""
    given = record.request_parameters or {}
    values = (text_of(given.get(name)) for name in _NAMES)
    told = [_short(value) for value in values if value.strip()][:_TOLD]
    return printable(", ".join(told), limit)


def service_of(record: Record) -> str:
    """Return the service that was called, without its domain: "iam"."""
    return printable(record.event_source.partition(".")[0], SERVICE)


def _short(value: str) -> str:
    return value.rpartition("/")[2] or value if value.startswith("arn:") else value
