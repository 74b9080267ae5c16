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
    LIFECYCLE = "lifecycle"  # an instance's id
    TARGET = "target"  # the target group's ARN, the instance's id and the port
    QUARANTINE_ACL = "quarantine_acl"  # a VPC's id
    SUBNET_ACL = "subnet_acl"  # a subnet's id
    TAG = "tag"  # an instance's id and the tag's key
    SNAPSHOTS = "snapshots"  # an instance's id, the tag's key and its value
    INLINE_POLICY = "inline_policy"  # role or user, its name, the policy's name
    ACCESS_KEY = "access_key"  # the user's name and the key's id
    USES = "uses"  # the group's id
    PREFIX_LIST = "prefix_list"  # the list's id
    ASSOCIATION = "association"  # sg-1/vpc-2
    DATABASE = "database"  # the instance's identifier
    POLICIES = "policies"  # group/the name, user/… or role/…
    ACL = "acl"  # the network ACL's id


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


@dataclass(frozen=True, slots=True)
class Value:
    """One value as text, empty where there is none: a status, an id, a tag's value.

    ``handle`` is what a call has to name to change it, where that is not its own id.
    """

    text: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class QuarantineAcl:
    """A VPC's network ACL that lets nothing through; its id is empty where there is none."""

    id: str


@dataclass(frozen=True, slots=True)
class Uses:
    """What keeps a group from being deleted; ``rules`` is None where it is gone."""

    rules: tuple[GroupRule, ...] | None
    interfaces: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One CIDR of a prefix list."""

    cidr: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ListState:
    """A prefix list; ``entries`` is None where it is gone. ``earlier`` are the version before's."""

    version: int
    entries: tuple[Entry, ...] | None
    earlier: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Association:
    """A group's association with another VPC, in EC2's word; empty where there is none."""

    state: str

    @property
    def there(self) -> bool:
        """Return whether it is there, or on its way."""
        return self.state in {"associating", "associated"}


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """Whether an RDS instance is public; None where it is gone. ``status`` in RDS's word."""

    public: bool | None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Policies:
    """ARNs of the policies attached to a group, user or role; None where it is gone."""

    arns: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class AclRule:
    """One entry of a network ACL, as AWS tells it."""

    number: int
    egress: bool
    action: str
    cidr: str
    protocol: str


@dataclass(frozen=True, slots=True)
class AclState:
    """A network ACL; None where it is gone."""

    rules: tuple[AclRule, ...] | None


State = (
    GroupState
    | MemberState
    | NamedGroup
    | Uses
    | ListState
    | Association
    | DatabaseState
    | Policies
    | AclState
    | QuarantineAcl
    | Value
)


class WrongStateError(TypeError):
    """A reader gave another kind of state than it was asked for: a defect."""

    def __init__(self, state: State) -> None:
        super().__init__(f"{type(state).__name__} is not what was looked for")
