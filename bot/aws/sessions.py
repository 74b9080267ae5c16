"""Sessions: typed boto3 clients for an account and region, through the roles of the settings.

Credentials come from the environment; where a role is named, it is assumed in the account and
renewed before it ends. The role that changes AWS is assumed for one containment at a time, whose
id names the session: that is how our own calls are known in CloudTrail.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bot.aws.errors import AwsError, telling

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import (
        AssumeRoleRequestTypeDef,
        GetCallerIdentityResponseTypeDef,
    )

READ_SESSION = "sgwatch"
MOST_CLIENTS = 200
"""Clients kept: each has about a megabyte, and there may be thousands of accounts and regions."""

MARGIN = timedelta(minutes=5)
"""Credentials are renewed so long before they end: longer than any call with them takes."""

REFUSED = timedelta(minutes=1)
"""For so long an account that may not be entered is not tried again: a storm asks but once."""

_TIMES: dict[str, Any] = {"connect_timeout": 3, "user_agent_extra": "sgwatch"}
READING = Config(read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3}, **_TIMES)
# A call that changes AWS is never repeated unseen: the worker looks first.
CHANGING = Config(read_timeout=10, retries={"total_max_attempts": 1}, **_TIMES)
# Two lookups a second are all there are: each is counted before it is made. Those of an
# investigation must answer within the seconds that its questions have.
LOOKING_UP = Config(read_timeout=4, retries={"total_max_attempts": 1}, **_TIMES)
# A receive waits for messages for up to 20 seconds.
WAITING = Config(read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3}, **_TIMES)
# A page is sent within half a lease, and is tried again by the climb.
PAGING = Config(read_timeout=6, retries={"total_max_attempts": 1}, **_TIMES)
# A look, for those who want to know whether there is an answer at all.
LOOKING = Config(read_timeout=3, retries={"total_max_attempts": 1}, **_TIMES)


@dataclass(frozen=True, slots=True)
class Roles:
    """ARNs of the roles to assume, in which ``{account}`` stands for the account; empty: none.

    ``session`` names the sessions that only read.
    """

    read: str = ""
    contain: str = ""
    external_id: str = ""
    session: str = READ_SESSION


@dataclass(frozen=True, slots=True)
class _Keys:
    """Credentials of a role that was assumed; without any they are our own, which do not end."""

    access_key: str | None = None
    secret: str | None = None
    token: str | None = None
    ends: datetime | None = None


class Sessions:
    """Clients per account and region. Threads may share it."""

    def __init__(
        self,
        region: str,
        roles: Roles = Roles(),
        *,
        endpoint_url: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Remember how to get clients; ``region`` is where queues are and roles are assumed."""
        self.region = region
        self._roles = roles
        self._endpoint_url = endpoint_url or None
        self._clock = clock
        self._base = boto3.Session()
        self._lock = Lock()
        self._account, self._arn = "", ""
        self._readers: dict[str, _Keys] = {}
        self._refused: dict[str, tuple[AwsError, datetime]] = {}
        self._entering: defaultdict[str, Lock] = defaultdict(Lock)
        self._clients: OrderedDict[tuple[str, str, str], tuple[_Keys, Any]] = OrderedDict()

    def reading(self, account: str, region: str) -> "EC2Client":
        """Return a client that reads EC2 in the account. Raises AwsError."""
        client: EC2Client = self._reading("ec2", account, region, READING)
        return client

    def identities(self, account: str, region: str) -> "IAMClient":
        """Return a client that reads IAM in the account. Raises AwsError."""
        client: IAMClient = self._reading("iam", account, region, READING)
        return client

    def databases(self, account: str, region: str) -> "RDSClient":
        """Return a client that reads RDS in the account. Raises AwsError."""
        client: RDSClient = self._reading("rds", account, region, READING)
        return client

    def service(self, name: str, account: str, region: str) -> Any:
        """Return a client that reads a service of which few calls are made. Raises AwsError."""
        return self._reading(name, account, region, READING)

    def containing(self, containment: str, account: str, region: str, service: str = "ec2") -> Any:
        """Return a service's client whose session bears the containment's id. Raises AwsError."""
        place = (f"{containment} {service}", account, region)
        with self._lock:
            kept = self._clients.get(place)
        if kept is not None and not self._ending(kept[0]):
            return kept[1]
        keys = self._enter(account, self._roles.contain, containment)
        return self._kept(place, keys, self._client(service, region, CHANGING, keys))

    def history(self, account: str, region: str) -> "CloudTrailClient":
        """Return a client that reads the account's event history. Raises AwsError."""
        client: CloudTrailClient = self._reading("cloudtrail", account, region, LOOKING_UP)
        return client

    def queues(self, region: str = "", config: Config = WAITING) -> "SQSClient":
        """Return a client for the queues of a region, with our own credentials."""
        with self._lock:
            return self._base.client(
                "sqs",
                region_name=region or self.region,
                endpoint_url=self._endpoint_url,
                config=config,
            )

    def topics(self, region: str) -> Any:
        """Return a client for the topics of SNS in a region, with our own credentials."""
        with self._lock:
            return self._base.client(
                "sns", region_name=region, endpoint_url=self._endpoint_url, config=PAGING
            )

    def objects(self) -> "S3Client":
        """Return a client for objects in S3, with our own credentials."""
        with self._lock:
            return self._base.client(
                "s3", region_name=self.region, endpoint_url=self._endpoint_url, config=READING
            )

    def _reading(self, service: str, account: str, region: str, config: Config) -> Any:
        """Return the one client of a service for as long as its credentials last."""
        keys, place = self._reader(account), (service, account, region)
        with self._lock:
            kept = self._clients.get(place)
            if kept is not None and kept[0] is keys:
                self._clients.move_to_end(place)
                return kept[1]
        return self._kept(place, keys, self._client(service, region, config, keys))

    def _kept(self, place: tuple[str, str, str], keys: _Keys, client: Any) -> Any:
        """Return the client, and keep it among the last few."""
        with self._lock:
            self._clients[place] = (keys, client)
            self._clients.move_to_end(place)
            if len(self._clients) > MOST_CLIENTS:
                self._clients.popitem(last=False)
        return client

    def _ending(self, keys: _Keys) -> bool:
        return keys.ends is not None and keys.ends - MARGIN <= self._clock()

    def _reader(self, account: str) -> _Keys:
        """Return the account's credentials; those who need them at once wait for the first."""
        with self._lock:
            entering = self._entering[account]
        with entering:
            now, kept = self._clock(), self._readers.get(account)
            if kept is None or (kept.ends is not None and kept.ends - MARGIN <= now):
                kept = self._entered(account, now)
                self._readers[account] = kept
            return kept

    def _entered(self, account: str, now: datetime) -> _Keys:
        """Enter an account to read, unless that was refused a moment ago."""
        refused = self._refused.get(account)
        if refused is not None and now - refused[1] < REFUSED:
            error = refused[0]
            raise AwsError(error.reason, retry=False, code=error.code)
        try:
            return self._enter(account, self._roles.read, self._roles.session)
        except AwsError as error:
            if not error.retry:
                self._refused[account] = (error, now)
            raise

    def _enter(self, account: str, pattern: str, session: str) -> _Keys:
        """Return credentials in the account, and never in another.

        A group that is looked for in the wrong account is not found there, and would be called
        gone.
        """
        if not pattern:
            self._refuse_other(account, self.own_account(), "set the role's ARN with {account}")
            return _Keys()
        arn = pattern.replace("{account}", account)
        self._refuse_other(account, arn.split(":")[4], f"{arn} is in another: use {{account}}")
        return self._assume(account, arn, session)

    def _assume(self, account: str, arn: str, session: str) -> _Keys:
        wanted: AssumeRoleRequestTypeDef = {"RoleArn": arn, "RoleSessionName": session}
        if self._roles.external_id:
            wanted["ExternalId"] = self._roles.external_id
        with telling(f"enter account {account} as {arn}"):
            found = self._sts().assume_role(**wanted)["Credentials"]
        return _Keys(
            found["AccessKeyId"],
            found["SecretAccessKey"],
            found["SessionToken"],
            found["Expiration"],
        )

    def own_account(self) -> str:
        """Return the account that our own credentials belong to. Raises AwsError."""
        if not self._account:
            self._account = self._caller()["Account"]
        return self._account

    def own_arn(self) -> str:
        """Return whose our own credentials are: a user's ARN, or a session's. Raises AwsError."""
        if not self._arn:
            self._arn = self._caller()["Arn"]
        return self._arn

    def _caller(self) -> "GetCallerIdentityResponseTypeDef":
        with telling("ask AWS whose credentials these are"):
            return self._sts().get_caller_identity()

    def _refuse_other(self, account: str, entered: str, mend: str) -> None:
        if account != entered:
            reason = f"could not enter account {account}: {mend}"
            raise AwsError(reason, retry=False, code="OtherAccount")

    def _sts(self) -> "STSClient":
        with self._lock:
            return self._base.client(
                "sts",
                region_name=self.region,
                endpoint_url=self._endpoint_url,
                config=READING,
            )

    def _client(self, service: str, region: str, config: Config, keys: _Keys) -> Any:
        # A boto3 session must not make two clients at once; the clients themselves may be shared.
        with self._lock:
            return self._base.client(
                service,  # type: ignore[call-overload] # any service's name
                region_name=region,
                endpoint_url=self._endpoint_url,
                config=config,
                aws_access_key_id=keys.access_key,
                aws_secret_access_key=keys.secret,
                aws_session_token=keys.token,
            )
