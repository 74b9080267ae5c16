"""People and rights: who decides, and what they may."""

from dataclasses import dataclass
from enum import Enum
from functools import total_ordering


@total_ordering
class Right(Enum):
    """What a person may do; each includes those before it."""

    NONE = "none"
    VIEWER = "viewer"
    RESPONDER = "responder"
    APPROVER = "approver"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Return 0 for none to 4 for admin."""
        return list(Right).index(self)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Right):
            return NotImplemented
        return self.rank < other.rank

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Person:
    """Who decides, as resolved at the click. A rule of ours that decides has no ``slack_id``.

    ``policy`` names the policy (a short hash) that gave the right. ``principals`` are the
    principal ids and labels known to be this person, so that nobody resolves their own change.
    """

    slack_id: str
    name: str
    right: Right
    email: str = ""
    policy: str = ""
    principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who made an entry, with the right and the policy that it was made under."""

    slack_id: str
    name: str
    right: Right = Right.NONE
    policy: str = ""


SGWATCH = Author(slack_id="", name="sgwatch")
