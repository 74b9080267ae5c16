"""Approval of exemptions: what waits for a second person is put into force by one, or lapses."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.alerts.commands import Refusal
from bot.alerts.decide import own_exemption
from bot.alerts.life import Deed, Life, LifeCommand, decide_life, lived
from bot.alerts.people import SGWATCH, Person, Right
from bot.exemptions.model import Exemption, Pending
from bot.exemptions.policy import ExemptionPolicy
from bot.exemptions.problems import problems


@dataclass(frozen=True, slots=True)
class Approve:
    """Put into force what is asked, as version ``seen`` showed it.

    ``hides`` are the names of those whose changes of late it would have hidden.
    """

    seen: int
    hides: tuple[str, ...] = ()
    name = "approve"


@dataclass(frozen=True, slots=True)
class Lapse:
    """The worker notes that nobody approved in time what is asked."""

    name = "let lapse"


ExemptionCommand = LifeCommand | Approve | Lapse


def decide_exemption(
    exemption: Exemption | None,
    command: ExemptionCommand,
    person: Person,
    now: datetime,
    policy: ExemptionPolicy,
) -> Life | Refusal:
    """Return the exemption as it is from now on, with the line that says so, or why not."""
    if not isinstance(command, Approve | Lapse):
        return decide_life(exemption, command, person, now, policy)
    if exemption is None:
        return Refusal("There is no such exemption.")
    pending = exemption.pending
    if pending is None:
        return Refusal(f"Nothing of {exemption.id} waits for approval.")
    if isinstance(command, Lapse):
        if exemption.is_asked(now):
            return Refusal(f"{exemption.id} may still be approved.")
        return lived(replace(exemption, pending=None), Deed.LAPSED, "nobody approved it", _US, now)
    refusal = _approve_refusal(exemption, pending, command, person, now, policy)
    return refusal or _approved(exemption, pending, person, now)


_US = Person(SGWATCH.slack_id, SGWATCH.name, SGWATCH.right)


def _approve_refusal(
    exemption: Exemption,
    pending: Pending,
    command: Approve,
    person: Person,
    now: datetime,
    policy: ExemptionPolicy,
) -> Refusal | None:
    needed = Right.APPROVER
    if person.right < needed:
        return Refusal(f"You need the right of an {needed} to do this.", needs=needed)
    if not exemption.is_asked(now):
        return Refusal(
            f"Nobody approved {exemption.id} until {pending.until:%Y-%m-%d %H:%M} UTC, so it is no "
            "longer asked for. Whoever needs it asks again."
        )
    if command.seen != exemption.version:
        return Refusal(
            f"{exemption.id} has changed since you were shown it: it is version "
            f"{exemption.version} now, you were shown {command.seen}. Look again, then approve."
        )
    if person.slack_id in {pending.by, pending.exemption.owner}:
        return Refusal("This is for yourself: somebody else has to approve it.")
    if own := own_exemption(pending.exemption.scope, person, command.hides):
        return own
    if wrong := problems(pending.exemption, now, policy.longest):
        return Refusal(wrong[0].message, field=wrong[0].field)
    return None


def _approved(exemption: Exemption, pending: Pending, person: Person, now: datetime) -> Life:
    new = replace(pending.exemption, version=exemption.version, pending=None)
    before = replace(exemption, pending=None) if exemption.is_in_force(now) else None
    return lived(new, Deed.APPROVED, pending.why, person, now, before=before)
