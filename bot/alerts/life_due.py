"""What is to be told of an exemption now, and when to look again.

What was told is in its life, so that it is told once even where our progress was lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.alerts.life import Deed, Lived
from bot.alerts.progress import Trouble
from bot.exemptions.model import Exemption

BEFORE = timedelta(days=3)
"""The owner is reminded so long before the end, and not before three quarters of the time."""


class LifeStep(StrEnum):
    """What is to be done for an exemption."""

    REMIND = "remind"
    TELL_ENDED = "tell_ended"
    SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class LifeProgress:
    """How far our own work has come.

    ``channel`` and ``posting`` mark a post begun and not known to have ended; ``reminder`` is the
    message of the last reminder in ``reminded_in`` and ``about`` the end that it speaks of, until
    it shows what became of that. ``unreachable`` is that the owner cannot be written to.
    """

    channel: str = ""
    posting: datetime | None = None
    reminder: str = ""
    reminded_in: str = ""
    about: datetime | None = None
    unreachable: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class LifeDue:
    """The step to do now, if there is one, and when to look again."""

    step: LifeStep | None
    next: datetime | None


def life_due(
    exemption: Exemption, lived: Sequence[Lived], progress: LifeProgress, now: datetime
) -> LifeDue:
    """Return what is due for the exemption."""
    step, again = _step(exemption, lived, progress, now)
    if step is not None and progress.trouble is not None and progress.trouble.next_try > now:
        return LifeDue(None, progress.trouble.next_try)
    return LifeDue(step, again)


def _step(
    exemption: Exemption, lived: Sequence[Lived], progress: LifeProgress, now: datetime
) -> tuple[LifeStep | None, datetime | None]:
    ends = exemption.expires_at
    if ends <= exemption.created_at:
        # It waits for approval, or nobody gave it: there is no end to tell of.
        return None, None
    told = {line.did for line in lived if line.until == ends}
    if progress.reminder and (progress.about != ends or ends <= now):
        return LifeStep.SETTLE, now
    if ends <= now:
        to_tell = Deed.TOLD not in told and not _ended_by_owner(exemption, lived)
        return (LifeStep.TELL_ENDED if to_tell else None), None
    if Deed.REMINDED in told:
        return None, ends
    remind_at = reminded_at(exemption, lived)
    return (LifeStep.REMIND, ends) if remind_at <= now else (None, remind_at)


def reminded_at(exemption: Exemption, lived: Sequence[Lived]) -> datetime:
    """Return when the owner is to be reminded of the end."""
    extended = (line.at for line in lived if line.did is Deed.EXTENDED)
    began = max((exemption.created_at, *extended))
    ends = exemption.expires_at
    return ends - min(BEFORE, (ends - began) / 4)


def ending_of(exemption: Exemption, lived: Sequence[Lived]) -> Lived | None:
    """Return the decision that ended the exemption; None where it ran out."""
    ends = exemption.expires_at
    return next((e for e in lived if e.did is Deed.ENDED and e.until == ends), None)


def _ended_by_owner(exemption: Exemption, lived: Sequence[Lived]) -> bool:
    """Return whether the owner ended it: then they know."""
    ended = ending_of(exemption, lived)
    return ended is not None and ended.by.slack_id == exemption.owner
