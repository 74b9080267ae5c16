"""Policy about exemptions: how long they last, and which of them wait for a second person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.changes.severity import Severity
from bot.exemptions.model import FOREVER, Exemption


@dataclass(frozen=True, slots=True)
class ExemptionPolicy:
    """``lasts`` is for those that name no time, ``longest`` how far off an end may be.

    A second person approves what ``approve_…`` says, within ``request``: what hides also what opens
    to the world, what may hide changes this severe, what holds in one of these accounts, what ends
    later than so long from now. What has no end always waits for one.
    """

    lasts: timedelta = timedelta(days=7)
    longest: timedelta = timedelta(days=90)
    request: timedelta = timedelta(days=3)
    approve_world: bool = False
    approve_severity: Severity | None = None
    approve_accounts: tuple[str, ...] = ()
    approve_longer_than: timedelta | None = None


def approval_needed(exemption: Exemption, policy: ExemptionPolicy, now: datetime) -> str:
    """Return why a second person has to approve the exemption; empty if nobody has to."""
    scope = exemption.scope
    if exemption.expires_at == FOREVER:
        return "it has no end"
    if policy.approve_world and exemption.allow_world:
        return "it hides also what opens to the world"
    gravest, least = scope.max_severity, policy.approve_severity
    if least is not None and (gravest is None or gravest >= least):
        return f"it may hide what is {least} (a max-severity below that would not)"
    accounts = [a for a in policy.approve_accounts if not scope.accounts or a in scope.accounts]
    if accounts:
        return f"it holds in account {accounts[0]}"
    longer = policy.approve_longer_than
    if longer is not None and exemption.expires_at > now + longer:
        return f"it ends more than {longer.days} days from now"
    return ""
