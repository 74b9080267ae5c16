"""Allowed: what a principal's IAM policies let it change of security groups, and how wide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.aws.errors import AwsError
from bot.aws.permissions import Decided
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.cloudtrail.text import printable
from bot.investigation.kept import Kept

CHANGES = (
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateSecurityGroup",
    "ec2:DeleteSecurityGroup",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
)
EVERYTHING, ANOTHER = "*", "sg-00000000000000000"
"""Resources that IAM is asked about beside the group: all, and a group that does not exist."""

FRESH = timedelta(minutes=5)
SIMULATED = frozenset({PrincipalKind.USER, PrincipalKind.ROLE})
LINE = 160


class Simulator(Protocol):
    """What is needed of IAM. Raises AwsError."""

    def decide(
        self,
        account: str,
        region: str,
        principal: str,
        actions: Sequence[str],
        resources: Sequence[str],
    ) -> tuple[Decided, ...]:
        """Return what IAM policies say to each action on each resource."""
        ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actions that are allowed on any group, on the alert's group alone, and not at all.

    ``unknown`` is why that is not known.
    """

    wide: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    unknown: str = ""

    def words(self) -> str:
        """Return it in a few words."""
        if self.unknown:
            return "permissions not known"
        if self.wide:
            return "may change any group"
        return "may change this group, not any" if self.narrow else "may change no group now"

    def lines(self) -> Iterator[str]:
        """Yield which actions, and how wide."""
        if self.unknown:
            yield printable(f"What lets them change groups is not known: {self.unknown}", LINE)
            return
        yield from _listed("Allowed on any group (*)", self.wide)
        yield from _listed("Allowed on this group, not on any", self.narrow)
        yield from _listed("Not allowed", self.never)
        yield "As IAM simulates it: conditions and the session's own policy may allow less"


@dataclass(frozen=True, slots=True)
class Permissions:
    """Asks IAM, once in five minutes for a principal and group."""

    simulator: Simulator
    kept: Kept[tuple[Decided, ...]] = field(default_factory=lambda: Kept(FRESH))

    def of(self, alert: Alert, now: datetime) -> Allowed:
        """Return what the principal's policies let it change."""
        principal, change = alert.worst[0].principal, alert.worst[0].change
        if unknown := unasked(principal):
            return Allowed(unknown=unknown)
        where = (change.account, change.region)
        group = group_arn(principal, *where, change.group.id) if change.group.id else ""
        on = tuple(filter(None, (EVERYTHING, group_arn(principal, *where, ANOTHER), group)))

        def read() -> tuple[Decided, ...]:
            return self.simulator.decide(
                principal.account, change.region, principal.id, CHANGES, on
            )

        try:
            return allowed(self.kept.get((principal.id, on), now, None, read), group)
        except AwsError as error:
            return Allowed(unknown=str(error))


def unasked(principal: Principal) -> str:
    """Return why IAM cannot be asked about a principal; empty if it can."""
    if principal.kind is PrincipalKind.ROOT:
        return "the account's root may do everything"
    if principal.kind not in SIMULATED or not principal.id.startswith("arn:"):
        return "IAM tells it of its users and roles only"
    return ""


def group_arn(principal: Principal, account: str, region: str, group: str) -> str:
    """Return the group's ARN, in the partition of the principal."""
    partition = principal.id.split(":")[1]
    return f"arn:{partition}:ec2:{region}:{account}:security-group/{group}"


def allowed(decided: Sequence[Decided], group: str) -> Allowed:
    """Return decisions by how wide they are: what is not of the group alone is wide."""
    if not decided:
        return Allowed(unknown="IAM told nothing")
    wide = {one.action for one in decided if one.allowed and one.resource != group}
    some = {one.action for one in decided if one.allowed} - wide
    never = {one.action for one in decided} - wide - some
    return Allowed(tuple(sorted(wide)), tuple(sorted(some)), tuple(sorted(never)))


def _listed(label: str, actions: tuple[str, ...]) -> Iterator[str]:
    if actions:
        yield f"{label}: {', '.join(action.removeprefix('ec2:') for action in actions)}"
