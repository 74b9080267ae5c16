"""Reverting by itself: which alerts the policy has reverted without anybody asking."""

from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.asking import JUST
from bot.alerts.terms import ContainmentPolicy, account_of


def reverts_itself(alert: Alert, policy: ContainmentPolicy, now: datetime) -> bool:
    """Return whether the policy has the alert reverted now.

    Only what was done just now, where every change was found by a detection that the policy names,
    and before anybody has taken the alert up. What comes after such a revert is reverted too; what
    somebody has undone, declined or let expire is not.
    """
    automatic = policy.automatic
    if alert.last_at is None or now - alert.last_at > JUST:
        return False
    if policy.off or not automatic.detections or account_of(alert) not in automatic.accounts:
        return False
    if alert.status is not Status.OPEN or alert.running or alert.waiting or alert.left:
        return False
    if not all(
        c.verified and not c.dry and not c.by.slack_id and c.seen < alert.counts.changes
        for c in alert.containments
    ):
        return False
    whole = alert.counts.changes == len(alert.worst)
    named = (any(d.id in automatic.detections for d in seen.detections) for seen in alert.worst)
    return whole and all(named)


def why_by_itself(alert: Alert, policy: ContainmentPolicy) -> str:
    """Return the reason that is kept with such a revert."""
    names = [d.name for d in alert.detections if d.id in policy.automatic.detections]
    return f"the policy has reverted what this finds: {', '.join(names)}"
