"""Behind: what is in the group, what of it has a public address, and whether it can be reached.

Nine calls: the interfaces in the group (seldom up to three more, where EC2 tells them in pieces),
their instances, databases and load balancers if there are any; for those with a public address two
for routes, one for network ACLs and one for subnets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from bot.alerts.alert import Alert
from bot.aws.errors import AwsError
from bot.aws.network import (
    AclEntry,
    Balancer,
    Database,
    Instance,
    Interface,
    Route,
    Surroundings,
)
from bot.changes.change import Verb
from bot.changes.rules import GroupRule
from bot.investigation.behind_words import View, answer_of
from bot.investigation.kept import Kept
from bot.investigation.resources import DATABASE, balancer_names, resources_of
from bot.investigation.run import Answer

MOST_INTERFACES = 1000
MOST_SUBNETS = 100
MOST_BALANCERS = 20
"""Load balancers that ELB tells by their names at once."""

T = TypeVar("T")


class Network(Protocol):
    """What is needed of AWS. Every method raises AwsError."""

    def interfaces(self, account: str, region: str, groups: Sequence[str]) -> tuple[Interface, ...]:
        """Return the interfaces in any of the groups."""
        ...

    def instances(self, account: str, region: str, ids: Sequence[str]) -> tuple[Instance, ...]:
        """Return the instances; those that are gone are missing."""
        ...

    def routes(
        self, account: str, region: str, vpc: str, subnets: Sequence[str]
    ) -> dict[str, tuple[Route, ...]]:
        """Return each subnet's routes."""
        ...

    def acls(
        self, account: str, region: str, subnets: Sequence[str]
    ) -> dict[str, tuple[AclEntry, ...]]:
        """Return each subnet's network ACL."""
        ...

    def blocked(self, account: str, region: str, subnets: Sequence[str]) -> dict[str, bool]:
        """Return of each subnet whether Block Public Access keeps the internet out."""
        ...

    def databases(self, account: str, region: str) -> tuple[Database, ...]:
        """Return RDS instances."""
        ...

    def balancers(self, account: str, region: str, names: Sequence[str]) -> tuple[Balancer, ...]:
        """Return load balancers by their names."""
        ...


class Rules(Protocol):
    """What tells a group's rules, where the change is that something was moved into it."""

    def rules(
        self, account: str, region: str, group: str, now: datetime, since: datetime | None
    ) -> tuple[GroupRule, ...] | None:
        """Return the rules as they are now; None where the group is gone. Raises AwsError."""
        ...


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What was read. ``untold`` says what could not be, and why; ``cut`` that there is more."""

    interfaces: tuple[Interface, ...]
    instances: tuple[Instance, ...] = ()
    databases: tuple[Database, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    around: Mapping[str, Surroundings] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """Asks what sits behind the group of the worst change."""

    network: Network
    rules: Rules
    kept: Kept[Surveyed] = field(default_factory=Kept)

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what is behind the group, and whether it can be reached. Raises AwsError."""
        worst = alert.worst[0].change
        account, region, group = worst.account, worst.region, worst.group.id
        changes = [s.change for s in alert.worst if s.change.group.id == group]
        moves = [change for change in changes if change.verb is Verb.MOVE and not change.error]
        found = self.kept.get(
            (account, region, group),
            now,
            max((change.at for change in moves), default=None),
            lambda: survey(self.network, account, region, (group,)),
        )
        opened = [rule for change in changes for rule in change.added + change.modified]
        if moves and found.interfaces:
            opened += self.rules.rules(account, region, group, now, None) or ()
        resources = resources_of(
            found.interfaces, found.instances, found.databases, (group,), found.balancers
        )
        moved = {target for move in moves for target in move.target.split(", ")}
        view = View(
            resources, found.around, tuple(opened), frozenset(moved), found.untold, found.cut
        )
        return answer_of(group, view)


def survey(network: Network, account: str, region: str, groups: Sequence[str]) -> Surveyed:
    """Read what is in groups and around it. Raises AwsError where asking again may help, or where
    nothing could be read.
    """
    interfaces = network.interfaces(account, region, groups)
    untold: list[str] = []

    def asked(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except AwsError as error:
            if error.retry:
                raise
            untold.append(str(error))
            return None

    if len(interfaces) >= MOST_INTERFACES:
        untold.append(f"Only the first {MOST_INTERFACES} interfaces were looked at.")
    cut = len(interfaces) >= MOST_INTERFACES
    public = [i for i in interfaces if i.public]
    ids = list(dict.fromkeys(i.instance for i in (*public, *interfaces) if i.instance))
    instances = asked(lambda: network.instances(account, region, ids)) if ids else ()
    databases: tuple[Database, ...] | None = ()
    if any(resource.kind == DATABASE for resource in resources_of(interfaces)):
        databases = asked(lambda: network.databases(account, region))
    balancers: tuple[Balancer, ...] | None = ()
    if names := balancer_names(interfaces):
        balancers = asked(lambda: network.balancers(account, region, names[:MOST_BALANCERS]))
    if len(names) > MOST_BALANCERS:
        untold.append(f"Only the first {MOST_BALANCERS} load balancers were asked about.")
    around = _around(network, account, region, public, asked)
    return Surveyed(
        interfaces, instances or (), databases or (), balancers or (), around, tuple(untold), cut
    )


class _Asked(Protocol):
    def __call__(self, read: Callable[[], T], /) -> T | None:
        """Return what was read, or None where the account does not allow it."""
        ...


def _around(
    network: Network, account: str, region: str, public: Sequence[Interface], asked: _Asked
) -> dict[str, Surroundings]:
    """Return what lies between the internet and each subnet with a public address."""
    if not public:
        return {}
    vpc, subnets = public[0].vpc, sorted({i.subnet for i in public})[:MOST_SUBNETS]
    routes = asked(lambda: network.routes(account, region, vpc, subnets)) or {}
    acls = asked(lambda: network.acls(account, region, subnets)) or {}
    blocked = asked(lambda: network.blocked(account, region, subnets)) or {}
    return {s: Surroundings(routes.get(s), acls.get(s), blocked.get(s)) for s in subnets}
