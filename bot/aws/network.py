"""The network around a group, as values: interfaces, routes, access lists, what they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.changes.ports import FIRST, LAST
from bot.changes.rules import ALL_PROTOCOLS

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import TagTypeDef


@dataclass(frozen=True, slots=True)
class Described:
    """A group without its rules."""

    id: str
    name: str
    vpc: str = ""
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface. ``managed`` is that an AWS service made it, and so described it too.

    ``public`` are the addresses that the internet could route to it, of both IP versions.
    """

    id: str
    subnet: str
    vpc: str = ""
    kind: str = "interface"
    description: str = ""
    managed: bool = False
    attached: bool = True
    instance: str = ""
    public: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instance:
    """An EC2 instance; ``state`` in EC2's word."""

    id: str
    state: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One route. ``destination`` is a CIDR or a prefix list, ``target`` the id of where it leads.

    The target of a route whose gateway is gone is empty: what it leads to is dropped.
    """

    destination: str
    target: str


@dataclass(frozen=True, slots=True)
class AclEntry:
    """One entry of a network ACL.

    The protocol is named as in group rules. ``ports`` are those at which packets arrive; ICMP's
    types and codes are laid out on them as ``type * 256 + code``.
    """

    number: int
    egress: bool
    allow: bool
    cidr: str
    protocol: str = ALL_PROTOCOLS
    ports: tuple[int, int] = (FIRST, LAST)


@dataclass(frozen=True, slots=True)
class Database:
    """An RDS instance, and the groups that it is in."""

    id: str
    groups: tuple[str, ...]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Balancer:
    """A load balancer; ``scheme`` in AWS's word: internet-facing or internal."""

    name: str
    scheme: str


@dataclass(frozen=True, slots=True)
class FlowLog:
    """A flow log of a whole VPC; ``log_group`` is CloudWatch's, empty where it goes elsewhere."""

    log_group: str
    destination: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What lies between a subnet and the internet; None for what AWS did not tell.

    ``blocked`` is whether VPC Block Public Access keeps the internet out.
    """

    routes: tuple[Route, ...] | None = None
    acl: tuple[AclEntry, ...] | None = None
    blocked: bool | None = None


def tags_of(tags: "Iterable[TagTypeDef]") -> Mapping[str, str]:
    """Return tags by their keys."""
    return {tag["Key"]: tag["Value"] for tag in tags if "Key" in tag and "Value" in tag}
