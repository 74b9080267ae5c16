"""Access keys and roles, read from IAM on the AWS stand-in."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.errors import AwsError
from bot.aws.identities import IdentityReader
from bot.aws.sessions import Roles, Sessions
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.answering import STS_ERROR, answering
from tests.aws.conftest import PROD, REGION, STAGING

READ = "arn:aws:iam::{account}:role/sgwatch-read"
JUST_NOW = timedelta(minutes=5)


@pytest.fixture(scope="module")
def reader(server: AwsServer, roles: None) -> IdentityReader:
    return IdentityReader(Sessions(REGION, Roles(READ), endpoint_url=server.url))


def test_a_users_keys_are_read_in_the_users_account(reader: IdentityReader, staging: Actor) -> None:
    staging.iam.create_user(UserName="alice")
    made = staging.iam.create_access_key(UserName="alice")["AccessKey"]["AccessKeyId"]
    (key,) = reader.access_keys(STAGING, REGION, "alice")
    assert (key.id, key.active) == (made, True)
    assert datetime.now(UTC) - key.made < JUST_NOW
    assert reader.access_keys(PROD, REGION, "alice") == ()


def test_the_last_use_of_a_key_is_read(reader: IdentityReader, root: Actor) -> None:
    root.iam.create_user(UserName="bob")
    made = root.iam.create_access_key(UserName="bob")["AccessKey"]["AccessKeyId"]
    assert reader.key_use(PROD, REGION, made) is None


def test_a_role_is_read(reader: IdentityReader) -> None:
    role = reader.role(PROD, REGION, "terraform-ci")
    assert role is not None
    assert datetime.now(UTC) - role.made < JUST_NOW
    assert reader.role(PROD, REGION, "gone") is None


def test_a_denial_is_told() -> None:
    with answering(ListAccessKeys=(403, STS_ERROR.format("AccessDenied", "no"))) as aws:
        sessions = Sessions(REGION, endpoint_url=aws.url)
        sessions._account = PROD
        with pytest.raises(AwsError, match="no permission for ListAccessKeys") as caught:
            IdentityReader(sessions).access_keys(PROD, REGION, "alice")
    assert not caught.value.retry
