"""Changes: what one record did, normalised."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.changes.rules import GroupRule

DRY_RUN = "Client.DryRunOperation"
"""What AWS answers to a dry run that would have succeeded."""


class Verb(StrEnum):
    """What kind of thing a change does, whichever call did it."""

    AUTHORIZE = "authorize"
    REVOKE = "revoke"
    MODIFY = "modify"
    DESCRIBE = "describe"
    CREATE = "create"
    DELETE = "delete"
    TAG = "tag"
    MOVE = "move"
    ASSOCIATE = "associate"
    DISASSOCIATE = "disassociate"
    PREFIX_LIST = "prefix_list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GroupRef:
    """A security group as the record names it; what it does not say is empty."""

    id: str = ""
    name: str = ""
    vpc: str = ""

    def __str__(self) -> str:
        if self.id and self.name:
            return f"{self.id} ({self.name})"
        return self.id or self.name or "an unnamed group"


@dataclass(frozen=True, slots=True)
class Change:
    """What one record did to one security group, or to something else that a detection matched.

    ``added`` and ``removed`` hold group rules. ``modified`` holds rules as they are after an edit
    whose record does not tell the rule before. ``rule_ids`` are rules that the record names by id
    alone, without saying what they are.

    ``error`` is why the call failed, or that it was a dry run. Then nothing was added, removed or
    modified, and ``asked`` holds the rules that the call was about.

    ``target`` is what a change without group rules is about: an interface or instance moved
    between groups, a VPC, a prefix list, a user. ``groups_after`` are the groups that the target is
    in after a move. ``cidrs_added`` and ``cidrs_removed`` are what a prefix list gained and lost.
    ``caller`` is the address that the call came from, where it is one.
    """

    event_id: str
    at: datetime
    account: str
    region: str
    action: str
    verb: Verb
    group: GroupRef = GroupRef()
    added: tuple[GroupRule, ...] = ()
    removed: tuple[GroupRule, ...] = ()
    modified: tuple[GroupRule, ...] = ()
    target: str = ""
    groups_after: tuple[str, ...] = ()
    detail: str = ""
    rule_ids: tuple[str, ...] = ()
    asked: tuple[GroupRule, ...] = ()
    error: str = ""
    cidrs_added: tuple[str, ...] = ()
    cidrs_removed: tuple[str, ...] = ()
    caller: str = ""

    @property
    def dry_run(self) -> bool:
        """Return whether the call was only to see whether it would succeed, as it would have."""
        return self.error == DRY_RUN

    @property
    def touched(self) -> tuple[GroupRule, ...]:
        """Return every group rule that the change opens, closes or edits."""
        return self.added + self.removed + self.modified
