"""Identities: access keys and roles as IAM has them. IAM is global: it is asked in its home."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.history import home_region
from bot.cloudtrail.text import printable

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

GONE = "NoSuchEntity"
MOST = 10
WORD = 60


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A user's access key."""

    id: str
    active: bool
    made: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """When a key or role was used last, and for what. IAM lags: by minutes, for roles by hours."""

    at: datetime
    region: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role: when it was made, and used last as far as IAM knows yet."""

    made: datetime
    used: Use | None = None


@dataclass(frozen=True, slots=True)
class IdentityReader:
    """Reads IAM. Every method raises AwsError; each is one call."""

    sessions: Sessions

    def access_keys(self, account: str, region: str, user: str) -> tuple[AccessKey, ...]:
        """Return a user's access keys; none where the user is gone."""
        client = self._client(account, region)
        try:
            with telling(f"read the access keys of {printable(user, WORD)} in {account}"):
                found = client.list_access_keys(UserName=user, MaxItems=MOST)["AccessKeyMetadata"]
        except AwsError as error:
            if error.code != GONE:
                raise
            return ()
        return tuple(
            AccessKey(key["AccessKeyId"], key["Status"] == "Active", _utc(key["CreateDate"]))
            for key in found
        )

    def key_use(self, account: str, region: str, key: str) -> Use | None:
        """Return when an access key was used last; None for never."""
        with telling(f"read when {printable(key, WORD)} was used last in {account}"):
            answer = self._client(account, region).get_access_key_last_used(AccessKeyId=key)
        found = answer.get("AccessKeyLastUsed", {})
        if "LastUsedDate" not in found:
            return None
        service = printable(found.get("ServiceName", ""), WORD)
        return Use(_utc(found["LastUsedDate"]), printable(found.get("Region", ""), WORD), service)

    def role(self, account: str, region: str, name: str) -> Role | None:
        """Return a role by its name; None where it is gone."""
        client = self._client(account, region)
        try:
            with telling(f"read the role {printable(name, WORD)} in {account}"):
                found = client.get_role(RoleName=name)["Role"]
        except AwsError as error:
            if error.code != GONE:
                raise
            return None
        used = found.get("RoleLastUsed", {})
        if "LastUsedDate" not in used:
            return Role(_utc(found["CreateDate"]))
        use = Use(_utc(used["LastUsedDate"]), printable(used.get("Region", ""), WORD))
        return Role(_utc(found["CreateDate"]), use)

    def _client(self, account: str, region: str) -> "IAMClient":
        return self.sessions.identities(account, home_region(region))


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
