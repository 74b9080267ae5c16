"""Plans: the exact AWS calls that a containment would make, and why each is safe now."""

from dataclasses import dataclass
from enum import StrEnum

from bot.changes.rules import GroupRule


class Operation(StrEnum):
    """The EC2 calls that a plan may hold, by their API names."""

    REVOKE_INGRESS = "RevokeSecurityGroupIngress"
    REVOKE_EGRESS = "RevokeSecurityGroupEgress"
    AUTHORIZE_INGRESS = "AuthorizeSecurityGroupIngress"
    AUTHORIZE_EGRESS = "AuthorizeSecurityGroupEgress"


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call: rules to take away by rule id, or rules to put back as they were."""

    operation: Operation
    account: str
    region: str
    group_id: str
    rules: tuple[GroupRule, ...]
    why: str


@dataclass(frozen=True, slots=True)
class GroupState:
    """The rules of one group as read from AWS; ``rules`` is None where the group is gone."""

    account: str
    region: str
    group_id: str
    rules: tuple[GroupRule, ...] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be called; what is left alone; what cannot be restored; what has drifted.

    The lists beside ``calls`` are sentences for people. A plan without calls is "nothing to do".
    It is ``complete`` unless some of what the changes did stays, because no call here undoes it.
    """

    calls: tuple[Call, ...]
    leaves: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    complete: bool = True
