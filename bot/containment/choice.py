"""Choices: what a responder picks in a form before the plan is made."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Isolate:
    """What to quarantine. ``targets`` are ids of instances or interfaces.

    ``cut`` closes the whole subnet by its network ACL, which alone ends tracked connections at
    once.
    """

    targets: tuple[str, ...]
    standby: bool = True
    deregister: bool = True
    snapshot: bool = False
    tag: bool = True
    cut: bool = False
    kind: Literal["isolate"] = "isolate"


class Reach(StrEnum):
    """What the actor is denied from now on."""

    GROUPS = "groups"
    ALL = "all"

    @property
    def words(self) -> str:
        """Return what a responder reads."""
        return {"groups": "changes of security groups", "all": "everything"}[self.value]


@dataclass(frozen=True, slots=True)
class Stop:
    """How to restrict the actor. With no ``hours`` it lasts until it is released."""

    reach: Reach = Reach.GROUPS
    switch_key: bool = False
    hours: int = 0
    kind: Literal["stop"] = "stop"

    @property
    def lasts(self) -> timedelta | None:
        """Return for how long; None until it is released."""
        return timedelta(hours=self.hours) if self.hours else None


Choice = Annotated[Isolate | Stop, Field(discriminator="kind")]
