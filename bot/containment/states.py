"""States: what is read from AWS before and after a call, by what is looked at.

A kind of state has its value here, its reader in ``bot/aws/states/``, and the effects in
``bot/containment/effects/`` that say of it whether they are done and whether they still fit.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.changes.rules import GroupRule


class Kind(StrEnum):
    """What can be looked at; the comment says what its id is."""

    GROUP = "group"  # the group's id
    MEMBER = "member"  # an interface's id
    NAMED_GROUP = "named_group"  # vpc-1/the name


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at, and where."""

    kind: Kind
    account: str
    region: str
    id: str


@dataclass(frozen=True, slots=True)
class GroupState:
    """The rules of one group as read from AWS; ``rules`` is None where the group is gone."""

    account: str
    region: str
    group_id: str
    rules: tuple[GroupRule, ...] | None

    @property
    def look(self) -> Look:
        """Return what was looked at."""
        return Look(Kind.GROUP, self.account, self.region, self.group_id)


@dataclass(frozen=True, slots=True)
class MemberState:
    """The groups that an interface is in; None where it is gone."""

    groups: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """The one group of a name in a VPC; its id is empty where there is none."""

    id: str
    description: str = ""


State = GroupState | MemberState | NamedGroup


class WrongStateError(TypeError):
    """A reader gave another kind of state than it was asked for: a defect."""

    def __init__(self, state: State) -> None:
        super().__init__(f"{type(state).__name__} is not what was looked for")
