"""Clients per account: the right account, for as long as its credentials last."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from bot.aws.errors import AwsError
from bot.aws.sessions import Roles, Sessions
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.answering import EC2_ERROR, STS_ERROR, WHO, answering
from tests.aws.conftest import PROD, REGION, STAGING

READ = "arn:aws:iam::{account}:role/sgwatch-read"
CONTAIN = "arn:aws:iam::{account}:role/sgwatch-contain"


class Clock:
    """Now, moved by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions_with(server: AwsServer, clock: Clock, roles: None) -> Callable[..., Sessions]:
    def make(read: str = "", contain: str = "") -> Sessions:
        return Sessions(REGION, Roles(read, contain), endpoint_url=server.url, clock=clock)

    return make


def a_group(actor: Actor) -> str:
    vpc = actor.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return actor.ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]


def test_a_role_is_entered_in_the_account_that_is_asked_for(
    sessions_with: Callable[..., Sessions], root: Actor, staging: Actor
) -> None:
    sessions = sessions_with(READ)
    for account, actor in ((PROD, root), (STAGING, staging)):
        ours = a_group(actor)
        groups = sessions.reading(account, REGION).describe_security_groups(GroupIds=[ours])
        assert groups["SecurityGroups"][0]["OwnerId"] == account


def test_clients_are_kept_until_shortly_before_their_credentials_end(
    sessions_with: Callable[..., Sessions], clock: Clock
) -> None:
    sessions = sessions_with(READ)
    first = sessions.reading(PROD, REGION)
    clock.ahead = timedelta(minutes=50)
    assert sessions.reading(PROD, REGION) is first
    assert sessions.reading(PROD, "us-east-1") is not first
    clock.ahead = timedelta(minutes=57)
    renewed = sessions.reading(PROD, REGION)
    assert renewed is not first
    assert renewed.describe_vpcs()["Vpcs"] is not None


def test_each_containment_has_a_session_of_its_name(
    sessions_with: Callable[..., Sessions], server: AwsServer, root: Actor
) -> None:
    sessions, group = sessions_with(READ, CONTAIN), a_group(root)
    for containment in ("SGW-7K3QF2AB-c1", "SGW-7K3QF2AB-c2"):
        client = sessions.containing(containment, PROD, REGION)
        client.create_tags(Resources=[group], Tags=[{"Key": "k", "Value": "v"}])
        identity = server.trail.records[-1]["userIdentity"]
        assert identity["arn"] == f"arn:aws:sts::{PROD}:assumed-role/sgwatch-contain/{containment}"


def test_without_a_role_our_own_account_is_read_with_our_own_credentials(
    sessions_with: Callable[..., Sessions], root: Actor
) -> None:
    group = a_group(root)
    client = sessions_with().reading(PROD, REGION)
    assert client.describe_security_groups(GroupIds=[group])["SecurityGroups"]


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        pytest.param(Roles(), "set the role's ARN", id="no role to go there with"),
        pytest.param(
            Roles(READ.replace("{account}", PROD), CONTAIN.replace("{account}", PROD)),
            "use {account}",
            id="a role of another account",
        ),
    ],
)
def test_another_account_is_refused_rather_than_mistaken(
    server: AwsServer, roles: Roles, says: str
) -> None:
    sessions = Sessions(REGION, roles, endpoint_url=server.url)
    with pytest.raises(AwsError, match=says) as reading:
        sessions.reading(STAGING, REGION)
    with pytest.raises(AwsError, match=says) as containing:
        sessions.containing("SGW-7K3QF2AB-c1", STAGING, REGION)
    assert not reading.value.retry
    assert not containing.value.retry


def test_the_external_id_and_the_session_are_sent_and_a_denial_names_the_role() -> None:
    roles = Roles(READ, CONTAIN, external_id="shared-secret")
    with answering(AssumeRole=(403, STS_ERROR.format("AccessDenied", "No."))) as sts:
        sessions = Sessions(REGION, roles, endpoint_url=sts.url)
        with pytest.raises(AwsError) as denied:
            sessions.containing("SGW-7K3QF2AB-c1", PROD, REGION)
    assert denied.value.reason == (
        f"could not enter account {PROD} as arn:aws:iam::{PROD}:role/sgwatch-contain: "
        "no permission for AssumeRole (AccessDenied)"
    )
    (asked,) = sts.asked
    assert asked["ExternalId"] == "shared-secret"
    assert asked["RoleSessionName"] == "SGW-7K3QF2AB-c1"


def test_a_client_that_changes_aws_never_calls_twice() -> None:
    trouble = EC2_ERROR.format("Unavailable", "Later.")
    with answering(GetCallerIdentity=(200, WHO.format(PROD)), CreateTags=(503, trouble)) as aws:
        sessions = Sessions(REGION, endpoint_url=aws.url)
        client = sessions.containing("SGW-7K3QF2AB-c1", PROD, REGION)
        with pytest.raises(ClientError):
            client.create_tags(Resources=["sg-1"], Tags=[])
    assert [asked["Action"] for asked in aws.asked] == ["GetCallerIdentity", "CreateTags"]
