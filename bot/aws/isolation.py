"""What a quarantine needs to know, read from EC2, Auto Scaling and the load balancers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.aws.errors import AwsError, telling
from bot.aws.network import Interface, tags_of
from bot.aws.reader import GroupReader
from bot.aws.sessions import Sessions
from bot.aws.states.acls import read_quarantine_acl, read_subnet_acl
from bot.aws.states.service import LEAVING
from bot.aws.surroundings import interface_of
from bot.cloudtrail.text import printable
from bot.containment.isolation import (
    FORENSICS,
    OURS,
    QUARANTINE_GROUP,
    InstanceNow,
    InterfaceNow,
    Pen,
    Site,
    SubnetNow,
    Target,
)
from bot.containment.states import Kind, Look

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import (
        FilterTypeDef,
        InstanceTypeDef,
        NetworkInterfaceTypeDef,
    )

MOST = 1000
NAME = 80
DEAD = frozenset({"shutting-down", "terminated"})

Owner = Callable[[Interface], tuple[str, str]]
"""What tells the service that holds an interface, and its name there; nothing if none does."""


@dataclass(frozen=True, slots=True)
class SiteReader:
    """Reads what is behind groups and around it. Every method raises AwsError."""

    sessions: Sessions
    owner: Owner

    def read(self, account: str, region: str, groups: Sequence[str]) -> Site:
        """Return what is behind the groups: of its instances all interfaces, also others'."""
        behind = self._interfaces(account, region, "group-id", groups)
        ids = sorted({_instance(i) for i in behind} - {""})
        all_of_them = self._interfaces(account, region, "attachment.instance-id", ids)
        found = {i["NetworkInterfaceId"]: i for i in (*behind, *all_of_them)}
        interfaces = tuple(map(self._interface, found.values()))
        return Site(
            account,
            region,
            interfaces,
            self._instances(account, region, ids),
            tuple(self._pen(account, region, v) for v in _some(i.vpc for i in interfaces)),
            tuple(self._subnet(account, region, s) for s in _some(i.subnet for i in interfaces)),
        )

    def present(self, account: str, region: str, groups: Sequence[str]) -> frozenset[str]:
        """Return which of the groups still exist."""
        if not groups:
            return frozenset()
        return frozenset(GroupReader(self.sessions).group_names(account, region, groups))

    def _interfaces(
        self, account: str, region: str, what: str, values: Sequence[str]
    ) -> "list[NetworkInterfaceTypeDef]":
        if not values:
            return []
        wanted: list[FilterTypeDef] = [{"Name": what, "Values": list(values)}]
        client = self.sessions.reading(account, region)
        with telling(f"see what is in {values[0]} in {account}/{region}"):
            pages = client.get_paginator("describe_network_interfaces").paginate(
                Filters=wanted, PaginationConfig={"MaxItems": MOST}
            )
            return [found for page in pages for found in page["NetworkInterfaces"]]

    def _interface(self, found: "NetworkInterfaceTypeDef") -> InterfaceNow:
        known = interface_of(found)
        service, name = self.owner(known)
        groups = tuple(group["GroupId"] for group in found.get("Groups", ()))
        return InterfaceNow(
            known.id, known.vpc, known.subnet, groups, known.instance, service, name
        )

    def _instances(self, account: str, region: str, ids: Sequence[str]) -> tuple[InstanceNow, ...]:
        if not ids:
            return ()
        client = self.sessions.reading(account, region)
        with telling(f"read the instances in {account}/{region}"):
            pages = client.get_paginator("describe_instances").paginate(
                Filters=[{"Name": "instance-id", "Values": list(ids)}]
            )
            found = [i for page in pages for r in page["Reservations"] for i in r["Instances"]]
        alive = [each for each in found if each["State"]["Name"] not in DEAD]
        around = Around(self.sessions, account, region, ids)
        scaling, targets = around.scaling(), around.targets()
        return tuple(_known(each, scaling, targets, tuple(around.untold)) for each in alive)

    def _pen(self, account: str, region: str, vpc: str) -> Pen:
        client = self.sessions.reading(account, region)
        with telling(f"look for the quarantine group of {vpc} in {account}/{region}"):
            groups = client.describe_security_groups(
                Filters=[
                    {"Name": "vpc-id", "Values": [vpc]},
                    {"Name": "group-name", "Values": [QUARANTINE_GROUP]},
                ]
            )["SecurityGroups"]
            networks = client.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["Vpcs"]
        ipv6 = any(network.get("Ipv6CidrBlockAssociationSet") for network in networks)
        if not groups:
            return Pen(vpc, ipv6=ipv6)
        group = groups[0]["GroupId"]
        rules = GroupReader(self.sessions).read_group(account, region, group).rules or ()
        return Pen(vpc, group, OURS in tags_of(groups[0].get("Tags", ())), rules, ipv6)

    def _subnet(self, account: str, region: str, subnet: str) -> SubnetNow:
        used = read_subnet_acl(self.sessions, Look(Kind.SUBNET_ACL, account, region, subnet))
        inside = self._interfaces(account, region, "subnet-id", [subnet])
        vpc = inside[0].get("VpcId", "") if inside else ""
        shut = read_quarantine_acl(self.sessions, Look(Kind.QUARANTINE_ACL, account, region, vpc))
        return SubnetNow(subnet, vpc, used.text, used.handle, len(inside), shut.id)


