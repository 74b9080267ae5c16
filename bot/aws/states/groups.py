"""Groups: the rules of one, and the one of a name."""

from bot.aws.errors import telling
from bot.aws.reader import GroupReader
from bot.aws.sessions import Sessions
from bot.aws.surroundings import NetworkReader
from bot.containment.states import GroupState, Look, NamedGroup, Uses


def read_group(sessions: Sessions, look: Look) -> GroupState:
    """Return the group's rules. Raises AwsError."""
    return GroupReader(sessions).read_group(look.account, look.region, look.id)


def read_named_group(sessions: Sessions, look: Look) -> NamedGroup:
    """Return the group that a VPC has of this name. Raises AwsError."""
    vpc, _, name = look.id.partition("/")
    client = sessions.reading(look.account, look.region)
    with telling(f"look for the group {name} in {look.account}/{look.region}"):
        pages = client.get_paginator("describe_security_groups").paginate(
            Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": [name]}]
        )
        # In a filter * and ? stand for others, but a group's name may hold them.
        found = [g for page in pages for g in page["SecurityGroups"] if g["GroupName"] == name]
    if not found:
        return NamedGroup("")
    return NamedGroup(found[0]["GroupId"], found[0].get("Description", ""))


def read_uses(sessions: Sessions, look: Look) -> Uses:
    """Return what keeps a group from being deleted. Raises AwsError."""
    reader = GroupReader(sessions)
    rules = reader.read_group(look.account, look.region, look.id).rules
    groups = reader.referring(look.account, look.region, look.id)
    found = NetworkReader(sessions).interfaces(look.account, look.region, [look.id])
    interfaces = tuple(interface.id for interface in found)
    return Uses(rules, interfaces, tuple(group.id for group in groups))
