"""Identities: who an access key is, as CloudTrail's ``userIdentity`` tells it."""

from datetime import datetime
from typing import Any

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from sandbox.aws.call import Call


def user_identity(call: Call) -> dict[str, Any]:
    """Return the ``userIdentity`` of a call: a role's session, a user, or the account's root."""
    if session := _session(call.account, call.access_key):
        return _of_session(call, session)
    if user := _user(call.account, call.access_key):
        return _of_user(call, user)
    return {
        "type": "Root",
        "principalId": call.account,
        "arn": f"arn:aws:iam::{call.account}:root",
        "accountId": call.account,
        "accessKeyId": call.access_key,
    }


def is_known(account: str, access_key: str) -> bool:
    """Say whether a user or a session holds the key. Any other key is taken for the root's."""
    return bool(_session(account, access_key) or _user(account, access_key))


def _session(account: str, access_key: str) -> Any:
    return sts_backends[account]["aws"].get_assumed_role_from_access_key(access_key)


def _user(account: str, access_key: str) -> Any:
    return iam_backends[account]["aws"].get_user_from_access_key_id(access_key)


def _of_session(call: Call, session: Any) -> dict[str, Any]:
    role_id = session.user_id.partition(":")[0]
    return {
        "type": "AssumedRole",
        "principalId": f"{role_id}:{session.session_name}",
        "arn": session.arn,
        "accountId": call.account,
        "accessKeyId": call.access_key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": role_id,
                "arn": session.role_arn,
                "accountId": call.account,
                "userName": session.role_arn.rpartition("/")[2],
            },
            "attributes": _attributes(call, session.access_key.create_date),
        },
    }


def _of_user(call: Call, user: Any) -> dict[str, Any]:
    identity = {
        "type": "IAMUser",
        "principalId": user.id,
        "arn": user.arn,
        "accountId": call.account,
        "accessKeyId": call.access_key,
        "userName": user.name,
    }
    if not call.console:
        return identity
    # A user at the console calls with a temporary key that the sign-in made.
    (key,) = (k for k in user.access_keys if k.access_key_id == call.access_key)
    return identity | {
        "accessKeyId": f"ASIA{call.access_key[4:]}",
        "sessionContext": {"attributes": _attributes(call, key.create_date)},
    }


def _attributes(call: Call, since: datetime) -> dict[str, str]:
    return {
        "creationDate": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mfaAuthenticated": "true" if call.mfa else "false",
    }
