"""Entries: the typed, versioned lines of an alert's timeline.

*Observations* commute and are appended without a check. *Decisions* carry the version that they
were made on: the number of decisions before them. ``FORM`` is the version of an entry's stored
form: raise it when a field changes meaning, and keep reading the old ones.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.alerts.approval import (
    Approval,
    ContainmentApproved,
    ContainmentDeclined,
    ContainmentExpired,
    ContainmentPlanned,
    LeftToPeople,
)
from bot.alerts.climb_entries import ClimbDecision, ClimbObservation
from bot.alerts.closing import Closing
from bot.alerts.fact import Fact, Signal
from bot.alerts.people import Author
from bot.alerts.sighting import Sighting
from bot.changes.severity import Severity
from bot.containment.action import Action
from bot.containment.choice import Choice
from bot.containment.plan import Plan
from bot.exemptions.model import Exemption

FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeen:
    """Observation: a change by the alert's principal."""

    kind: Literal["change_seen"] = "change_seen"
    form: int = FORM
    at: datetime
    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Observation: what an investigation found.

    ``severity`` is what the signals raise the alert to, under the policy of then. ``seen`` is
    of how many changes it was asked; None where that was not kept yet.
    """

    kind: Literal["found"] = "found"
    form: int = FORM
    at: datetime
    facts: tuple[Fact, ...]
    signals: tuple[Signal, ...] = ()
    severity: Severity | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAtSource:
    """Observation: somebody took away again what the alert is about."""

    kind: Literal["closed_at_source"] = "closed_at_source"
    form: int = FORM
    at: datetime
    closing: Closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Observation: somebody tried what they may not."""

    kind: Literal["refused"] = "refused"
    form: int = FORM
    at: datetime
    by: Author
    command: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCallSeen:
    """Observation: CloudTrail's record of a call that our own containment made."""

    kind: Literal["own_call_seen"] = "own_call_seen"
    form: int = FORM
    at: datetime
    event_id: str
    request_id: str
    containment: str
    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Commented:
    """Observation: a person's note."""

    kind: Literal["commented"] = "commented"
    form: int = FORM
    at: datetime
    by: Author
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Decision: the alert exists, and is shown in ``channel``. ``after`` is the one it follows."""

    kind: Literal["raised"] = "raised"
    form: int = FORM
    at: datetime
    by: Author
    alert: str
    channel: str
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """Decision: a person holds the alert, at the severity it had then."""

    kind: Literal["acknowledged"] = "acknowledged"
    form: int = FORM
    at: datetime
    by: Author
    severity: Severity


class Reply(StrEnum):
    """What somebody who was asked "did you just…?" says."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"

    @property
    def words(self) -> str:
        """Return what the button says."""
        return {"yes": "Yes, that was me", "no": "No, not me", "unsure": "Not sure"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorAsked:
    """Decision: the person who did it is asked in a direct message."""

    kind: Literal["actor_asked"] = "actor_asked"
    form: int = FORM
    at: datetime
    by: Author
    slack_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorAnswered:
    """Decision: they answered for the ``seen`` changes. A "no" makes the alert critical."""

    kind: Literal["actor_answered"] = "actor_answered"
    form: int = FORM
    at: datetime
    by: Author
    reply: Reply
    reason: str
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedBenign:
    """Decision: resolved, because the change was fine."""

    kind: Literal["marked_benign"] = "marked_benign"
    form: int = FORM
    at: datetime
    by: Author
    seen: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """Decision: resolved, and such changes are expected from now on."""

    kind: Literal["exempted"] = "exempted"
    form: int = FORM
    at: datetime
    by: Author
    seen: int
    exemption: Exemption


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoExempted:
    """Decision: resolved, because an exemption that was saved elsewhere covers all its changes."""

    kind: Literal["also_exempted"] = "also_exempted"
    form: int = FORM
    at: datetime
    by: Author
    seen: int
    exemption: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """Decision: an alert that was resolved needs somebody again."""

    kind: Literal["reopened"] = "reopened"
    form: int = FORM
    at: datetime
    by: Author
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentAsked:
    """Decision: carry out exactly this plan. ``containment`` is also our AWS session's name.

    With ``approval`` it waits for a second person. ``of`` is what an undo or a release ends,
    ``choice`` what was picked, ``until`` when it is released by itself.
    """

    kind: Literal["containment_asked"] = "containment_asked"
    form: int = FORM
    at: datetime
    by: Author
    seen: int
    containment: str
    plan: Plan
    reason: str
    action: Action = Action.REVERT
    of: str = ""
    approval: Approval | None = None
    choice: Choice | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBegun:
    """Decision: the worker is about to make this call of the plan."""

    kind: Literal["call_begun"] = "call_begun"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    call: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """Decision: the call's outcome. ``error`` is empty where it did what it should.

    ``request_id`` is what AWS answered; empty where a crash lost the answer and the state was
    read back instead. ``made`` is the id of what the call made, if it made anything.
    """

    kind: Literal["call_ended"] = "call_ended"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    call: int
    request_id: str
    error: str = ""
    made: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentEnded:
    """Decision: the result as read back from AWS. ``verified`` is that the plan's end is so.

    ``dry`` is that nothing was called.
    """

    kind: Literal["containment_ended"] = "containment_ended"
    form: int = FORM
    at: datetime
    by: Author
    containment: str
    verified: bool
    told: str
    dry: bool = False


AlertObservation = (
    ChangeSeen | ClosedAtSource | Found | Refused | OwnCallSeen | Commented | LeftToPeople
)
AlertDecision = (
    Raised
    | Acknowledged
    | ActorAsked
    | ActorAnswered
    | MarkedBenign
    | Exempted
    | AlsoExempted
    | Reopened
    | ContainmentAsked
    | ContainmentPlanned
    | ContainmentApproved
    | ContainmentDeclined
    | ContainmentExpired
    | CallBegun
    | CallEnded
    | ContainmentEnded
)
AlertEntry = AlertObservation | AlertDecision
Observation = AlertObservation | ClimbObservation
Decision = AlertDecision | ClimbDecision
Entry = Observation | Decision

ENTRY: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def is_decision(entry: Entry) -> bool:
    """Return whether the entry counts towards the alert's version."""
    return not isinstance(entry, Observation)
