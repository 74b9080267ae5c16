"""The world's security groups as the page shows them: read from AWS, never from the bot."""

from typing import TYPE_CHECKING, Any

from sandbox.aws.world import World

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import SecurityGroupRuleTypeDef

WORLD = ("0.0.0.0/0", "::/0")


def groups_of(world: World) -> list[dict[str, Any]]:
    """Return every group of the production account with its rules, as one line of JSON each."""
    ec2 = world.as_root().ec2
    rules: dict[str, list[dict[str, Any]]] = {}
    for rule in ec2.describe_security_group_rules()["SecurityGroupRules"]:
        rules.setdefault(rule["GroupId"], []).append(_shown(rule))
    return [
        {
            "id": group["GroupId"],
            "name": group["GroupName"],
            "rules": rules.get(group["GroupId"], []),
        }
        for group in ec2.describe_security_groups()["SecurityGroups"]
        if group["GroupName"] != "default"
    ]


def _shown(rule: "SecurityGroupRuleTypeDef") -> dict[str, Any]:
    peer = (
        rule.get("CidrIpv4")
        or rule.get("CidrIpv6")
        or rule.get("PrefixListId")
        or rule.get("ReferencedGroupInfo", {}).get("GroupId", "")
    )
    everything = rule["IpProtocol"] == "-1"
    first, last = rule.get("FromPort"), rule.get("ToPort")
    ports = "all" if everything else str(first) if first == last else f"{first}-{last}"
    return {
        "direction": "egress" if rule["IsEgress"] else "ingress",
        "protocol": "all" if everything else rule["IpProtocol"],
        "ports": ports,
        "peer": peer,
        "rule_id": rule["SecurityGroupRuleId"],
        "world": peer in WORLD,
    }
