"""Members: the groups that an interface or an instance is in."""

from typing import TYPE_CHECKING

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.states import Look, MemberState

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client

NO_INSTANCE = "InvalidInstanceID.NotFound"
GONE = "InvalidNetworkInterfaceID.NotFound"


def read_member(sessions: Sessions, look: Look) -> MemberState:
    """Return the interface's groups. Raises AwsError."""
    client = sessions.reading(look.account, look.region)
    if look.id.startswith("i-"):
        return _instance(client, look)
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_network_interfaces(NetworkInterfaceIds=[look.id])
    except AwsError as error:
        if error.code != GONE:
            raise
        return MemberState(None)
    groups = answer["NetworkInterfaces"][0].get("Groups", ())
    return MemberState(tuple(group["GroupId"] for group in groups))


def _instance(client: "EC2Client", look: Look) -> MemberState:
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_instances(InstanceIds=[look.id])
    except AwsError as error:
        if error.code != NO_INSTANCE:
            raise
        return MemberState(None)
    groups = answer["Reservations"][0]["Instances"][0].get("SecurityGroups", ())
    return MemberState(tuple(group["GroupId"] for group in groups))
