"""Resources: what the interfaces in a group belong to, as people call it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.aws.network import Balancer, Database, Instance, Interface
from bot.cloudtrail.text import printable

NAME = 60

INSTANCE, DATABASE, BALANCER, OTHER = "instance", "database", "load balancer", "interface"
NAMED_BALANCER = r"ELB (?:app|net|gwy)/([^/]+)/.*"
UNKNOWN = "interface of AWS"
SCHEME_UNKNOWN = "internet-facing: unknown"
PLURALS = {
    UNKNOWN: "interfaces of AWS",
    "RDS proxy": "RDS proxies",
    "directory": "directories",
    "pod or task": "pods or tasks",
}

DESCRIBED = (
    (BALANCER, NAMED_BALANCER),
    (BALANCER, r"ELB ([^\s/]+)"),
    (DATABASE, r"RDSNetworkInterface"),
    ("RDS proxy", r"Network interface for DBProxy"),
    (
        "Lambda function",
        r"AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?",
    ),
    ("ECS task", r"arn:aws[\w-]*:ecs:.+"),
    ("EKS control plane", r"Amazon EKS (\S+)"),
    ("file system", r"EFS mount target for (fs-\w+).*"),
    ("file system", r"Network interface for FSx.*|Created by Amazon FSx.*"),
    ("cache", r"(?:Created By )?ElastiCache[: +]*(\S*).*"),
    ("Redshift cluster", r"RedshiftNetworkInterface"),
    ("search domain", r"ES (\S+)"),
    ("replication instance", r"DMSNetworkInterface"),
    ("VPC endpoint", r"VPC Endpoint Interface (vpce-\w+)"),
    ("directory", r"AWS created network interface for (?:directory )?(d-\w+)?.*"),
    ("Glue job", r"Attached to Glue using role: (\S+)"),
    ("workspace", r"Created By Amazon Workspaces.*"),
)
"""How AWS's services describe the interfaces that they make."""

KINDS = {
    "lambda": "Lambda function",
    "load_balancer": BALANCER,
    "network_load_balancer": BALANCER,
    "gateway_load_balancer": BALANCER,
    "vpc_endpoint": "VPC endpoint",
    "gateway_load_balancer_endpoint": "VPC endpoint",
    "efs": "file system",
    "quicksight": "QuickSight connection",
    "api_gateway_managed": "API gateway",
    "global_accelerator_managed": "accelerator",
    "branch": "pod or task",
}
"""Kinds of interface that say by themselves what they are for."""

NAMED_ALIKE = frozenset({"ECS task", "pod or task"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing behind a group. Databases of which it is not known which is which are one.

    ``scheme`` says of a load balancer whether it is internet-facing or internal.
    """

    kind: str
    name: str
    interfaces: tuple[Interface, ...]
    instance: Instance | None = None
    number: int = 1
    scheme: str = ""

    @property
    def public(self) -> tuple[str, ...]:
        """Return its public addresses, without those that it has several times."""
        return tuple(dict.fromkeys(a for i in self.interfaces for a in i.public))


@dataclass(slots=True)
class _Pile:
    kind: str
    name: str
    interfaces: list[Interface] = field(default_factory=list)
    instance: Instance | None = None


def resources_of(
    interfaces: Iterable[Interface],
    instances: Sequence[Instance] = (),
    databases: Sequence[Database] = (),
    groups: Collection[str] = (),
    balancers: Sequence[Balancer] = (),
) -> tuple[Resource, ...]:
    """Return what interfaces belong to, what has a public address first.

    RDS does not say whose an interface is: what is known are the databases in the ``groups``.
    """
    known = {instance.id: instance for instance in instances}
    schemes = {balancer.name: balancer.scheme for balancer in balancers}
    piles: dict[str, _Pile] = {}
    for interface in interfaces:
        kind, name = _belongs(interface, known)
        # Instances and tasks of one name are many, a load balancer's interfaces are one.
        several = interface.instance or (interface.id if kind in NAMED_ALIKE else "")
        pile = piles.setdefault(
            several or f"{kind} {name}", _Pile(kind, name, [], known.get(interface.instance))
        )
        pile.interfaces.append(interface)
    found = (_resource(pile, databases, groups, schemes) for pile in piles.values())
    return tuple(sorted(found, key=lambda r: (not r.public, r.kind != INSTANCE, r.name)))


def counted(resources: Sequence[Resource]) -> str:
    """Return how many there are of each kind: "3 instances, 1 load balancer"."""
    numbers: dict[str, int] = {}
    for resource in resources:
        numbers[resource.kind] = numbers.get(resource.kind, 0) + resource.number
    return ", ".join(
        f"{n} {kind if n == 1 else PLURALS.get(kind, f'{kind}s')}" for kind, n in numbers.items()
    )


def balancer_names(interfaces: Iterable[Interface]) -> tuple[str, ...]:
    """Return the names of load balancers that interfaces belong to, classic ones excepted."""
    ours = (i for i in interfaces if i.managed or KINDS.get(i.kind) == BALANCER)
    found = (re.fullmatch(NAMED_BALANCER, interface.description) for interface in ours)
    return tuple(dict.fromkeys(match[1] for match in found if match))


def _resource(
    pile: _Pile,
    databases: Sequence[Database],
    groups: Collection[str],
    schemes: Mapping[str, str],
) -> Resource:
    resource = Resource(pile.kind, pile.name, tuple(pile.interfaces), pile.instance)
    if pile.kind == BALANCER:
        return replace(resource, scheme=_scheme(resource, schemes))
    if pile.kind != DATABASE:
        return resource
    inside = [database for database in databases if set(database.groups) & set(groups)]
    names = ", ".join(database.id for database in inside)
    return replace(resource, name=printable(names, NAME), number=len(inside) or 1)


def _scheme(resource: Resource, schemes: Mapping[str, str]) -> str:
    named = balancer_names(resource.interfaces)
    return printable(schemes.get(named[0], SCHEME_UNKNOWN), NAME) if named else ""


def _belongs(interface: Interface, instances: Mapping[str, Instance]) -> tuple[str, str]:
    """Return the kind and name of what an interface belongs to.

    A description is believed only where a service wrote it: of their own, people write anything.
    """
    if interface.instance:
        known = instances.get(interface.instance)
        return INSTANCE, known.name if known and known.name else interface.instance
    by_kind = KINDS.get(interface.kind, "")
    if not interface.managed and not by_kind:
        return OTHER, interface.id
    for kind, pattern in DESCRIBED:
        if found := re.fullmatch(pattern, interface.description):
            told = found[1] if found.lastindex else ""
            return kind, printable(told or _tagged(interface), NAME)
    return by_kind or UNKNOWN, _tagged(interface) or interface.id


def _tagged(interface: Interface) -> str:
    """Return the name that ECS gives in tags, where a service is told to tag its tasks."""
    name = interface.tags.get("aws:ecs:serviceName") or interface.tags.get("Name", "")
    return printable(name, NAME)
