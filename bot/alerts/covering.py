"""Covering: an exemption that is saved also resolves the open alerts that it covers wholly."""

from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import CloseCovered, Refusal
from bot.alerts.entries import AlsoExempted, Entry
from bot.alerts.people import Author

MOST = 60
"""Alerts that one exemption also resolves: what a form can carry."""


@dataclass(frozen=True, slots=True)
class Also:
    """An alert that an exemption also resolves, with so many changes and no more."""

    alert: str
    changes: int


@dataclass(frozen=True, slots=True)
class Covering:
    """What is to be resolved once the exemption is saved, in the name of who saved it."""

    exemption: str
    by: Author
    alerts: tuple[Also, ...]
    at: datetime


def covered(alert: Alert, command: CloseCovered, now: datetime) -> tuple[Entry, ...] | Refusal:
    """Return the entry that resolves the alert, or why it stays as it is."""
    if alert.status is Status.RESOLVED:
        return Refusal("This alert is resolved already.")
    if alert.running is not None:
        return Refusal("A revert is under way.")
    if alert.counts.changes != command.seen:
        return Refusal("More changes have come since the exemption was saved.")
    return (
        AlsoExempted(
            at=now,
            by=command.by,
            seen=command.seen,
            exemption=command.exemption,
            reason=command.reason,
        ),
    )
