"""Probes: whether a role may make the calls that reading needs, told by making each for nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.aws.errors import DENIED, AwsError, telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.history import home_region

NOBODY = "sgwatch-doctor-asks-for-nobody"
"""No user and no role: who may ask is told that there is none."""

Probe = Callable[[Sessions, str], object]


def _of_ec2(method: str) -> Probe:
    """Return a dry run: EC2 says whether it would have answered."""

    def probe(sessions: Sessions, account: str) -> object:
        client = sessions.reading(account, sessions.region)
        return getattr(client, method)(DryRun=True)

    return probe


def _history(sessions: Sessions, account: str) -> object:
    now = datetime.now(UTC)
    return sessions.history(account, sessions.region).lookup_events(
        StartTime=now - timedelta(minutes=1), EndTime=now, MaxResults=1
    )


def _databases(sessions: Sessions, account: str) -> object:
    return sessions.databases(account, sessions.region).describe_db_instances(MaxRecords=20)


def _balancers(sessions: Sessions, account: str) -> object:
    client = sessions.service("elbv2", account, sessions.region)
    return client.describe_load_balancers(PageSize=1)


def _keys(sessions: Sessions, account: str) -> object:
    client = sessions.identities(account, home_region(sessions.region))
    return client.list_access_keys(UserName=NOBODY)


def _role(sessions: Sessions, account: str) -> object:
    client = sessions.identities(account, home_region(sessions.region))
    return client.get_role(RoleName=NOBODY)


PROBES: Mapping[str, Probe] = {
    "ec2:DescribeSecurityGroups": _of_ec2("describe_security_groups"),
    "ec2:DescribeSecurityGroupRules": _of_ec2("describe_security_group_rules"),
    "ec2:DescribeNetworkInterfaces": _of_ec2("describe_network_interfaces"),
    "ec2:DescribeInstances": _of_ec2("describe_instances"),
    "ec2:DescribeRouteTables": _of_ec2("describe_route_tables"),
    "ec2:DescribeNetworkAcls": _of_ec2("describe_network_acls"),
    "ec2:DescribeSubnets": _of_ec2("describe_subnets"),
    "ec2:DescribeRegions": _of_ec2("describe_regions"),
    "rds:DescribeDBInstances": _databases,
    "elasticloadbalancing:DescribeLoadBalancers": _balancers,
    "iam:ListAccessKeys": _keys,
    "iam:GetRole": _role,
    "cloudtrail:LookupEvents": _history,
}
"""A call for each permission, which changes nothing and asks for as little as can be."""


def lacking(sessions: Sessions, account: str) -> tuple[str, ...]:
    """Return the permissions that an account does not give. Raises AwsError where it cannot be
    entered, or gives no answer.
    """
    found = []
    for permission, probe in PROBES.items():
        try:
            with telling(f"try {permission} in {account}"):
                probe(sessions, account)
        except AwsError as error:
            if error.retry or error.code == "OtherAccount":
                raise
            if error.code in DENIED:
                found.append(permission)
    return tuple(found)
