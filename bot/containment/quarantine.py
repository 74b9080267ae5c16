"""Quarantine: the plan that moves what is behind a group to a group without rules.

What would undo it or feed it (Auto Scaling, load balancers) is dealt with first, then the empty
group is made ready, then each interface is moved in one call. At no moment is more open than
before: AWS documents that a change of groups leaves tracked connections alive, and the only cut
that it documents without opening to the world first is a network ACL, which works on a subnet.
"""

from dataclasses import dataclass, field

from bot.changes.rules import Direction
from bot.changes.sentence import number_of
from bot.containment.choice import Isolate
from bot.containment.effects.acls import MakeAcl, UseAcl
from bot.containment.effects.emptying import EmptyNew
from bot.containment.effects.forensics import Mark, Snapshot
from bot.containment.effects.groups import MakeGroup
from bot.containment.effects.members import PutInGroups
from bot.containment.effects.rules import ChangeRules, Operation
from bot.containment.effects.service import IN_SERVICE, Receive, Standby
from bot.containment.isolation import (
    DESCRIPTION,
    FORENSICS,
    OURS,
    QUARANTINE_GROUP,
    InstanceNow,
    InterfaceNow,
    Pen,
    Site,
    SubnetNow,
)
from bot.containment.plan import Call, Effect, Plan, made_by
from bot.containment.services import foreign, way_out

REVOKES = {
    Direction.INGRESS: Operation.REVOKE_INGRESS,
    Direction.EGRESS: Operation.REVOKE_EGRESS,
}

TRACKED = (
    "Connections that are open now are tracked, and moving an interface does not end them: AWS "
    "lets them go on until they are idle for long (350 seconds on the newest instances, else up "
    "to 5 days). To end them at once, choose to close the subnet, or stop the instance."
)


@dataclass(slots=True)
class _Draft:
    """The calls so far, and which of them made a VPC's group or network ACL."""

    site: Site
    calls: list[Call] = field(default_factory=list)
    groups: dict[str, tuple[int, ...]] = field(default_factory=dict)
    acls: dict[str, int] = field(default_factory=dict)

    def add(self, effect: Effect, why: str, needs: tuple[int, ...] = ()) -> int:
        """Add a call and return its number."""
        self.calls.append(Call(self.site.account, self.site.region, effect, why, needs))
        return len(self.calls) - 1


def quarantine_plan(site: Site, choices: Isolate, containment: str) -> Plan:
    """Return the plan that isolates what was chosen; ``containment`` marks what it makes."""
    chosen = [i for i in site.interfaces if {i.id, i.instance} & set(choices.targets)]
    free = [i for i in chosen if not i.service]
    moving = [i for i in free if i.groups != (site.pen(i.vpc).group,)]
    pens = [site.pen(vpc) for vpc in dict.fromkeys(i.vpc for i in moving)]
    refused = [way_out(i) for i in chosen if i.service]
    leaves = [f"{i.id} is in quarantine already." for i in free if i not in moving]
    gone = set(choices.targets) - {i.id for i in chosen} - {i.instance for i in chosen}
    leaves += [f"{target} has no interface any more." for target in sorted(gone)]
    if strangers := [foreign(pen) for pen in pens if not pen.ours]:
        return Plan((), tuple(leaves), (*refused, *strangers), complete=False)
    instances = _instances(site, moving)
    draft = _Draft(site)
    for instance in instances:
        _out_of_service(draft, instance, choices)
    for pen in pens:
        _make_ready(draft, pen)
    for interface in moving:
        _move(draft, interface)
    subnets = _to_cut(site, moving) if choices.cut else []
    for subnet in subnets:
        _cut(draft, subnet)
    for instance in instances:
        _keep(draft, instance, choices, containment)
    return Plan(
        calls=tuple(draft.calls),
        leaves=(*leaves, *(text for i in instances for text in _left(i, choices))),
        cannot=(
            *refused,
            *(text for i in instances for text in i.untold),
            *((TRACKED,) if moving and not choices.cut else ()),
            *(_cut_too(subnet) for subnet in subnets),
        ),
        complete=not refused,
    )


def _instances(site: Site, moving: list[InterfaceNow]) -> list[InstanceNow]:
    ids = dict.fromkeys(i.instance for i in moving if i.instance)
    return [found for i in ids if (found := site.instance(i)) is not None]


