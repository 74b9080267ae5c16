"""Records: each call that changes something leaves one, and it tells who made it."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.server import AwsServer
from sandbox.aws.world import (
    ALICE_ADDRESS,
    ATTACKER_ADDRESS,
    PROD,
    STAGING,
    World,
    build_world,
)
from tests.sandbox.conftest import Last


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    return build_world(server.url)


def test_the_frame_of_a_record(root: Actor, vpc: str, last: Last) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    answer = root.ec2.create_security_group(GroupName="framed", Description="d", VpcId=vpc)
    at = datetime.strptime(last["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert before <= at <= datetime.now(UTC) + timedelta(seconds=1)
    assert str(uuid.UUID(last["eventID"])) == last["eventID"]
    assert last["requestID"] == answer["ResponseMetadata"]["RequestId"]
    expected = {
        "eventSource": "ec2.amazonaws.com",
        "eventName": "CreateSecurityGroup",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "127.0.0.1",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "123456789012",
        "eventCategory": "Management",
    }
    assert {key: last[key] for key in expected} == expected
    assert last["tlsDetails"]["clientProvidedHostHeader"] == "ec2.eu-west-1.amazonaws.com"
    assert last["userAgent"].startswith("Boto3/")
    assert "errorCode" not in last
    assert "sessionCredentialFromConsole" not in last


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda root: root.ec2.describe_security_groups(), id="Describe"),
        pytest.param(lambda root: root.iam.list_users(), id="List"),
        pytest.param(lambda root: root.iam.get_account_summary(), id="Get"),
        pytest.param(lambda root: root.sts.get_caller_identity(), id="another service"),
        pytest.param(lambda root: root.sqs.create_queue(QueueName="q"), id="a queue"),
    ],
)
def test_what_leaves_no_record(root: Actor, last: Last, read: Any) -> None:
    before = last.count
    read(root)
    assert last.count == before


@pytest.mark.parametrize(
    ("call", "recorded"),
    [
        pytest.param(
            lambda root: (root.ec2.delete_security_group, {"GroupId": "sg-0", "DryRun": True}),
            "Client.DryRunOperation",
            id="a dry run",
        ),
        pytest.param(
            lambda root: (
                root.ec2.revoke_security_group_egress,
                {"GroupId": "sg-0", "IpPermissions": [{"IpProtocol": "-1"}]},
            ),
            "Client.InvalidGroup.NotFound",
            id="EC2's codes say whose fault it was",
        ),
        pytest.param(
            lambda root: (root.iam.delete_user, {"UserName": "nobody"}),
            "NoSuchEntityException",
            id="IAM's have their long names",
        ),
        pytest.param(
            lambda root: (root.rds.delete_db_instance, {"DBInstanceIdentifier": "nothing"}),
            "DBInstanceNotFoundFault",
            id="and so have RDS's",
        ),
    ],
)
def test_errors_are_recorded_with_the_request(
    root: Actor, last: Last, call: Any, recorded: str
) -> None:
    operation, arguments = call(root)
    with pytest.raises(ClientError) as error:
        operation(**arguments)
    assert last["errorCode"] == recorded
    assert last["errorMessage"] == error.value.response["Error"]["Message"]
    assert last["requestID"] == error.value.response["ResponseMetadata"]["RequestId"]
    assert last["responseElements"] is None
    assert len(last["requestParameters"]) >= 1
    assert "dryRun" not in last["requestParameters"]


def test_a_root_is_recorded_as_root(world: World, last: Last) -> None:
    world.as_root(STAGING).ec2.create_tags(
        Resources=[world.staging.vpc], Tags=[{"Key": "a", "Value": "b"}]
    )
    assert last["userIdentity"] == {
        "type": "Root",
        "principalId": STAGING,
        "arn": f"arn:aws:iam::{STAGING}:root",
        "accountId": STAGING,
        "accessKeyId": "root",
    }


def tag_something(actor: Actor, world: World) -> None:
    actor.ec2.create_tags(Resources=[world.prod.vpc], Tags=[{"Key": "a", "Value": "b"}])


def test_a_user_at_the_console(world: World, last: Last) -> None:
    tag_something(world.as_alice(), world)
    who = last["userIdentity"]
    assert (who["type"], who["userName"], who["arn"]) == (
        "IAMUser",
        "alice",
        f"arn:aws:iam::{PROD}:user/alice",
    )
    assert who["accessKeyId"] == f"ASIA{world.alice.access_key[4:]}"
    assert who["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"
    assert last["sessionCredentialFromConsole"] == "true"
    assert last["sourceIPAddress"] == ALICE_ADDRESS
    assert last["userAgent"].startswith("Mozilla/5.0")


def test_a_user_with_a_key(world: World, last: Last) -> None:
    tag_something(world.as_attacker(), world)
    who = last["userIdentity"]
    assert (who["userName"], who["accessKeyId"]) == ("mallory", world.mallory.access_key)
    assert "sessionContext" not in who
    assert "sessionCredentialFromConsole" not in last
    assert last["sourceIPAddress"] == ATTACKER_ADDRESS
    assert last["userAgent"].startswith("aws-cli/2")


@pytest.mark.parametrize("account", [PROD, STAGING])
def test_a_roles_session(world: World, last: Last, account: str) -> None:
    terraform = world.as_terraform_ci("run-7", account)
    vpc = world.prod.vpc if account == PROD else world.staging.vpc
    terraform.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    who = last["userIdentity"]
    issuer = who["sessionContext"]["sessionIssuer"]
    assert who["type"] == "AssumedRole"
    assert who["arn"] == f"arn:aws:sts::{account}:assumed-role/terraform-ci/run-7"
    assert who["principalId"] == f"{issuer['principalId']}:run-7"
    assert who["accessKeyId"] == terraform.credentials.access_key
    assert issuer == {
        "type": "Role",
        "principalId": issuer["principalId"],
        "arn": f"arn:aws:iam::{account}:role/terraform-ci",
        "accountId": account,
        "userName": "terraform-ci",
    }
    assert last["recipientAccountId"] == account
    assert "Terraform/1.9" in last["userAgent"]


def test_a_person_from_identity_center(world: World, last: Last) -> None:
    tag_something(world.as_sso_person("carol@example.com"), world)
    who = last["userIdentity"]
    assert re.search(r"/AWSReservedSSO_\w+/carol@example\.com$", who["arn"])
    assert "/aws-reserved/sso.amazonaws.com/" in who["sessionContext"]["sessionIssuer"]["arn"]
    assert last["sessionCredentialFromConsole"] == "true"


def test_who_deletes_their_own_key_is_still_known_in_the_record(world: World, last: Last) -> None:
    root = world.as_root()
    root.iam.create_user(UserName="leaver")
    key = root.iam.create_access_key(UserName="leaver")["AccessKey"]
    credentials = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    leaver = replace(root, credentials=credentials)
    leaver.iam.delete_access_key(UserName="leaver", AccessKeyId=key["AccessKeyId"])
    assert last["userIdentity"]["userName"] == "leaver"
