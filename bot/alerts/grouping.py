"""Grouping: which changes become one alert, and what that alert is called."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from bot.alerts.policy import AlertPolicy
from bot.alerts.sighting import Sighting


@dataclass(frozen=True, slots=True)
class Window:
    """The alert that a principal's next change in an account may join.

    ``session`` is the automated session (a CI run) that the alert began with, else empty.
    """

    alert: str
    first: datetime
    last: datetime
    session: str


def alert_id(event_id: str) -> str:
    """Return the id of the alert that this event begins: the same for a redelivery."""
    digest = hashlib.sha256(event_id.encode()).digest()
    return f"SGW-{base64.b32encode(digest)[:8].decode()}"


def group_key(sighting: Sighting) -> str:
    """Return what changes must share to be one alert: the account, the principal, the person.

    People who share a role by an identity provider are different actors.
    """
    who = sighting.principal
    return "/".join(filter(None, (sighting.change.account, who.id, who.person)))


def opened_window(sighting: Sighting) -> Window:
    """Return the window of an alert that this sighting begins."""
    at = sighting.change.at
    return Window(alert_id(sighting.change.event_id), at, at, _session(sighting))


def joined(window: Window, sighting: Sighting, policy: AlertPolicy) -> Window | None:
    """Return the window with the sighting in it, or None if it belongs to a new alert.

    Events arrive in any order, so the window may grow at either end.
    """
    at = sighting.change.at
    first, last = min(window.first, at), max(window.last, at)
    grown = Window(window.alert, first, last, window.session)
    if window.session and window.session == _session(sighting):
        return grown if last - first <= policy.session_longest else None
    near = window.first - policy.idle <= at <= window.last + policy.idle
    return grown if near and last - first <= policy.longest else None


def _session(sighting: Sighting) -> str:
    who = sighting.principal
    return who.access_key if sighting.origin.automated and who.session else ""
