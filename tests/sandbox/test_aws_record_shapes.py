"""The shapes of EC2's records: requests and answers as CloudTrail writes them."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.aws.actors import Actor
from tests.sandbox.conftest import Last


def test_permissions_nest_and_show_empty_lists(root: Actor, group: str, last: Last) -> None:
    answer = root.ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "10.0.0.9/8", "Description": "inside"}],
                "UserIdGroupPairs": [{"GroupId": group}],
            },
            {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        ],
    )
    assert last["requestParameters"] == {
        "groupId": group,
        "ipPermissions": {
            "items": [
                {
                    "ipProtocol": "tcp",
                    "fromPort": 22,
                    "toPort": 22,
                    "groups": {"items": [{"groupId": group}]},
                    "ipRanges": {"items": [{"cidrIp": "10.0.0.9/8", "description": "inside"}]},
                    "ipv6Ranges": {},
                    "prefixListIds": {},
                },
                {
                    "ipProtocol": "-1",
                    "groups": {},
                    "ipRanges": {},
                    "ipv6Ranges": {"items": [{"cidrIpv6": "::/0"}]},
                    "prefixListIds": {},
                },
            ]
        },
    }
    common = {"groupOwnerId": "123456789012", "groupId": group, "isEgress": False}
    ids = [rule["SecurityGroupRuleId"] for rule in answer["SecurityGroupRules"]]
    ssh = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
    assert last["responseElements"] == {
        "requestId": last["requestID"],
        "_return": True,
        "securityGroupRuleSet": {
            "items": [
                {
                    **common,
                    **ssh,
                    "securityGroupRuleId": ids[0],
                    "cidrIpv4": "10.0.0.0/8",
                    "description": "inside",
                },
                {
                    **common,
                    **ssh,
                    "securityGroupRuleId": ids[1],
                    "referencedGroupInfo": {"groupId": group, "userId": "123456789012"},
                },
                {
                    **common,
                    "securityGroupRuleId": ids[2],
                    "ipProtocol": "-1",
                    "fromPort": -1,
                    "toPort": -1,
                    "cidrIpv6": "::/0",
                },
            ]
        },
    }


def test_the_flat_form_stays_flat(root: Actor, group: str, last: Last) -> None:
    flat: Any = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    root.ec2.authorize_security_group_ingress(GroupId=group, **flat)
    expected = {
        "groupId": group,
        "ipPermissions": {},
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "cidrIp": "0.0.0.0/0",
    }
    assert last["requestParameters"] == expected
    root.ec2.revoke_security_group_ingress(GroupId=group, **flat)
    assert last["requestParameters"] == expected


def test_a_revoke_by_id_tells_the_rules_in_its_answer(root: Actor, group: str, last: Last) -> None:
    egress = root.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )["SecurityGroupRules"]
    rule_id = egress[0]["SecurityGroupRuleId"]
    root.ec2.revoke_security_group_egress(GroupId=group, SecurityGroupRuleIds=[rule_id])
    assert last["requestParameters"] == {
        "groupId": group,
        "ipPermissions": {},
        "securityGroupRuleIds": {"items": [{"securityGroupRuleId": rule_id}]},
    }
    (revoked,) = last["responseElements"]["revokedSecurityGroupRuleSet"]["items"]
    assert (revoked["securityGroupRuleId"], revoked["cidrIpv4"]) == (rule_id, "0.0.0.0/0")


def test_a_group_is_created_with_tags_and_deleted(root: Actor, vpc: str, last: Last) -> None:
    tags: Any = [{"Key": "Owner", "Value": "data"}]
    made = root.ec2.create_security_group(
        GroupName="mine",
        Description="Mine",
        VpcId=vpc,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}],
    )["GroupId"]
    shown = [{"key": "Owner", "value": "data"}]
    assert last["requestParameters"] == {
        "groupName": "mine",
        "groupDescription": "Mine",
        "vpcId": vpc,
        "tagSpecificationSet": {"items": [{"resourceType": "security-group", "tags": shown}]},
    }
    answer = last["responseElements"]
    assert (answer["_return"], answer["groupId"]) == (True, made)
    assert answer["tagSet"] == {"items": shown}
    root.ec2.delete_security_group(GroupId=made)
    assert last["requestParameters"] == {"groupId": made}
    assert last["responseElements"]["_return"] is True


def test_an_instance_is_run(root: Actor, instance: str, group: str, last: Last) -> None:
    request, answer = last["requestParameters"], last["responseElements"]
    assert request["instancesSet"] == {
        "items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 1}]
    }
    assert request["groupSet"] == {"items": [{"groupId": group}]}
    (item,) = answer["instancesSet"]["items"]
    assert item["instanceId"] == instance
    assert [g["groupId"] for g in item["groupSet"]["items"]] == [group]
    assert isinstance(item["launchTime"], int)
    (interface,) = item["networkInterfaceSet"]["items"]
    assert interface["privateIpAddressesSet"]["item"][0]["primary"] is True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            {"DisableApiTermination": {"Value": False}},
            {"disableApiTermination": {"value": False}},
            id="an attribute of its own",
        ),
        pytest.param(
            {"UserData": {"Value": b64encode(b"echo")}},
            {"userData": "<sensitiveDataRemoved>"},
            id="user data is left out",
        ),
        pytest.param(
            {"Attribute": "instanceType", "Value": "t3.large"},
            {"attribute": "instanceType", "value": "<sensitiveDataRemoved>"},
            id="attribute and value",
        ),
    ],
)
def test_an_instances_attribute_is_modified(
    root: Actor, instance: str, last: Last, arguments: Any, expected: dict[str, Any]
) -> None:
    root.ec2.modify_instance_attribute(InstanceId=instance, **arguments)
    assert last["requestParameters"] == {"instanceId": instance, **expected}
    assert last["responseElements"] == {"requestId": last["requestID"], "_return": True}


def test_groups_of_instances_and_interfaces(
    root: Actor, instance: str, group: str, last: Last
) -> None:
    groups = {"groupSet": {"items": [{"groupId": group}]}}
    root.ec2.modify_instance_attribute(InstanceId=instance, Groups=[group])
    assert last["requestParameters"] == {"instanceId": instance, **groups}
    described = root.ec2.describe_instances(InstanceIds=[instance])
    interface = described["Reservations"][0]["Instances"][0]["NetworkInterfaces"][0]
    root.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=interface["NetworkInterfaceId"], Groups=[group]
    )
    assert last["requestParameters"] == {
        "networkInterfaceId": interface["NetworkInterfaceId"],
        **groups,
    }
    made = root.ec2.create_network_interface(SubnetId=interface["SubnetId"], Groups=[group])
    request = last["requestParameters"]
    assert request.pop("clientToken")
    assert request == {
        "subnetId": interface["SubnetId"],
        "privateIpAddressesSet": {},
        **groups,
    }
    answer = last["responseElements"]["networkInterface"]
    assert answer["networkInterfaceId"] == made["NetworkInterface"]["NetworkInterfaceId"]
    assert answer["groupSet"]["items"][0]["groupId"] == group


def test_tags_and_network_acls(root: Actor, vpc: str, last: Last) -> None:
    root.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "a", "Value": "b"}])
    assert last["requestParameters"] == {
        "resourcesSet": {"items": [{"resourceId": vpc}]},
        "tagSet": {"items": [{"key": "a", "value": "b"}]},
    }
    acl = root.ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    root.ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=12,
        Protocol="6",
        RuleAction="allow",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 700, "To": 702},
    )
    assert last["requestParameters"] == {
        "networkAclId": acl,
        "ruleNumber": 12,
        "aclProtocol": "6",
        "ruleAction": "allow",
        "egress": False,
        "cidrBlock": "0.0.0.0/0",
        "portRange": {"from": 700, "to": 702},
        "icmpTypeCode": {},
    }
