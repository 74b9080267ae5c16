"""Entries of an alert's climb: whom it called, what came of it, and what people did about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.alerts.people import Author
from bot.changes.severity import Severity
from bot.escalation.climb import Call, Fate
from bot.escalation.ladder import Ladder

FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbBegan:
    """Decision: the alert climbs this ladder, kept as it was then, from level ``first`` on."""

    kind: Literal["climb_began"] = "climb_began"
    form: int = FORM
    at: datetime
    by: Author
    climb: int
    ladder: Ladder
    severity: Severity
    first: int = 0
    hurried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """Decision: a level is called, or its fallback, before anybody is. No calls: there is nobody.

    ``name`` is the level's.
    """

    kind: Literal["escalated"] = "escalated"
    form: int = FORM
    at: datetime
    by: Author
    climb: int
    round: int
    level: int
    fallback: bool
    name: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTold:
    """Observation: what became of one call."""

    kind: Literal["call_told"] = "call_told"
    form: int = FORM
    at: datetime
    climb: int
    key: str
    whom: str
    fate: Fate
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationAsked:
    """Decision: a person wants the next level called now. Whoever held the alert does no more."""

    kind: Literal["escalation_asked"] = "escalation_asked"
    form: int = FORM
    at: datetime
    by: Author
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed:
    """Decision: nobody is called, nor reminded, before a time."""

    kind: Literal["snoozed"] = "snoozed"
    form: int = FORM
    at: datetime
    by: Author
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """Decision: whoever holds the alert is reminded of it."""

    kind: Literal["reminded"] = "reminded"
    form: int = FORM
    at: datetime
    by: Author
    holder: Author


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerResolved:
    """Observation: somebody resolved the page in the pager. How it ended is still to be said."""

    kind: Literal["pager_resolved"] = "pager_resolved"
    form: int = FORM
    at: datetime
    name: str
    pager: str


ClimbObservation = CallTold | PagerResolved
ClimbDecision = ClimbBegan | Escalated | EscalationAsked | Snoozed | Reminded
ClimbEntry = ClimbObservation | ClimbDecision
