"""What a quarantine needs to know, as values: interfaces, instances, and the group to move to."""

from dataclasses import dataclass

from bot.changes.rules import GroupRule

QUARANTINE_GROUP = "sgwatch-quarantine"
"""The name of the group without rules, of which each VPC gets one."""

DESCRIPTION = "Made by sgwatch. What is in here may reach nothing. Keep it without rules."
OURS = "sgwatch:quarantine"
"""The tag that says that sgwatch made a group or a network ACL."""

FORENSICS = "sgwatch:forensics"
"""The tag on what is kept for forensics; its value is the containment."""


@dataclass(frozen=True, slots=True)
class InterfaceNow:
    """A network interface. ``service`` is what it belongs to, where an AWS service holds it."""

    id: str
    vpc: str
    subnet: str
    groups: tuple[str, ...]
    instance: str = ""
    service: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A place in a load balancer's target group."""

    group: str
    port: int


@dataclass(frozen=True, slots=True)
class InstanceNow:
    """An instance, its disks, and what would replace it or send it traffic.

    ``lifecycle`` is Auto Scaling's word for where it stands, ``mark`` our tag's value, ``untold``
    what AWS did not tell.
    """

    id: str
    name: str
    volumes: tuple[str, ...] = ()
    scaling_group: str = ""
    lifecycle: str = ""
    targets: tuple[Target, ...] = ()
    mark: str = ""
    untold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pen:
    """What a VPC has to move interfaces to. ``group`` is empty where there is none yet.

    ``ours`` is that it bears our tag, ``ipv6`` that a new group gets a rule for IPv6 too.
    """

    vpc: str
    group: str = ""
    ours: bool = True
    rules: tuple[GroupRule, ...] = ()
    ipv6: bool = False


@dataclass(frozen=True, slots=True)
class SubnetNow:
    """A subnet, the network ACL that it uses by which association, and who else is in it.

    ``quarantine_acl`` is the ACL without entries in its VPC, empty where there is none yet.
    """

    id: str
    vpc: str
    acl: str
    association: str
    interfaces: int
    quarantine_acl: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What is behind a group, and around it, in one account and region."""

    account: str
    region: str
    interfaces: tuple[InterfaceNow, ...]
    instances: tuple[InstanceNow, ...] = ()
    pens: tuple[Pen, ...] = ()
    subnets: tuple[SubnetNow, ...] = ()

    def instance(self, instance_id: str) -> InstanceNow | None:
        """Return the instance, if it was read."""
        return next((i for i in self.instances if i.id == instance_id), None)

    def subnet(self, subnet_id: str) -> SubnetNow | None:
        """Return the subnet, if it was read."""
        return next((s for s in self.subnets if s.id == subnet_id), None)

    def interface(self, interface_id: str) -> InterfaceNow | None:
        """Return the interface, if it was read."""
        return next((i for i in self.interfaces if i.id == interface_id), None)

    def pen(self, vpc: str) -> Pen:
        """Return what the VPC has to move interfaces to."""
        return next((p for p in self.pens if p.vpc == vpc), Pen(vpc))
