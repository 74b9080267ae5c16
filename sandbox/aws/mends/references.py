"""References: which groups name a group or a prefix list, in the same VPC and in peered ones."""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidSecurityGroupNotFoundError
from moto.ec2.models.security_groups import SecurityGroup
from moto.ec2.responses.security_groups import SecurityGroups

from sandbox.aws.patches import Patches


def mend_references(patches: Patches) -> None:
    """Answer DescribeSecurityGroupReferences, and find groups by the lists that they name."""
    patches.add(
        SecurityGroups, "describe_security_group_references", _describe_security_group_references
    )
    patches.replace(SecurityGroup, "filter_ip_permission__prefix_list_id", _lets_list_in)
    patches.replace(SecurityGroup, "filter_egress__ip_permission__prefix_list_id", _lets_list_out)


def _describe_security_group_references(self: Any) -> Any:
    """Tell the peered VPCs in which a group's rules name one of the groups."""
    self.error_on_dryrun()
    found = []
    for group_id in self.params.get("GroupId", []):
        group = self.ec2_backend.get_security_group_from_id(group_id)
        if not group:
            raise InvalidSecurityGroupNotFoundError(group_id)
        found += [
            {"GroupId": group_id, "ReferencingVpcId": vpc, "VpcPeeringConnectionId": peering}
            for peering, vpc in _naming(group)
        ]
    return ActionResult({"SecurityGroupReferenceSet": found})


def _naming(group: Any) -> Iterator[tuple[str, str]]:
    for peering in group.ec2_backend.vpc_pcxs.values():
        sides = (peering.vpc, peering.peer_vpc)
        if peering.status["Code"] != "active" or group.vpc_id not in {vpc.id for vpc in sides}:
            continue
        for vpc in (vpc for vpc in sides if vpc.id != group.vpc_id):
            others = vpc.ec2_backend.groups[vpc.id].values()
            if any(_names(other, group.id) for other in others):
                yield peering.id, vpc.id


def _names(other: Any, group_id: str) -> bool:
    rules = other.ingress_rules + other.egress_rules
    return any(rule.source_group.get("GroupId") == group_id for rule in rules)


def _lets_list_in(self: Any, values: list[Any]) -> bool:
    return any(rule.prefix_list_id in values for rule in self.ingress_rules)


def _lets_list_out(self: Any, values: list[Any]) -> bool:
    return any(rule.prefix_list_id in values for rule in self.egress_rules)
