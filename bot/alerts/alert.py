"""The alert: what its timeline adds up to, as a value."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

from bot.alerts.approval import Approval, Standing
from bot.alerts.closing import Closing
from bot.alerts.entries import Reply
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.people import Author
from bot.alerts.sighting import DetectionRef, Sighting
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal
from bot.containment.action import Action, Intent
from bot.containment.choice import Choice
from bot.containment.plan import Plan
from bot.escalation.climb import Climb
from bot.escalation.target import Target

WORST_KEPT = 50
GROUPS_KEPT = 500


class Status(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class ResolutionKind(StrEnum):
    """How an alert was resolved."""

    BENIGN = "benign"
    EXEMPTED = "exempted"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True)
class Hold:
    """Who acknowledged the alert, when, and how severe it was then."""

    by: Author
    at: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class Resolution:
    """How the alert ended. ``detail`` is what was read back, or the exemption's id."""

    kind: ResolutionKind
    by: Author
    at: datetime
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CallState:
    """One call of a plan: begun, ended, and whether CloudTrail's record of it was seen."""

    begun: bool = False
    ended: bool = False
    request_id: str = ""
    error: str = ""
    record_seen: bool = False
    made: str = ""


@dataclass(frozen=True, slots=True)
class Containment:
    """A plan that is asked for, under way or done.

    ``verified`` is None until it was read back from AWS. ``of`` is what an undo undoes or a
    release releases, ``until`` when it is released by itself.
    ``settled_by`` approved, declined or let it expire; ``glass`` is that an admin did it alone, and
    ``why_alone`` why.
    ``dry`` is that it was a rehearsal: nothing was called.
    """

    id: str
    plan: Plan
    by: Author
    at: datetime
    reason: str
    seen: int
    calls: tuple[CallState, ...]
    verified: bool | None = None
    told: str = ""
    action: Action = Action.REVERT
    of: str = ""
    approval: Approval | None = None
    standing: Standing = Standing.CLEARED
    settled_by: Author | None = None
    glass: bool = False
    why_alone: str = ""
    dry: bool = False
    choice: Choice | None = None
    until: datetime | None = None

    @property
    def intent(self) -> Intent:
        """Return what it is meant to do, for making its plan again."""
        return Intent(self.action, self.seen, self.of, self.choice, self.id)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the alert holds in all. ``groups`` are ids, the first 500 of them.

    ``others`` are changes without group rules, such as an instance moved into another group,
    ``exposing`` are those that opened something to somebody.
    """

    changes: int = 0
    rules: int = 0
    world: int = 0
    groups: tuple[str, ...] = ()
    others: int = 0
    exposing: int = 0


@dataclass(frozen=True, slots=True)
class Rise:
    """The entry (by its place in the timeline) that made the alert more severe."""

    entry: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class Actor:
    """Who was asked "did you just…?", when, and what they said.

    ``seen`` is how many changes they answered for, ``answered_on`` the alert's version by then.
    """

    slack_id: str
    name: str
    asked_at: datetime
    answer: Reply | None = None
    reason: str = ""
    answered_at: datetime | None = None
    seen: int = 0
    answered_on: int = 0

    @property
    def denial(self) -> str:
        """Return what a "no" says."""
        return f"{self.name} says it was not them"


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was answered last, and of how many changes."""

    question: Question
    at: datetime
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Snooze:
    """Until when nobody is called, who wants that, and why."""

    by: Author
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pager:
    """A pager that was called, and the key by which it knows the alert."""

    target: Target
    key: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. ``position`` counts its entries, ``version`` its decisions.

    ``worst`` holds the 50 worst changes, worst first; the rest are in the timeline. ``base`` is the
    severity of the changes alone, which signals may raise. ``left`` is why the policy did not have
    it reverted by itself.
    """

    id: str
    position: int
    version: int
    channel: str
    raised_at: datetime
    after: str = ""
    status: Status = Status.OPEN
    severity: Severity = Severity.LOW
    base: Severity = Severity.LOW
    principal: Principal | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    worst: tuple[Sighting, ...] = ()
    counts: Counts = Counts()
    detections: tuple[DetectionRef, ...] = ()
    facts: tuple[Fact, ...] = ()
    signals: tuple[Signal, ...] = ()
    asked: tuple[Asked, ...] = ()
    rises: tuple[Rise, ...] = ()
    hold: Hold | None = None
    actor: Actor | None = None
    reopened: str = ""
    resolution: Resolution | None = None
    containments: tuple[Containment, ...] = ()
    closings: tuple[Closing, ...] = ()
    left: str = ""
    climb: Climb | None = None
    snooze: Snooze | None = None
    reminded_at: datetime | None = None
    pagers: tuple[Pager, ...] = ()
    resolved_in_pager: str = ""

    @property
    def running(self) -> Containment | None:
        """Return the containment that is under way, if one is."""
        cleared = (c for c in self.containments if c.standing is Standing.CLEARED)
        return next((c for c in cleared if c.verified is None), None)

    @property
    def waiting(self) -> Containment | None:
        """Return the containment that waits for a second person, if one does."""
        return next((c for c in self.containments if c.standing is Standing.WAITING), None)

    @property
    def undoable(self) -> Containment | None:
        """Return the last revert that changed AWS, unless it was undone."""
        done = [c for c in self.containments if c.verified and not c.dry]
        reverts = [c for c in done if c.action in {Action.REVERT, Action.UNDO}]
        return reverts[-1] if reverts and reverts[-1].action is Action.REVERT else None

    @property
    def undone_at(self) -> datetime | None:
        """Return when it was last asked for that a revert be undone, if it was."""
        undone = [
            c.at
            for c in self.containments
            if c.action is Action.UNDO and any(s.begun for s in c.calls)
        ]
        return undone[-1] if undone and self.resolution is None else None


ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)
