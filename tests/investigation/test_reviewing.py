"""Reviewing accounts of the AWS stand-in: what is read, and what is said where it cannot be."""

import json
from typing import Any

import pytest

from bot.alerts.outcome import Fate, Outcome
from bot.aws.authorizations import read_authorizations
from bot.aws.errors import AwsError
from bot.aws.listing import GroupLister
from bot.aws.sessions import Roles, Sessions
from bot.review import Reviewer
from bot.store.store import Store
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.conftest import PROD, REGION, STAGING, own_credentials, roles, root, server, staging

__all__ = ["own_credentials", "roles", "root", "server", "staging"]

READ = "arn:aws:iam::{account}:role/sgwatch-read"
CONTAIN = "arn:aws:iam::{account}:role/sgwatch-contain"
GRANTING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}],
}


@pytest.fixture(scope="module")
def sessions(server: AwsServer, roles: None) -> Sessions:
    return Sessions(REGION, Roles(READ, CONTAIN), endpoint_url=server.url)


@pytest.fixture
def reviewer(sessions: Sessions, store: Store) -> Reviewer:
    def read(account: str) -> Any:
        return read_authorizations(sessions, account)

    return Reviewer(store, GroupLister(sessions), read, CONTAIN, (REGION,))


def test_what_an_account_is_reviewed_by(reviewer: Reviewer, root: Actor) -> None:
    root.iam.create_group(GroupName="net")
    root.iam.put_group_policy(
        GroupName="net", PolicyName="net-admin", PolicyDocument=json.dumps(GRANTING)
    )
    root.iam.create_user(UserName="zoe")
    root.iam.add_user_to_group(GroupName="net", UserName="zoe")
    vpc = root.ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = root.ec2.create_security_group(GroupName="web", Description="d", VpcId=vpc)["GroupId"]
    root.ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    found = reviewer.account(PROD)
    assert found.unknown == ()
    can = {grant.name: grant.by for grant in found.can}
    assert can["zoe"] == ("group net: net-admin (resource *)",)
    assert {"terraform-ci", "sgwatch-contain", "zoe"} <= can.keys()
    assert "sgwatch-read" not in can
    removals = {grant.name for grant in found.removals}
    assert {"terraform-ci", "zoe"} <= removals
    assert "sgwatch-contain" not in removals
    (opened,) = [each for each in found.open if each.id == group]
    assert [ports.what for ports in opened.ports] == ["SSH (22/tcp)"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(
            AwsError("no permission for iam:GetAccountAuthorizationDetails", retry=False),
            "who can change groups: no permission for iam:GetAccountAuthorizationDetails",
            id="denied",
        ),
        pytest.param(
            AwsError("AWS asks for fewer calls", retry=True),
            "who can change groups: AWS asks for fewer calls",
            id="throttled",
        ),
    ],
)
def test_what_cannot_be_read_is_said(
    sessions: Sessions, store: Store, error: AwsError, said: str
) -> None:
    def refuse(_: str) -> Any:
        raise error

    found = Reviewer(store, GroupLister(sessions), refuse, CONTAIN, (REGION,)).account(STAGING)
    assert found.unknown == (said,)
    assert found.can == ()


def test_an_account_that_cannot_be_entered_holds_up_no_other(
    server: AwsServer, roles: None, store: Store
) -> None:
    only = Roles(READ.replace("{account}", STAGING), CONTAIN)
    sessions = Sessions(REGION, only, endpoint_url=server.url)

    def read(account: str) -> Any:
        return read_authorizations(sessions, account)

    reviewer = Reviewer(store, GroupLister(sessions), read, CONTAIN, (REGION,))
    outside, inside = reviewer.review([PROD, STAGING]).accounts
    assert [why.partition(":")[0] for why in outside.unknown] == [
        "who can change groups",
        "what is open in eu-west-1",
    ]
    assert all("could not enter account" in why for why in outside.unknown)
    assert inside.can


def test_of_the_busy_nobody_says_that_they_did_nothing(
    reviewer: Reviewer, root: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.iam.create_user(UserName="busy")
    root.iam.put_user_policy(
        UserName="busy", PolicyName="net-admin", PolicyDocument=json.dumps(GRANTING)
    )
    arn = root.iam.get_user(UserName="busy")["User"]["Arn"]
    assert "busy" in {grant.name for grant in reviewer.account(PROD).removals}
    monkeypatch.setattr("bot.review.HISTORY", 2)
    for number in range(2):
        at = reviewer.store.attention.now()
        wrote = Outcome(f"e-{number}", at, Fate.UNMATCHED, "PutObject", PROD, REGION, principal=arn)
        reviewer.store.events.write(wrote)
    assert "busy" not in {grant.name for grant in reviewer.account(PROD).removals}
