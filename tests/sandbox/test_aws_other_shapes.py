"""The shapes of other records: EC2's newer calls, which are wrapped, IAM's and RDS's."""

import re
from typing import Any

from sandbox.aws.actors import Actor
from tests.sandbox.conftest import Last
from tests.sandbox.refusals import refused


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
    refused(root.ec2.create_flow_logs, ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL")
    request = last["requestParameters"]["CreateFlowLogsRequest"]
    assert request["ResourceId"] == {"tag": 1, "content": vpc}


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
