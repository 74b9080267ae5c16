"""Services: whether a database is public, and which policies are attached."""

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.states import DatabaseState, Look, Policies

NO_DATABASE = frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"})
NO_ENTITY = "NoSuchEntity"


def read_database(sessions: Sessions, look: Look) -> DatabaseState:
    """Return whether an RDS instance is public. Raises AwsError."""
    client = sessions.databases(look.account, look.region)
    try:
        with telling(f"read {look.id} in {look.account}/{look.region}"):
            answer = client.describe_db_instances(DBInstanceIdentifier=look.id)
    except AwsError as error:
        if error.code not in NO_DATABASE:
            raise
        return DatabaseState(None)
    found = answer["DBInstances"][0]
    return DatabaseState(found.get("PubliclyAccessible", False), found.get("DBInstanceStatus", ""))


def read_policies(sessions: Sessions, look: Look) -> Policies:
    """Return the policies attached to a group, user or role. Raises AwsError."""
    holder, _, name = look.id.partition("/")
    client = sessions.identities(look.account, look.region)
    calls = {
        "group": ("list_attached_group_policies", "GroupName"),
        "user": ("list_attached_user_policies", "UserName"),
        "role": ("list_attached_role_policies", "RoleName"),
    }
    call, key = calls[holder]
    try:
        with telling(f"read the policies of {name} in {look.account}"):
            pages = client.get_paginator(call).paginate(**{key: name})  # type: ignore[call-overload]
            found = [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]
    except AwsError as error:
        if error.code != NO_ENTITY:
            raise
        return Policies(None)
    return Policies(tuple(found))
