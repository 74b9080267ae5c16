"""Forensics: an instance's tag, and the snapshots that were taken under one."""

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.containment.states import Look, Value


def read_tag(sessions: Sessions, look: Look) -> Value:
    """Return the value of a resource's tag. Raises AwsError."""
    resource, tag = look.id.split(" ", 1)
    client = sessions.reading(look.account, look.region)
    with telling(f"read the tags of {resource} in {look.account}/{look.region}"):
        answer = client.describe_tags(
            Filters=[
                {"Name": "resource-id", "Values": [resource]},
                {"Name": "key", "Values": [tag]},
            ]
        )
    return Value(next((found["Value"] for found in answer["Tags"]), ""))


def read_snapshots(sessions: Sessions, look: Look) -> Value:
    """Return the disks of an instance that were kept under a tag. Raises AwsError."""
    instance, tag, value = look.id.split(" ")
    client = sessions.reading(look.account, look.region)
    with telling(f"read the snapshots of {instance} in {look.account}/{look.region}"):
        answer = client.describe_snapshots(
            OwnerIds=["self"],
            Filters=[
                {"Name": f"tag:{tag}", "Values": [value]},
                {"Name": f"tag:{tag}-instance", "Values": [instance]},
            ],
        )
    return Value(" ".join(sorted({found["VolumeId"] for found in answer["Snapshots"]})))
