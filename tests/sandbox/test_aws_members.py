"""Mended membership: moving between groups leaves the old one, and groups in use are kept."""

from typing import Any

import pytest

from sandbox.aws.actors import Actor
from tests.sandbox.refusals import refused

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def the_instance(root: Actor, instance: str) -> Any:
    answer = root.ec2.describe_instances(InstanceIds=[instance])
    return answer["Reservations"][0]["Instances"][0]


def groups_of(described: Any, key: str = "SecurityGroups") -> list[str]:
    return [group["GroupId"] for group in described[key]]


@pytest.fixture
def other(root: Actor, vpc: str, group: str) -> str:
    answer = root.ec2.create_security_group(
        GroupName=f"other-{group}", Description="Another group", VpcId=vpc
    )
    return answer["GroupId"]


def test_a_moved_instance_leaves_its_old_group(
    root: Actor, group: str, other: str, instance: str
) -> None:
    assert groups_of(the_instance(root, instance)) == [group]
    root.ec2.modify_instance_attribute(InstanceId=instance, Groups=[other])
    described = the_instance(root, instance)
    assert groups_of(described) == [other]
    assert groups_of(described["NetworkInterfaces"][0], "Groups") == [other]


def test_a_moved_interface_takes_its_instance_along(
    root: Actor, group: str, other: str, instance: str
) -> None:
    interface = the_instance(root, instance)["NetworkInterfaces"][0]["NetworkInterfaceId"]
    root.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=[other])
    (described,) = root.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])[
        "NetworkInterfaces"
    ]
    assert groups_of(described, "Groups") == [other]
    assert groups_of(the_instance(root, instance)) == [other]


def test_a_second_interface_keeps_groups_of_its_own(
    root: Actor, group: str, other: str, instance: str
) -> None:
    subnet = the_instance(root, instance)["SubnetId"]
    second = root.ec2.create_network_interface(SubnetId=subnet, Groups=[other])
    interface = second["NetworkInterface"]["NetworkInterfaceId"]
    root.ec2.attach_network_interface(
        NetworkInterfaceId=interface, InstanceId=instance, DeviceIndex=1
    )
    (described,) = root.ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])[
        "NetworkInterfaces"
    ]
    assert groups_of(described, "Groups") == [other]
    assert groups_of(the_instance(root, instance)) == [group]


def test_interfaces_are_found_by_the_group_that_they_are_in_now(
    root: Actor, group: str, other: str, instance: str
) -> None:
    root.ec2.modify_instance_attribute(InstanceId=instance, Groups=[other])

    def behind(one: str) -> int:
        filters: Any = [{"Name": "group-id", "Values": [one]}]
        return len(root.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"])

    assert (behind(group), behind(other)) == (0, 1)


def test_nothing_moves_into_a_group_that_does_not_exist(
    root: Actor, group: str, instance: str
) -> None:
    nowhere = "sg-00000000000000000"
    interface = the_instance(root, instance)["NetworkInterfaces"][0]["NetworkInterfaceId"]
    for call, named in (
        (root.ec2.modify_instance_attribute, {"InstanceId": instance}),
        (root.ec2.modify_network_interface_attribute, {"NetworkInterfaceId": interface}),
    ):
        assert refused(call, Groups=[nowhere], **named) == "InvalidGroup.NotFound"
    assert groups_of(the_instance(root, instance)) == [group]


def test_a_group_with_an_instance_is_kept_until_that_is_gone(
    root: Actor, group: str, instance: str
) -> None:
    assert refused(root.ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    root.ec2.terminate_instances(InstanceIds=[instance])
    assert root.ec2.delete_security_group(GroupId=group)["GroupId"] == group
    assert refused(root.ec2.delete_security_group, GroupId=group) == "InvalidGroup.NotFound"


def test_a_group_that_another_ones_rule_names_is_kept(root: Actor, group: str, other: str) -> None:
    rule: Any = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    root.ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    assert refused(root.ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    root.ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[rule])
    root.ec2.delete_security_group(GroupId=group)


def test_a_group_that_only_its_own_rule_names_may_go(root: Actor, group: str) -> None:
    rule: Any = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    root.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    root.ec2.delete_security_group(GroupId=group)


def test_a_group_with_a_database_is_kept(root: Actor, group: str) -> None:
    root.rds.create_db_instance(
        DBInstanceIdentifier="kept",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="someone",
        MasterUserPassword="not-a-real-password",
        VpcSecurityGroupIds=[group],
    )
    assert refused(root.ec2.delete_security_group, GroupId=group) == "DependencyViolation"


def test_a_default_group_is_kept(root: Actor, vpc: str) -> None:
    groups = root.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    (default,) = (g["GroupId"] for g in groups["SecurityGroups"] if g["GroupName"] == "default")
    assert refused(root.ec2.delete_security_group, GroupId=default) == "CannotDelete"


def test_a_vpc_still_goes_with_its_default_group(root: Actor) -> None:
    vpc = root.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    root.ec2.delete_vpc(VpcId=vpc)
    groups = root.ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    assert groups["SecurityGroups"] == []


def test_a_new_group_answers_with_its_tags(root: Actor, vpc: str) -> None:
    answer = root.ec2.create_security_group(
        GroupName="tagged",
        Description="Tagged",
        VpcId=vpc,
        TagSpecifications=[
            {"ResourceType": "security-group", "Tags": [{"Key": "Owner", "Value": "data"}]}
        ],
    )
    assert answer["Tags"] == [{"Key": "Owner", "Value": "data"}]


def test_awss_own_policies_exist(root: Actor) -> None:
    root.iam.create_user(UserName="admin")
    root.iam.attach_user_policy(UserName="admin", PolicyArn=ADMINISTRATOR)
    attached = root.iam.list_attached_user_policies(UserName="admin")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [ADMINISTRATOR]
