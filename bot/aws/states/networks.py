"""Networks: prefix lists, associations of groups with VPCs, network ACLs."""

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.states import AclRule, AclState, Association, Entry, ListState, Look

NO_LIST = "InvalidPrefixListID.NotFound"
NO_ACL = "InvalidNetworkAclID.NotFound"


def read_list(sessions: Sessions, look: Look) -> ListState:
    """Return a prefix list's entries, and those of the version before. Raises AwsError."""
    client = sessions.reading(look.account, look.region)
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_managed_prefix_lists(PrefixListIds=[look.id])
    except AwsError as error:
        if error.code != NO_LIST:
            raise
        return ListState(0, None)
    if not answer["PrefixLists"]:
        return ListState(0, None)
    version = int(answer["PrefixLists"][0].get("Version", 1))
    earlier = _entries(sessions, look, version - 1) if version > 1 else ()
    return ListState(version, _entries(sessions, look, version), earlier)


def _entries(sessions: Sessions, look: Look, version: int) -> tuple[Entry, ...]:
    client = sessions.reading(look.account, look.region)
    with telling(f"read the entries of {look.id} in {look.account}/{look.region}"):
        pages = client.get_paginator("get_managed_prefix_list_entries").paginate(
            PrefixListId=look.id, TargetVersion=version
        )
        found = [entry for page in pages for entry in page["Entries"]]
    return tuple(Entry(entry["Cidr"], entry.get("Description", "")) for entry in found)


def read_association(sessions: Sessions, look: Look) -> Association:
    """Return a group's association with a VPC. Raises AwsError."""
    group, _, vpc = look.id.partition("/")
    client = sessions.reading(look.account, look.region)
    with telling(f"read the associations of {group} in {look.account}/{look.region}"):
        answer = client.describe_security_group_vpc_associations(
            Filters=[{"Name": "group-id", "Values": [group]}, {"Name": "vpc-id", "Values": [vpc]}]
        )
    found = answer["SecurityGroupVpcAssociations"]
    return Association(found[0].get("State", "") if found else "")


def read_acl(sessions: Sessions, look: Look) -> AclState:
    """Return a network ACL's entries. Raises AwsError."""
    client = sessions.reading(look.account, look.region)
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_network_acls(NetworkAclIds=[look.id])
    except AwsError as error:
        if error.code != NO_ACL:
            raise
        return AclState(None)
    rules = (
        AclRule(
            entry["RuleNumber"],
            entry["Egress"],
            entry["RuleAction"],
            entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", ""),
            entry["Protocol"],
        )
        for entry in answer["NetworkAcls"][0]["Entries"]
    )
    return AclState(tuple(rules))
