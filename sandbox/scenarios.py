"""Scenarios: short scripts of ordinary AWS calls that people can be shown, again and again."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.aws.actors import Actor
from sandbox.aws.world import World

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import IpPermissionTypeDef, SecurityGroupRuleTypeDef

_TO_THE_WORLD = ("0.0.0.0/0", "::/0")
_RULES_PER_RUN = 20
_PORTS = (443, 8443, 9090)
_STORM, _STORM_GROUPS = 200, ("front", "back", "jobs", "data")
_FULL = 40  # rules: EC2 takes 60, and the other scenarios need room too


@dataclass(frozen=True, slots=True)
class Played:
    """What a scenario did: the groups that it touched, and the rules that it added or removed."""

    groups: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario with its name, its title on a button, and one sentence about it."""

    name: str
    title: str
    description: str
    play: Callable[[World], Played]


def open_ssh(world: World) -> Played:
    """Open SSH to the world on web-prod, as Alice at the console.

    Where it is open already, the next group or the other family of addresses is opened instead,
    and at last single addresses: so it always changes something.
    """
    taken = {(rule["GroupId"], _peer(rule)) for rule in _rules(world) if _is_ssh(rule)}
    group, cidr = next(choice for choice in _ssh_choices(world) if choice not in taken)
    answer = world.as_alice().ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[_tcp(22, cidr)]
    )
    return _played(answer["SecurityGroupRules"])


def close_ssh(world: World) -> Played:
    """Close what is open to the world for SSH, as Alice at the console."""
    alice = world.as_alice()
    opened = [rule for rule in _rules(world) if _is_ssh(rule) and _peer(rule) in _TO_THE_WORLD]
    for rule in opened:
        alice.ec2.revoke_security_group_ingress(
            GroupId=rule["GroupId"], SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]]
        )
    return _played(opened)


def terraform_run(world: World) -> Played:
    """Add twenty rules to several groups, as one run of Terraform in CI.

    Each run brings private addresses of its own. Where the groups are full, it makes new ones.
    """
    run = f"run-{uuid.uuid4().hex[:8]}"
    terraform = world.as_terraform_ci(run)
    groups = _roomy_groups(world) or _new_groups(world, terraform, run)
    places = zip(itertools.cycle(groups), itertools.cycle(_PORTS), _unused_subnets(world))
    added: list[SecurityGroupRuleTypeDef] = []
    for group, port, subnet in itertools.islice(places, _RULES_PER_RUN):
        answer = terraform.ec2.authorize_security_group_ingress(
            GroupId=group, IpPermissions=[_tcp(port, subnet, f"Applied by {run}")]
        )
        added += answer["SecurityGroupRules"]
    return _played(added)


def attacker(world: World) -> Played:
    """Prepare to carry data away and to stay, with a stolen key and from another address."""
    thief = world.as_attacker()
    group = thief.ec2.create_security_group(
        GroupName=f"sys-update-{uuid.uuid4().hex[:6]}",
        Description="System updates",
        VpcId=world.prod.vpc,
    )["GroupId"]
    answer = thief.ec2.authorize_security_group_egress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 0,
                "ToPort": 65535,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            }
        ],
    )
    thief.ec2.modify_instance_attribute(InstanceId=world.prod.batch_instance, Groups=[group])
    thief.iam.attach_user_policy(
        UserName="mallory", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    return _played(answer["SecurityGroupRules"])


def storm(world: World) -> Played:
    """Let two hundred people change something at once: private rules, some web ports, one SSH."""
    run = f"storm-{uuid.uuid4().hex[:6]}"
    groups = _new_groups(world, world.as_terraform_ci(run), run, _STORM_GROUPS)
    added: list[SecurityGroupRuleTypeDef] = []
    places = zip(range(_STORM), itertools.cycle(groups), _unused_subnets(world), strict=False)
    for number, group, subnet in places:
        person = world.as_sso_person(f"{run}-{number}@example.com")
        rule = _tcp(9090, subnet)
        if number == _STORM // 2:
            rule = _tcp(22, "0.0.0.0/0")
        elif number % 25 == 1:
            rule = _tcp(8000 + number, "0.0.0.0/0")
        answer = person.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        added += answer["SecurityGroupRules"]
    return _played(added)


SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "open_ssh",
            "Open SSH to the world",
            "Alice, at the console, opens SSH on web-prod, or on the next group that is closed, "
            "to the whole internet.",
            open_ssh,
        ),
        Scenario(
            "close_ssh",
            "Close SSH again",
            "Alice, at the console, closes what is open to the internet for SSH.",
            close_ssh,
        ),
        Scenario(
            "terraform_run",
            "Terraform run",
            "One Terraform run in CI adds twenty rules for private addresses to several groups.",
            terraform_run,
        ),
        Scenario(
            "attacker",
            "Attacker",
            "A stolen key makes a group, opens its egress, moves an instance into it, "
            "and makes itself administrator.",
            attacker,
        ),
        Scenario(
            "storm",
            "Storm",
            "Two hundred people change something within a minute, one of them gravely: one notice "
            "with a list, and one alert.",
            storm,
        ),
    )
}


