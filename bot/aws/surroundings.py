"""The network around a group, read from EC2, RDS and ELB. Every page is bounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.aws.errors import AwsError, telling
from bot.aws.network import (
    AclEntry,
    Balancer,
    Database,
    FlowLog,
    Instance,
    Interface,
    Route,
    tags_of,
)
from bot.aws.sessions import Sessions
from bot.changes.addresses import both, intervals_of
from bot.changes.permissions import WITH_TYPES, protocol_of
from bot.changes.ports import FIRST, LAST
from bot.cloudtrail.text import printable

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import (
        NetworkAclEntryTypeDef,
        NetworkInterfaceTypeDef,
        RouteTypeDef,
    )

MOST_INTERFACES = 1000
PIECES = 4
"""Pages that are asked for at most, until 1,000 interfaces were told."""

MOST_INSTANCES = 100
"""Instances that are looked at by their ids: EC2 takes up to 1,000, a responder reads fewer."""

BALANCER_GONE = "LoadBalancerNotFound"

NAME = 80
DESCRIPTION = 255
GLOBAL_V6 = intervals_of(["2000::/3"], 6)
"""The IPv6 addresses that the internet routes."""

TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "CoreNetworkArn",
)
CLOSED = frozenset({"block-bidirectional", "block-ingress"})


@dataclass(frozen=True, slots=True)
class NetworkReader:
    """Reads what is in groups and around them. Every method raises AwsError."""

    sessions: Sessions

    def interfaces(self, account: str, region: str, groups: Sequence[str]) -> tuple[Interface, ...]:
        """Return the interfaces in any of the groups, the first 1,000 of them: one call.

        EC2 may answer with less than it has, even with nothing: then it is asked on, a few times.
        """
        client = self.sessions.reading(account, region)
        doing, found, token = f"see what is in {groups[0]} in {account}/{region}", [], ""
        for _ in range(PIECES):
            more: dict[str, Any] = {"NextToken": token} if token else {}
            with telling(doing):
                answer = client.describe_network_interfaces(
                    Filters=[{"Name": "group-id", "Values": list(groups)}],
                    MaxResults=MOST_INTERFACES,
                    **more,
                )
            found += answer["NetworkInterfaces"]
            token = answer.get("NextToken", "")
            if not token or len(found) >= MOST_INTERFACES:
                return tuple(map(interface_of, found[:MOST_INTERFACES]))
        raise AwsError(f"could not {doing}: EC2 answers in too many pieces", retry=False)

    def instances(self, account: str, region: str, ids: Sequence[str]) -> tuple[Instance, ...]:
        """Return the first 100 of the instances; those that are gone are missing: one call."""
        client = self.sessions.reading(account, region)
        with telling(f"read the instances in {account}/{region}"):
            answer = client.describe_instances(
                Filters=[{"Name": "instance-id", "Values": list(ids[:MOST_INSTANCES])}]
            )
        return tuple(
            Instance(
                found["InstanceId"],
                found["State"]["Name"],
                printable(tags_of(found.get("Tags", ())).get("Name", ""), NAME),
            )
            for reservation in answer["Reservations"]
            for found in reservation["Instances"]
        )

    def routes(
        self, account: str, region: str, vpc: str, subnets: Sequence[str]
    ) -> dict[str, tuple[Route, ...]]:
        """Return each subnet's routes, which may be those of the VPC's main table: two calls."""
        client = self.sessions.reading(account, region)
        with telling(f"read the route tables of {vpc} in {account}/{region}"):
            answer = client.describe_route_tables(
                Filters=[{"Name": "association.subnet-id", "Values": list(subnets)}]
            )
            found = {
                association["SubnetId"]: _routes(table["Routes"])
                for table in answer["RouteTables"]
                for association in table["Associations"]
                if association.get("SubnetId") in subnets
            }
            left = [subnet for subnet in subnets if subnet not in found]
            if not left:
                return found
            answer = client.describe_route_tables(
                Filters=[
                    {"Name": "vpc-id", "Values": [vpc]},
                    {"Name": "association.main", "Values": ["true"]},
                ]
            )
        main = [_routes(table["Routes"]) for table in answer["RouteTables"]]
        return found | dict.fromkeys(left, main[0]) if main else found

    def acls(
        self, account: str, region: str, subnets: Sequence[str]
    ) -> dict[str, tuple[AclEntry, ...]]:
        """Return each subnet's network ACL: one call."""
        client = self.sessions.reading(account, region)
        with telling(f"read the network ACLs in {account}/{region}"):
            answer = client.describe_network_acls(
                Filters=[{"Name": "association.subnet-id", "Values": list(subnets)}]
            )
        return {
            association["SubnetId"]: tuple(map(_entry, acl["Entries"]))
            for acl in answer["NetworkAcls"]
            for association in acl["Associations"]
            if association.get("SubnetId") in subnets
        }

    def flow_logs(self, account: str, region: str, vpc: str) -> tuple[FlowLog, ...]:
        """Return the flow logs of a VPC as a whole that are at work: one call."""
        client = self.sessions.reading(account, region)
        with telling(f"look for flow logs of {vpc} in {account}/{region}"):
            answer = client.describe_flow_logs(Filters=[{"Name": "resource-id", "Values": [vpc]}])
        return tuple(
            FlowLog(log.get("LogGroupName", ""), log.get("LogDestination", ""))
            for log in answer["FlowLogs"]
            if log.get("FlowLogStatus", "ACTIVE") == "ACTIVE"
        )

    def blocked(self, account: str, region: str, subnets: Sequence[str]) -> dict[str, bool]:
        """Return of each subnet whether Block Public Access keeps the internet out: one call."""
        client = self.sessions.reading(account, region)
        with telling(f"read the subnets in {account}/{region}"):
            answer = client.describe_subnets(
                Filters=[{"Name": "subnet-id", "Values": list(subnets)}]
            )
        return {
            subnet["SubnetId"]: subnet.get("BlockPublicAccessStates", {}).get(
                "InternetGatewayBlockMode"
            )
            in CLOSED
            for subnet in answer["Subnets"]
        }

    def databases(self, account: str, region: str) -> tuple[Database, ...]:
        """Return the first 100 RDS instances and their groups: one call."""
        client = self.sessions.databases(account, region)
        with telling(f"read the databases in {account}/{region}"):
            answer = client.describe_db_instances(MaxRecords=100)
        return tuple(
            Database(
                found["DBInstanceIdentifier"],
                tuple(g["VpcSecurityGroupId"] for g in found.get("VpcSecurityGroups", ())),
                found.get("PubliclyAccessible", False),
            )
            for found in answer["DBInstances"]
        )

    def balancers(self, account: str, region: str, names: Sequence[str]) -> tuple[Balancer, ...]:
        """Return up to 20 load balancers, none if one of them is gone: one call."""
        client = self.sessions.service("elbv2", account, region)
        try:
            with telling(f"read the load balancers in {account}/{region}"):
                answer = client.describe_load_balancers(Names=list(names))
        except AwsError as error:
            if error.code != BALANCER_GONE:
                raise
            return ()
        return tuple(
            Balancer(found.get("LoadBalancerName", ""), found.get("Scheme", ""))
            for found in answer["LoadBalancers"]
        )