def _out_of_service(draft: _Draft, instance: InstanceNow, choices: Isolate) -> None:
    """Keep Auto Scaling from ending it, and load balancers from sending it requests."""
    if choices.standby and instance.lifecycle == IN_SERVICE:
        draft.add(
            Standby(instance.id, instance.scaling_group, enter=True),
            "keeps Auto Scaling from ending it, and has another started in its place",
        )
    if choices.deregister:
        for target in instance.targets:
            draft.add(
                Receive(instance.id, target.group, target.port, receives=False),
                "sends it no new requests; the others in the target group are left as they are",
            )


def _make_ready(draft: _Draft, pen: Pen) -> None:
    """See that the VPC has a group without rules, before anything is moved into it."""
    if not pen.group:
        made = draft.add(
            MakeGroup(pen.vpc, QUARANTINE_GROUP, DESCRIPTION, ((OURS, pen.vpc),)),
            "makes the group to move to, once for each VPC; nothing is in it, and it stays",
        )
        emptied = draft.add(
            EmptyNew(made_by(made), pen.ipv6),
            "takes away what AWS lets every new group reach, before anything is in it",
            needs=(made,),
        )
        draft.groups[pen.vpc] = (made, emptied)
        return
    draft.groups[pen.vpc] = tuple(
        draft.add(
            ChangeRules(operation, pen.group, rules),
            "takes away rules that somebody gave the quarantine group: it must have none",
        )
        for direction, operation in REVOKES.items()
        if (rules := tuple(rule for rule in pen.rules if rule.direction is direction))
    )


def _move(draft: _Draft, interface: InterfaceNow) -> None:
    needs = draft.groups[interface.vpc]
    group = draft.site.pen(interface.vpc).group or made_by(needs[0])
    draft.add(
        PutInGroups(interface.id, (group,), interface.groups),
        "takes it out of all its groups and into the one without rules, in one step",
        needs,
    )


def _to_cut(site: Site, moving: list[InterfaceNow]) -> list[SubnetNow]:
    meant = dict.fromkeys(i.subnet for i in moving)
    found = [subnet for s in meant if (subnet := site.subnet(s)) is not None]
    return [subnet for subnet in found if subnet.acl != subnet.quarantine_acl]


def _cut(draft: _Draft, subnet: SubnetNow) -> None:
    """End what is connected, too: a network ACL keeps no track of connections."""
    acl, needs = subnet.quarantine_acl, tuple[int, ...]()
    if not acl:
        if subnet.vpc not in draft.acls:
            draft.acls[subnet.vpc] = draft.add(
                MakeAcl(subnet.vpc, (("Name", QUARANTINE_GROUP), (OURS, subnet.vpc))),
                "makes a network ACL that lets nothing through; no subnet uses it yet",
            )
        needs = (draft.acls[subnet.vpc],)
        acl = made_by(needs[0])
    draft.add(
        UseAcl(subnet.id, subnet.association, acl, subnet.acl),
        "ends tracked connections too, and only closes",
        needs,
    )


def _keep(draft: _Draft, instance: InstanceNow, choices: Isolate, containment: str) -> None:
    """Mark it and keep its disks, for those who look into it."""
    if choices.tag and instance.mark != containment:
        draft.add(
            Mark(instance.id, FORENSICS, containment, instance.mark),
            "tells everybody why it is cut off; its other tags are left as they are",
        )
    if choices.snapshot and instance.volumes:
        draft.add(
            Snapshot(instance.id, instance.volumes, FORENSICS, containment),
            "keeps its disks as of one moment, while it runs on",
        )


def _left(instance: InstanceNow, choices: Isolate) -> list[str]:
    """Return what stays as it is because it was not chosen, or must."""
    left = []
    if instance.lifecycle == IN_SERVICE and not choices.standby:
        left.append(
            f"{instance.id} stays in service in the Auto Scaling group {instance.scaling_group}, "
            "which may end it, with what is on it, once it fails its health check."
        )
    elif instance.lifecycle not in {"", IN_SERVICE}:
        left.append(
            f"{instance.id} is {instance.lifecycle} in the Auto Scaling group "
            f"{instance.scaling_group}, and is left so."
        )
    if instance.targets and not choices.deregister:
        left.append(f"{instance.id} stays in its load balancers' target groups, and fails there.")
    if instance.volumes and not choices.snapshot:
        left.append(f"No snapshot is taken of the disks of {instance.id}.")
    return left


def _cut_too(subnet: SubnetNow) -> str:
    return (
        f"All of {subnet.id} is cut off until the release, with "
        f"{number_of(subnet.interfaces, 'interface')} in it: AWS has no network ACL for one alone."
    )
