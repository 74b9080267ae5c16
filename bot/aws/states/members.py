"""Members: the groups that an interface is in."""

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.states import Look, MemberState

GONE = "InvalidNetworkInterfaceID.NotFound"


def read_member(sessions: Sessions, look: Look) -> MemberState:
    """Return the interface's groups. Raises AwsError."""
    client = sessions.reading(look.account, look.region)
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_network_interfaces(NetworkInterfaceIds=[look.id])
    except AwsError as error:
        if error.code != GONE:
            raise
        return MemberState(None)
    groups = answer["NetworkInterfaces"][0].get("Groups", ())
    return MemberState(tuple(group["GroupId"] for group in groups))
