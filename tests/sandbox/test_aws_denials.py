"""Enforced IAM policies: who may not is denied in the service's own words, and on record."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from sandbox.aws.world import World, build_world


@pytest.fixture(scope="module")
def world(server: AwsServer) -> Iterator[World]:
    world = build_world(server.url)
    server.enforce_policies()
    yield world
    server.enforce_policies(on=False)


def denied(call: Any, **arguments: Any) -> Any:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response


def test_ec2_says_unauthorized_operation(world: World, server: AwsServer) -> None:
    reader = world.as_sgwatch_read()
    response = denied(reader.ec2.delete_security_group, GroupId=world.prod.web)
    assert response["Error"]["Code"] == "UnauthorizedOperation"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 403
    record = server.trail.records[-1]
    assert record["errorCode"] == "Client.UnauthorizedOperation"
    assert "is not authorized to perform: ec2:DeleteSecurityGroup" in record["errorMessage"]
    assert record["requestID"] == response["ResponseMetadata"]["RequestId"]
    assert record["requestParameters"] == {"groupId": world.prod.web}
    assert record["responseElements"] is None


def test_iam_says_access_denied_and_records_no_parameters(world: World, server: AwsServer) -> None:
    reader = world.as_sgwatch_read()
    response = denied(reader.iam.create_user, UserName="intruder")
    assert response["Error"]["Code"] == "AccessDenied"
    record = server.trail.records[-1]
    assert (record["errorCode"], record["requestParameters"]) == ("AccessDenied", None)
    assert record["requestID"] == response["ResponseMetadata"]["RequestId"]


def test_a_dry_run_of_what_is_denied_is_denied(world: World) -> None:
    call = world.as_sgwatch_read().ec2.delete_security_group
    response = denied(call, GroupId=world.prod.web, DryRun=True)
    assert response["Error"]["Code"] == "UnauthorizedOperation"


def test_who_may_may(world: World) -> None:
    permission: Any = {
        "IpProtocol": "tcp",
        "FromPort": 9,
        "ToPort": 9,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}],
    }
    world.as_sgwatch_contain("c-1").ec2.authorize_security_group_ingress(
        GroupId=world.prod.batch, IpPermissions=[permission]
    )
    assert world.as_sgwatch_read(world.staging_account).ec2.describe_vpcs()["Vpcs"]
    world.as_alice().ec2.create_tags(Resources=[world.prod.web], Tags=[{"Key": "a", "Value": "b"}])


@pytest.mark.parametrize("account", ["123456789012", "210987654321"])
def test_the_root_may_everything(world: World, account: str) -> None:
    root: Actor = world.as_root(account)
    assert root.ec2.describe_vpcs()["Vpcs"]
    assert root.iam.list_roles()["Roles"]
