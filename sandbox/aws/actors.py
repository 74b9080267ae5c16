"""Actors: who calls AWS in the sandbox, with which key and agent, and from where."""

import functools
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config

from sandbox.aws.call import (
    ACCOUNT_HEADER,
    CONSOLE_HEADER,
    MFA_HEADER,
    SOURCE_ADDRESS_HEADER,
)

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_rds import RDSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Safari/537.36"
)
TERRAFORM = (
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) "
    "terraform-provider-aws/5.74.0 aws-sdk-go-v2/1.32.3 ua/2.0 os/linux lang/go#1.23.2"
)
AWS_CLI = (
    "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.8.0 md/arch#x86_64 lang/python#3.11.9 "
    "md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off"
)

_making_clients = threading.Lock()


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key, with a token if it is a session's."""

    access_key: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who calls AWS. An empty agent is boto3's own, an empty address the loopback's."""

    endpoint: str
    account: str
    region: str
    credentials: Credentials
    user_agent: str = ""
    source_address: str = ""
    console: bool = False
    mfa: bool = False

    @functools.cached_property
    def cloudtrail(self) -> "CloudTrailClient":
        """Return a client for CloudTrail."""
        client: CloudTrailClient = self.client("cloudtrail")
        return client

    @functools.cached_property
    def ec2(self) -> "EC2Client":
        """Return a client for EC2."""
        client: EC2Client = self.client("ec2")
        return client

    @functools.cached_property
    def events(self) -> "EventBridgeClient":
        """Return a client for EventBridge."""
        client: EventBridgeClient = self.client("events")
        return client

    @functools.cached_property
    def iam(self) -> "IAMClient":
        """Return a client for IAM."""
        client: IAMClient = self.client("iam")
        return client

    @functools.cached_property
    def rds(self) -> "RDSClient":
        """Return a client for RDS."""
        client: RDSClient = self.client("rds")
        return client

    @functools.cached_property
    def sqs(self) -> "SQSClient":
        """Return a client for SQS."""
        client: SQSClient = self.client("sqs")
        return client

    @functools.cached_property
    def sts(self) -> "STSClient":
        """Return a client for STS."""
        client: STSClient = self.client("sts")
        return client

    def client(self, service: str, region: str = "") -> Any:
        """Return a new boto3 client that calls as this actor."""
        with _making_clients:  # boto3's sessions are not made for threads
            client = _session().client(
                service,  # type: ignore[call-overload] # any service's name
                region_name=region or self.region,
                endpoint_url=self.endpoint,
                aws_access_key_id=self.credentials.access_key,
                aws_secret_access_key=self.credentials.secret,
                aws_session_token=self.credentials.token,
                # No proxies: loopback is not behind one, whatever the environment says.
                config=Config(proxies={}, retries={"total_max_attempts": 1}),
            )
        client.meta.events.register("before-send", self._introduce)
        return client

    def _introduce(self, request: AWSPreparedRequest, **_: Any) -> None:
        said = {
            "User-Agent": self.user_agent,
            SOURCE_ADDRESS_HEADER: self.source_address,
            CONSOLE_HEADER: "true" if self.console else "",
            MFA_HEADER: "true" if self.mfa else "",
            ACCOUNT_HEADER: self.account,
        }
        for name, value in said.items():
            if value:
                request.headers[name] = value


@functools.cache
def _session() -> boto3.Session:
    """Return the one session: it keeps the models of services, which are slow to read."""
    return boto3.Session()