def interface_of(found: "NetworkInterfaceTypeDef") -> Interface:
    """Return an interface as EC2 describes it."""
    attachment = found.get("Attachment", {})
    owner = attachment.get("InstanceOwnerId", "")
    return Interface(
        found["NetworkInterfaceId"],
        found.get("SubnetId", ""),
        found.get("VpcId", ""),
        found.get("InterfaceType", "interface"),
        printable(found.get("Description", ""), DESCRIPTION),
        found.get("RequesterManaged", False) or owner.startswith("amazon-"),
        found.get("Status") != "available",
        attachment.get("InstanceId", ""),
        _public(found),
        tags_of(found.get("TagSet", ())),
    )


def _public(found: "NetworkInterfaceTypeDef") -> tuple[str, ...]:
    private = found.get("PrivateIpAddresses", ())
    places = [found.get("Association", {}), *(a.get("Association", {}) for a in private)]
    v4 = [place["PublicIp"] for place in places if place.get("PublicIp")]
    if found.get("DenyAllIgwTraffic"):
        return tuple(dict.fromkeys(v4))
    v6 = [a["Ipv6Address"] for a in found.get("Ipv6Addresses", ()) if "Ipv6Address" in a]
    known = [address for address in v6 if both(intervals_of([address], 6), GLOBAL_V6)]
    return tuple(dict.fromkeys([*v4, *known]))


def _routes(found: "Iterable[RouteTypeDef]") -> tuple[Route, ...]:
    return tuple(map(_route, found))


def _route(found: "RouteTypeDef") -> Route:
    destination = (
        found.get("DestinationCidrBlock")
        or found.get("DestinationIpv6CidrBlock")
        or found.get("DestinationPrefixListId", "")
    )
    there = found.get("State") != "blackhole"
    target = next((str(found[key]) for key in TARGETS if found.get(key)), "")  # type: ignore[literal-required]
    return Route(destination, target if there else "")


def _entry(found: "NetworkAclEntryTypeDef") -> AclEntry:
    protocol = protocol_of(found.get("Protocol", "-1"))
    return AclEntry(
        found.get("RuleNumber", 0),
        found.get("Egress", False),
        found.get("RuleAction") == "allow",
        found.get("CidrBlock") or found.get("Ipv6CidrBlock", ""),
        protocol,
        _types(found) if protocol in WITH_TYPES else _ports(found),
    )


def _ports(found: "NetworkAclEntryTypeDef") -> tuple[int, int]:
    ports = found.get("PortRange", {})
    return ports.get("From", FIRST), ports.get("To", LAST)


def _types(found: "NetworkAclEntryTypeDef") -> tuple[int, int]:
    named = found.get("IcmpTypeCode", {})
    kind, code = named.get("Type", -1), named.get("Code", -1)
    if kind < 0:
        return FIRST, LAST
    return (kind * 256, kind * 256 + 255) if code < 0 else (kind * 256 + code, kind * 256 + code)