@dataclass(slots=True)
class Around:
    """What replaces instances or sends them requests. What may not be read is ``untold``."""

    sessions: Sessions
    account: str
    region: str
    ids: Sequence[str]
    untold: list[str] = field(default_factory=list)

    def scaling(self) -> dict[str, tuple[str, str]]:
        """Return the Auto Scaling group of each instance, and where it stands there."""
        try:
            with telling(f"read Auto Scaling in {self.account}/{self.region}"):
                client = self.sessions.service("autoscaling", self.account, self.region)
                answer = client.describe_auto_scaling_instances(InstanceIds=list(self.ids))
        except AwsError as error:
            self._refused(error, "an Auto Scaling group may end the instance")
            return {}
        return {
            found["InstanceId"]: (found["AutoScalingGroupName"], found["LifecycleState"])
            for found in answer["AutoScalingInstances"]
        }

    def targets(self) -> dict[str, list[Target]]:
        """Return the target groups that each instance is in: one call for each target group."""
        known: dict[str, list[Target]] = {}
        try:
            with telling(f"read the target groups in {self.account}/{self.region}"):
                client = self.sessions.service("elbv2", self.account, self.region)
                pages = client.get_paginator("describe_target_groups").paginate()
                groups = [group for page in pages for group in page["TargetGroups"]]
                for group in groups:
                    if group.get("TargetType", "instance") == "instance":
                        self._add_targets(client, group["TargetGroupArn"], known)
        except AwsError as error:
            self._refused(error, "load balancers may go on sending it requests")
        return known

    def _add_targets(self, client: Any, group: str, known: dict[str, list[Target]]) -> None:
        health = client.describe_target_health(TargetGroupArn=group)
        for found in health["TargetHealthDescriptions"]:
            instance, leaving = found["Target"]["Id"], found["TargetHealth"]["State"] == LEAVING
            if instance in self.ids and not leaving:
                target = Target(group, int(found["Target"].get("Port", 0)))
                known.setdefault(instance, []).append(target)

    def _refused(self, error: AwsError, risk: str) -> None:
        if error.retry:
            raise error
        self.untold.append(f"sgwatch {error}, so {risk}.")


def _known(
    found: "InstanceTypeDef",
    scaling: Mapping[str, tuple[str, str]],
    targets: Mapping[str, Sequence[Target]],
    untold: tuple[str, ...],
) -> InstanceNow:
    instance, tags = found["InstanceId"], tags_of(found.get("Tags", ()))
    group, lifecycle = scaling.get(instance, ("", ""))
    disks = (disk.get("Ebs", {}).get("VolumeId", "") for disk in found["BlockDeviceMappings"])
    return InstanceNow(
        instance,
        printable(tags.get("Name", ""), NAME),
        tuple(filter(None, disks)),
        group,
        lifecycle,
        tuple(targets.get(instance, ())),
        tags.get(FORENSICS, ""),
        untold,
    )


def _instance(found: "NetworkInterfaceTypeDef") -> str:
    return found.get("Attachment", {}).get("InstanceId", "")


def _some(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
