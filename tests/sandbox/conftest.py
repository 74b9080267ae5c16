"""An AWS stand-in for each test module: moto keeps its state in the process, so one at a time."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from sandbox.aws.actors import Actor, Credentials
from sandbox.aws.server import AwsServer

_numbers = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[AwsServer]:
    with AwsServer() as server:
        yield server


@pytest.fixture(scope="module")
def root(server: AwsServer) -> Actor:
    return Actor(server.url, "123456789012", "eu-west-1", Credentials("root", "root"))


@pytest.fixture(scope="module")
def vpc(root: Actor) -> str:
    return root.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


@pytest.fixture
def group(root: Actor, vpc: str) -> str:
    """Return a new group, with the default egress rule and nothing else."""
    return root.ec2.create_security_group(
        GroupName=f"group-{next(_numbers)}", Description="A group", VpcId=vpc
    )["GroupId"]


@pytest.fixture
def instance(root: Actor, vpc: str, group: str) -> str:
    """Return a new instance in the group."""
    number = next(_numbers)
    subnet = root.ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]
    return root.ec2.run_instances(
        ImageId="ami-1",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet["SubnetId"],
        SecurityGroupIds=[group],
    )["Instances"][0]["InstanceId"]


class Last:
    """The record that was written last."""

    def __init__(self, server: AwsServer) -> None:
        self._server = server

    def __getitem__(self, key: str) -> Any:
        return self._server.trail.records[-1][key]

    def __contains__(self, key: str) -> bool:
        return key in self._server.trail.records[-1]

    @property
    def count(self) -> int:
        return len(self._server.trail.records)


@pytest.fixture
def last(server: AwsServer) -> Last:
    return Last(server)
