"""Identity: which calls in CloudTrail's records are our own (promise 6)."""

import re

from bot.changes.change import Change
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.containment.plan import Call

CONTAINMENT_ID = re.compile(r"SGW-[A-Z0-9]+-c[1-9][0-9]*")


def session_containment(principal: Principal, contain_role: str) -> str | None:
    """Return the containment that the session is named after, if the caller is our role.

    ``contain_role`` is the role's ARN, in which ``{account}`` stands for any account. Anybody can
    name a session so; only who may assume the role can be it.
    """
    if not contain_role or principal.kind is not PrincipalKind.ROLE or not principal.account:
        return None
    if principal.id != contain_role.replace("{account}", principal.account):
        return None
    return principal.session if CONTAINMENT_ID.fullmatch(principal.session) else None


def matches_call(change: Change, call: Call) -> bool:
    """Return whether the change is what this call of a plan does, no more and no less."""
    here = (change.account, change.region) == (call.account, call.region)
    return here and not change.error and call.effect.matches(change)
