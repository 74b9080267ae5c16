"""The reader: security groups as they are in AWS now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.aws.errors import AwsError, telling
from bot.aws.network import Described, tags_of
from bot.aws.sessions import Sessions
from bot.changes.permissions import RuleFormError, rule_from_description
from bot.changes.rules import GroupRule
from bot.cloudtrail.text import printable
from bot.containment.states import GroupState

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import SecurityGroupTypeDef

GONE = "InvalidGroup.NotFound"
MOST_REFERRING = 200
LONGEST = 255
"""Characters of a group's name or description: EC2's limit."""


@dataclass(frozen=True, slots=True)
class GroupReader:
    """Reads groups. Every method raises AwsError."""

    sessions: Sessions

    def read_group(self, account: str, region: str, group_id: str) -> GroupState:
        """Return the group's rules; a group that is gone has none, not even an empty list."""
        rules = self._rules(account, region, group_id)
        there = bool(rules) or self._exists(account, region, group_id)
        return GroupState(account, region, group_id, rules if there else None)

    def describe(self, account: str, region: str, group_id: str) -> Described | None:
        """Return a group without its rules; None where it is gone: one call."""
        client = self.sessions.reading(account, region)
        try:
            with telling(f"read {group_id} in {account}/{region}"):
                answer = client.describe_security_groups(GroupIds=[group_id])
        except AwsError as error:
            if error.code != GONE:
                raise
            return None
        return _described(answer["SecurityGroups"][0])

    def referring(self, account: str, region: str, peer: str) -> tuple[Described, ...]:
        """Return the groups whose rules name a group or prefix list: two calls.

        A group's own rules that name it are not told. A rule in another VPC is found too, if its
        group is in the same account and region.
        """
        what = "prefix-list-id" if peer.startswith("pl-") else "group-id"
        client = self.sessions.reading(account, region)
        found: dict[str, Described] = {}
        for way in ("", "egress."):
            with telling(f"look for groups that name {peer} in {account}/{region}"):
                answer = client.describe_security_groups(
                    Filters=[{"Name": f"{way}ip-permission.{what}", "Values": [peer]}],
                    MaxResults=MOST_REFERRING,
                )
            found |= {g["GroupId"]: _described(g) for g in answer["SecurityGroups"]}
        return tuple(group for group in found.values() if group.id != peer)

    def referring_networks(self, account: str, region: str, group_id: str) -> tuple[str, ...]:
        """Return the VPCs whose groups name a group through a peering or a transit gateway."""
        client = self.sessions.reading(account, region)
        with telling(f"look for VPCs that name {group_id} in {account}/{region}"):
            answer = client.describe_security_group_references(GroupId=[group_id])
        found = (r.get("ReferencingVpcId", "") for r in answer["SecurityGroupReferenceSet"])
        return tuple(dict.fromkeys(filter(None, found)))

    def group_names(self, account: str, region: str, ids: Sequence[str]) -> dict[str, str]:
        """Return the names of groups by id; those that are gone are missing."""
        client = self.sessions.reading(account, region)
        with telling(f"read the names of groups in {account}/{region}"):
            pages = client.get_paginator("describe_security_groups").paginate(
                Filters=[{"Name": "group-id", "Values": list(ids)}]
            )
            return {
                group["GroupId"]: group["GroupName"] for p in pages for group in p["SecurityGroups"]
            }

    def resolve_name(self, account: str, region: str, name: str, vpc: str = "") -> str:
        """Return the id of the one group of this name, or nothing if there are none or several."""
        filters = {"group-name": name} | ({"vpc-id": vpc} if vpc else {})
        client = self.sessions.reading(account, region)
        with telling(f"look for the group {name} in {account}/{region}"):
            pages = client.get_paginator("describe_security_groups").paginate(
                Filters=[{"Name": key, "Values": [value]} for key, value in filters.items()]
            )
            found = [group for page in pages for group in page["SecurityGroups"]]
        # In a filter * and ? stand for others, but a group's name may hold them.
        ids = [group["GroupId"] for group in found if group["GroupName"] == name]
        return ids[0] if len(ids) == 1 else ""

    def _rules(self, account: str, region: str, group_id: str) -> tuple[GroupRule, ...]:
        client = self.sessions.reading(account, region)
        try:
            with telling(f"read the rules of {group_id} in {account}/{region}"):
                pages = client.get_paginator("describe_security_group_rules").paginate(
                    Filters=[{"Name": "group-id", "Values": [group_id]}]
                )
                described = [rule for page in pages for rule in page["SecurityGroupRules"]]
        except AwsError as error:
            if error.code != GONE:
                raise
            return ()
        try:
            return tuple(rule_from_description(rule) for rule in described)
        except RuleFormError as error:
            raise AwsError(f"could not read {group_id}: {error}", retry=False) from error

    def _exists(self, account: str, region: str, group_id: str) -> bool:
        client = self.sessions.reading(account, region)
        try:
            with telling(f"look for {group_id} in {account}/{region}"):
                client.describe_security_groups(GroupIds=[group_id])
        except AwsError as error:
            if error.code != GONE:
                raise
            return False
        return True


def _described(group: "SecurityGroupTypeDef") -> Described:
    return Described(
        group["GroupId"],
        printable(group.get("GroupName", ""), LONGEST),
        group.get("VpcId", ""),
        printable(group.get("Description", ""), LONGEST),
        tags_of(group.get("Tags", ())),
    )
