"""Commands about an alert's climb: what the worker does, and what a person asks for."""

from dataclasses import dataclass
from datetime import timedelta

from bot.escalation.climb import Call, Next
from bot.escalation.ladder import Ladder


@dataclass(frozen=True, slots=True)
class BeginClimb:
    """The worker has the alert climb; ``climb`` is the number that this climb would have."""

    climb: int
    ladder: Ladder
    name = "begin climb"


@dataclass(frozen=True, slots=True)
class CallLevel:
    """The worker is about to call what comes next, whoever that is now."""

    coming: Next
    calls: tuple[Call, ...]
    name = "call level"


@dataclass(frozen=True, slots=True)
class Remind:
    """The worker reminds whoever holds the alert."""

    name = "remind"


@dataclass(frozen=True, slots=True)
class Lapse:
    """The worker takes the alert from a holder who was reminded and did nothing."""

    name = "lapse"


@dataclass(frozen=True, slots=True)
class EscalateNow:
    """Call the next level now. ``ladder`` is climbed where the alert climbs none."""

    reason: str
    ladder: Ladder | None
    name = "escalate now"


@dataclass(frozen=True, slots=True)
class SnoozeUntil:
    """Call and remind nobody for so long."""

    lasts: timedelta
    reason: str
    name = "snooze"


ClimbWork = BeginClimb | CallLevel | Remind | Lapse
ClimbRequest = EscalateNow | SnoozeUntil
