"""Set aside: low alerts that the policy leaves to the digest instead of a message of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.alerts.alert import Alert
from bot.alerts.progress import Progress
from bot.changes.severity import Severity


class Every(StrEnum):
    """How often the channel gets a digest."""

    NEVER = "never"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Instead:
    """Low alerts in one of these accounts by these detections; empty is any."""

    accounts: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """How often there is a digest, and the alerts that are told in it alone."""

    every: Every = Every.NEVER
    instead: tuple[Instead, ...] = ()


def is_set_aside(alert: Alert, progress: Progress, policy: DigestPolicy) -> bool:
    """Return whether the alert has no message of its own.

    What is above low has one, and so has what may be in the channel already, is on a storm's list,
    what somebody wants to see there, or what AWS was to be changed for.
    """
    if alert.severity is not Severity.LOW or not alert.worst:
        return False
    if progress.ts or progress.posting or progress.wanted or progress.storm:
        return False
    if alert.containments:
        return False
    return bool(alert.detections) and all(
        _covers(policy.instead, alert.worst[0].change.account, detection.id)
        for detection in alert.detections
    )


def _covers(instead: Sequence[Instead], account: str, detection: str) -> bool:
    return any(
        (not each.accounts or account in each.accounts)
        and (not each.detections or detection in each.detections)
        for each in instead
    )