def _rules(world: World) -> Sequence["SecurityGroupRuleTypeDef"]:
    """Read all ingress rules, as the account's root: reading leaves no record."""
    answer = world.as_root().ec2.describe_security_group_rules()
    return [rule for rule in answer["SecurityGroupRules"] if not rule["IsEgress"]]


def _is_ssh(rule: "SecurityGroupRuleTypeDef") -> bool:
    return (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 22, 22)


def _peer(rule: "SecurityGroupRuleTypeDef") -> str:
    return rule.get("CidrIpv4") or rule.get("CidrIpv6") or ""


def _ssh_choices(world: World) -> Iterator[tuple[str, str]]:
    for cidr in _TO_THE_WORLD:
        for group in world.prod.groups:
            yield group, cidr
    for group in world.prod.groups:
        for host in range(1, 15):
            yield group, f"192.0.2.{host}/32"
    raise LookupError("every choice is taken: close some with close_ssh")


def _unused_subnets(world: World) -> Iterator[str]:
    taken = {_peer(rule) for rule in _rules(world)}
    for second, third in itertools.product(range(40, 256), range(256)):
        if (subnet := f"10.{second}.{third}.0/24") not in taken:
            yield subnet


def _roomy_groups(world: World) -> Sequence[str]:
    """Return the world's groups if all have room for a run's rules, else none."""
    counts = dict.fromkeys(world.prod.groups, 0)
    for rule in _rules(world):
        if rule["GroupId"] in counts:
            counts[rule["GroupId"]] += 1
    return [] if max(counts.values()) > _FULL else list(counts)


def _new_groups(
    world: World, terraform: Actor, run: str, parts: Sequence[str] = ("front", "back")
) -> Sequence[str]:
    return [
        terraform.ec2.create_security_group(
            GroupName=f"{run}-{part}",
            Description=f"The {part} of {run}",
            VpcId=world.prod.vpc,
            TagSpecifications=[
                {
                    "ResourceType": "security-group",
                    "Tags": [{"Key": "ManagedBy", "Value": "Terraform"}],
                }
            ],
        )["GroupId"]
        for part in parts
    ]


def _tcp(port: int, cidr: str, description: str = "") -> "IpPermissionTypeDef":
    permission: IpPermissionTypeDef = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
    if ":" in cidr:
        permission["Ipv6Ranges"] = [{"CidrIpv6": cidr}]
    elif description:
        permission["IpRanges"] = [{"CidrIp": cidr, "Description": description}]
    else:
        permission["IpRanges"] = [{"CidrIp": cidr}]
    return permission


def _played(rules: Sequence["SecurityGroupRuleTypeDef"]) -> Played:
    return Played(
        groups=tuple(dict.fromkeys(rule["GroupId"] for rule in rules)),
        rules=tuple(rule["SecurityGroupRuleId"] for rule in rules),
    )
