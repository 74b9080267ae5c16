"""Network ACLs: the one without entries in a VPC, and the one that a subnet uses."""

from typing import TYPE_CHECKING

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.containment.isolation import OURS
from bot.containment.states import Look, QuarantineAcl, Value

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef, NetworkAclTypeDef


def read_quarantine_acl(sessions: Sessions, look: Look) -> QuarantineAcl:
    """Return the VPC's network ACL that is ours and lets nothing through. Raises AwsError."""
    ours = _acls(
        sessions,
        look,
        [
            {"Name": "vpc-id", "Values": [look.id]},
            {"Name": f"tag:{OURS}", "Values": [look.id]},
        ],
    )
    shut = (acl["NetworkAclId"] for acl in ours if _lets_nothing_through(acl))
    return QuarantineAcl(next(shut, ""))


def read_subnet_acl(sessions: Sessions, look: Look) -> Value:
    """Return the subnet's network ACL; the handle is its association. Raises AwsError."""
    acls = _acls(sessions, look, [{"Name": "association.subnet-id", "Values": [look.id]}])
    for acl in acls:
        for association in acl["Associations"]:
            if association.get("SubnetId") == look.id:
                return Value(acl["NetworkAclId"], association["NetworkAclAssociationId"])
    return Value("")


def _acls(
    sessions: Sessions, look: Look, filters: "list[FilterTypeDef]"
) -> "list[NetworkAclTypeDef]":
    client = sessions.reading(look.account, look.region)
    with telling(f"read the network ACLs of {look.id} in {look.account}/{look.region}"):
        return client.describe_network_acls(Filters=filters)["NetworkAcls"]


def _lets_nothing_through(acl: "NetworkAclTypeDef") -> bool:
    return all(entry.get("RuleAction") == "deny" for entry in acl["Entries"])
