"""Denials: whether an inline policy is on a role or user, and whether a key is active."""

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.containment.effects.denial import THERE
from bot.containment.states import Look, Value

GONE = "NoSuchEntity"


def read_inline_policy(sessions: Sessions, look: Look) -> Value:
    """Return whether the policy is there. Raises AwsError."""
    holder, name, policy = look.id.split(" ")
    client = sessions.identities(look.account, look.region)
    try:
        with telling(f"read the policy {policy} of {name} in {look.account}"):
            if holder == "role":
                client.get_role_policy(RoleName=name, PolicyName=policy)
            else:
                client.get_user_policy(UserName=name, PolicyName=policy)
    except AwsError as error:
        if error.code != GONE:
            raise
        return Value("")
    return Value(THERE)


def read_access_key(sessions: Sessions, look: Look) -> Value:
    """Return the key's status, nothing where it is gone. Raises AwsError."""
    user, key = look.id.split(" ")
    client = sessions.identities(look.account, look.region)
    try:
        with telling(f"read the access keys of {user} in {look.account}"):
            pages = client.get_paginator("list_access_keys").paginate(UserName=user)
            found = [each for page in pages for each in page["AccessKeyMetadata"]]
    except AwsError as error:
        if error.code != GONE:
            raise
        return Value("")
    status = (str(each["Status"]) for each in found if each["AccessKeyId"] == key)
    return Value(next(status, ""))
