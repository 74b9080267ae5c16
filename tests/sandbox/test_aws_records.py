"""Records: each call that changes something leaves the record that CloudTrail would write."""

import re
import uuid
from base64 import b64encode
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


@pytest.fixture(scope="module")
def world(server: AwsServer) -> World:
    return build_world(server.url)


@pytest.fixture
def last(server: AwsServer) -> "Last":
    return Last(server)


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


def code_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return error.value.response["Error"]["Code"]


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


def test_newer_calls_are_wrapped(root: Actor, group: str, last: Last) -> None:
    permissions: Any = [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": cidr}]}
        for cidr in ("10.0.0.0/8", "10.0.0.0/9")
    ]
    answer = root.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)
    rules = [rule["SecurityGroupRuleId"] for rule in answer["SecurityGroupRules"]]
    updates: Any = [
        {
            "SecurityGroupRuleId": rule,
            "SecurityGroupRule": {"IpProtocol": "-1", "CidrIpv4": cidr, "Description": "123"},
        }
        for rule, cidr in zip(rules, ("0.0.0.0/0", "1.0.0.0/8"), strict=True)
    ]
    root.ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=updates[:1])
    one = {
        "SecurityGroupRuleId": rules[0],
        "SecurityGroupRule": {"IpProtocol": -1, "CidrIpv4": "0.0.0.0/0", "Description": 123},
        "tag": 1,
    }
    wrapped = {"GroupId": group, "SecurityGroupRule": one}
    assert last["requestParameters"] == {"ModifySecurityGroupRulesRequest": wrapped}
    shown = last["responseElements"]["ModifySecurityGroupRulesResponse"]
    assert (shown["return"], shown["requestId"]) == (True, last["requestID"])
    assert shown["xmlns"].startswith("http://ec2.amazonaws.com/doc/")
    root.ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=updates)
    several = last["requestParameters"]["ModifySecurityGroupRulesRequest"]["SecurityGroupRule"]
    assert [entry["tag"] for entry in several] == [1, 2]


def test_descriptions_updated_by_shape_are_wrapped(root: Actor, group: str, last: Last) -> None:
    permission: Any = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    root.ec2.update_security_group_rule_descriptions_egress(
        GroupId=group, IpPermissions=[permission]
    )
    assert last["requestParameters"] == {
        "UpdateSecurityGroupRuleDescriptionsEgressRequest": {
            "GroupId": group,
            "IpPermissions": {
                "IpProtocol": -1,
                "IpRanges": {"CidrIp": "0.0.0.0/0", "tag": 1},
                "tag": 1,
            },
        }
    }


def test_lists_of_plain_values_are_wrapped_as_content(root: Actor, vpc: str, last: Last) -> None:
    code_of(root.ec2.create_flow_logs, ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL")
    request = last["requestParameters"]["CreateFlowLogsRequest"]
    assert request["ResourceId"] == {"tag": 1, "content": vpc}


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


def test_iams_records(root: Actor, last: Last) -> None:
    root.iam.create_user(UserName="newcomer", Tags=[{"Key": "a", "Value": "b"}])
    assert last["requestParameters"] == {
        "userName": "newcomer",
        "tags": [{"key": "a", "value": "b"}],
    }
    assert last["responseElements"]["user"]["arn"].endswith(":user/newcomer")
    assert re.fullmatch(
        r"[A-Z][a-z]{2} \d{1,2}, \d{4}, \d\d:\d\d:\d\d [AP]M",
        last["responseElements"]["user"]["createDate"],
    )
    assert last["awsRegion"] == "us-east-1"
    root.iam.create_access_key(UserName="newcomer")
    assert "accessKeyId" in last["responseElements"]["accessKey"]
    assert "secretAccessKey" not in last["responseElements"]["accessKey"]
    arn = "arn:aws:iam::aws:policy/AdministratorAccess"
    root.iam.attach_user_policy(UserName="newcomer", PolicyArn=arn)
    assert last["requestParameters"] == {"userName": "newcomer", "policyArn": arn}
    assert last["responseElements"] is None


def test_rdss_records(root: Actor, last: Last) -> None:
    root.rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="someone",
        MasterUserPassword="not-a-real-password",
    )
    root.rds.modify_db_instance(
        DBInstanceIdentifier="db", PubliclyAccessible=True, MasterUserPassword="neither-this-one"
    )
    assert last["requestParameters"] == {
        "dBInstanceIdentifier": "db",
        "publiclyAccessible": True,
        "masterUserPassword": "HIDDEN_DUE_TO_SECURITY_REASONS",
    }
    assert last["responseElements"]["dBInstanceIdentifier"] == "db"
    assert isinstance(last["responseElements"]["vpcSecurityGroups"], list)


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
