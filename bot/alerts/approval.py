"""Approval: what a containment needs before anything is called, and the entries that tell of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.alerts.people import Author, Right
from bot.containment.plan import Plan

FORM = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """The right to ask, the right to approve, and whether it takes ``two`` people.

    ``lasting`` is how long a request waits before it expires. ``off`` is that AWS is not changed.
    """

    ask: Right = Right.RESPONDER
    approve: Right = Right.APPROVER
    two: bool = False
    lasting: timedelta = timedelta(minutes=30)
    off: bool = False


TERMS = Terms()
"""Of closing, where the policy says nothing else."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's approval that a containment waits for: their right, and until when."""

    right: Right
    until: datetime


class Standing(StrEnum):
    """Whether a containment may go ahead."""

    CLEARED = "cleared"
    WAITING = "waiting"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentPlanned:
    """Decision: what was to be changed has moved, so the plan was made again and is asked for."""

    kind: Literal["containment_planned"] = "containment_planned"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentApproved:
    """Decision: a second person approved the plan of this digest.

    ``glass`` is that an admin went ahead without a second person, and ``reason`` is why.
    """

    kind: Literal["containment_approved"] = "containment_approved"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    digest: str
    glass: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentDeclined:
    """Decision: it is not to be done; whoever asked for it may take it back so, too."""

    kind: Literal["containment_declined"] = "containment_declined"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentExpired:
    """Decision: nobody approved it in time."""

    kind: Literal["containment_expired"] = "containment_expired"
    form: int = FORM
    at: datetime
    by: Author
    containment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToPeople:
    """Observation: the policy would have had this reverted by itself, and people have to."""

    kind: Literal["left_to_people"] = "left_to_people"
    form: int = FORM
    at: datetime
    by: Author
    why: str
