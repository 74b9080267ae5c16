"""What an interface belongs to, by what AWS's services write on it."""

import pytest

from bot.aws.network import Instance, Interface
from bot.investigation.resources import counted, resources_of

WEB = Instance("i-1", "running", "web")


def managed(description: str, kind: str = "interface", **tags: str) -> Interface:
    named = {key.replace("_", ":"): value for key, value in tags.items()}
    return Interface("eni-1", "s", "v", kind, description, managed=True, tags=named)


def attached(number: int) -> Interface:
    return Interface(f"eni-{number}", "s", "v", instance=f"i-{number}")


@pytest.mark.parametrize(
    ("interface", "kind", "name"),
    [
        pytest.param(attached(1), "instance", "web", id="an instance by its name"),
        pytest.param(attached(2), "instance", "i-2", id="an instance that is not known"),
        pytest.param(managed("ELB app/front/50dc"), "load balancer", "front", id="ALB"),
        pytest.param(
            managed("ELB net/front/50dc", "network_load_balancer"),
            "load balancer",
            "front",
            id="NLB",
        ),
        pytest.param(managed("ELB old-front"), "load balancer", "old-front", id="classic"),
        pytest.param(managed("RDSNetworkInterface"), "database", "", id="RDS"),
        pytest.param(
            managed("AWS Lambda VPC ENI-orders-a1b2c3d4-0000-1111-2222-a1b2c3d4e5f6", "lambda"),
            "Lambda function",
            "orders",
            id="Lambda",
        ),
        pytest.param(
            managed("arn:aws:ecs:eu-west-1:1:attachment/9", aws_ecs_serviceName="api"),
            "ECS task",
            "api",
            id="ECS, where it tags its tasks",
        ),
        pytest.param(
            managed("arn:aws:ecs:eu-west-1:1:attachment/9"), "ECS task", "", id="ECS without tags"
        ),
        pytest.param(managed("Amazon EKS main"), "EKS control plane", "main", id="EKS"),
        pytest.param(
            managed("EFS mount target for fs-1 (fsmt-1)"), "file system", "fs-1", id="EFS"
        ),
        pytest.param(
            managed("ElastiCache sessions-001"), "cache", "sessions-001", id="ElastiCache"
        ),
        pytest.param(
            managed("VPC Endpoint Interface vpce-1", "vpc_endpoint"),
            "VPC endpoint",
            "vpce-1",
            id="VPC endpoint",
        ),
        pytest.param(managed("something new"), "interface of AWS", "eni-1", id="a new service"),
        pytest.param(
            Interface("eni-1", "s", "v", description="ELB app/front/50dc"),
            "interface",
            "eni-1",
            id="a person's own, who may describe it so",
        ),
    ],
)
def test_kinds(interface: Interface, kind: str, name: str) -> None:
    (found,) = resources_of([interface], [WEB])
    assert (found.kind, found.name) == (kind, name)


def test_a_load_balancer_of_many_interfaces_is_one() -> None:
    found = resources_of([managed("ELB app/front/50dc")] * 3)
    assert counted(found) == "1 load balancer"


def test_instances_of_one_name_are_several() -> None:
    twins = [WEB, Instance("i-2", "running", "web")]
    assert counted(resources_of([attached(1), attached(2)], twins)) == "2 instances"
