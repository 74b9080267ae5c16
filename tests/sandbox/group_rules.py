"""Group rules for tests of the AWS stand-in: short ways to name, admit and read them."""

from typing import Any

from sandbox.aws.actors import Actor

WORLD = "0.0.0.0/0"


def tcp(port: int, *cidrs: str, **more: Any) -> Any:
    ranges = [{"CidrIp": cidr} for cidr in cidrs]
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": ranges, **more}


def admit(root: Actor, group: str, *permissions: Any) -> list[Any]:
    answer = root.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)
    return list(answer["SecurityGroupRules"])


def ingress(root: Actor, group: str) -> list[Any]:
    answer = root.ec2.describe_security_group_rules(
        Filters=[{"Name": "group-id", "Values": [group]}]
    )
    return [rule for rule in answer["SecurityGroupRules"] if not rule["IsEgress"]]
