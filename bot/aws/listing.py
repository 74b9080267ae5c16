"""Listing: all security groups of an account and region with their rules, page by page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.aws.errors import telling
from bot.aws.network import tags_of
from bot.aws.sessions import Sessions
from bot.changes.change import GroupRef
from bot.changes.permissions import RuleFormError, rule_from_description
from bot.changes.rules import GroupRule
from bot.cloudtrail.text import printable

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import SecurityGroupTypeDef

GROUPS = 200
"""Groups in one page: as many as a filter of DescribeSecurityGroupRules takes."""

RULES = 1000
TEXT = 255
TOKEN_GONE = frozenset({"InvalidNextToken", "InvalidPaginationToken"})
"""What AWS answers where a page is asked for too long after the one before."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A group and its rules; ``unreadable`` is why its rules could not be read."""

    group: GroupRef
    rules: tuple[GroupRule, ...]
    tags: tuple[tuple[str, str], ...] = ()
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of groups, what asks for the next, and how many calls were made."""

    groups: tuple[Listed, ...]
    token: str
    calls: int


@dataclass(frozen=True, slots=True)
class GroupLister:
    """Lists groups. Every method raises AwsError."""

    sessions: Sessions

    def enter(self, account: str) -> None:
        """See that an account can be entered."""
        self.sessions.reading(account, self.sessions.region)

    def regions(self, account: str) -> list[str]:
        """Return the regions that are enabled in an account."""
        client = self.sessions.reading(account, self.sessions.region)
        with telling(f"list the regions of {account}"):
            answer = client.describe_regions(AllRegions=False)
        return sorted(region["RegionName"] for region in answer["Regions"])

    def page(self, account: str, region: str, token: str = "") -> Listing:
        """Return a page of the groups that the account owns: two calls, or more for many rules."""
        client = self.sessions.reading(account, region)
        more: dict[str, Any] = {"NextToken": token} if token else {}
        with telling(f"list the groups of {account}/{region}"):
            answer = client.describe_security_groups(MaxResults=GROUPS, **more)
        return _with_rules(client, account, answer)

    def some(self, account: str, region: str, ids: Collection[str]) -> Listing:
        """Return the groups of these ids that are there, at most as many as are in a page."""
        client = self.sessions.reading(account, region)
        with telling(f"read groups of {account}/{region}"):
            answer = client.describe_security_groups(
                Filters=[{"Name": "group-id", "Values": list(ids)}]
            )
        return _with_rules(client, account, answer)


def _with_rules(client: "EC2Client", account: str, answer: Any) -> Listing:
    # A group that another account shares is listed too; that account tells of it.
    owned = [g for g in answer["SecurityGroups"] if g.get("OwnerId", account) == account]
    if not owned:
        return Listing((), answer.get("NextToken", ""), 1)
    described: dict[str, list[Any]] = defaultdict(list)
    ids, calls, more = [group["GroupId"] for group in owned], 1, ""
    while more or calls == 1:
        further: dict[str, Any] = {"NextToken": more} if more else {}
        with telling(f"read the rules of groups in {account}"):
            page = client.describe_security_group_rules(
                Filters=[{"Name": "group-id", "Values": ids}], MaxResults=RULES, **further
            )
        calls += 1
        for rule in page["SecurityGroupRules"]:
            described[rule["GroupId"]].append(rule)
        more = page.get("NextToken", "")
    found = tuple(_listed(group, described[group["GroupId"]]) for group in owned)
    return Listing(found, answer.get("NextToken", ""), calls)


def _listed(group: "SecurityGroupTypeDef", described: list[Any]) -> Listed:
    name, vpc = printable(group.get("GroupName", ""), TEXT), group.get("VpcId", "")
    ref = GroupRef(group["GroupId"], name, vpc)
    tags = tuple(
        (printable(k, TEXT), printable(v, TEXT)) for k, v in tags_of(group.get("Tags", ())).items()
    )
    try:
        rules = tuple(rule_from_description(rule) for rule in described)
    except RuleFormError as error:
        return Listed(ref, (), tags, str(error))
    return Listed(ref, rules, tags)
