"""Previewing through the store: an exemption is tried on the alerts of the last 30 days."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from bot.alerts.alert import Status
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.preview import SPAN, PastAlert, PastChange, Preview, preview
from bot.store.moment import to_ms
from bot.store.store import Store

MOST_ALERTS, MOST_CHANGES = 300, 5000
"""Looked at by one preview, so that it takes no longer than somebody waits; the latest first."""


def preview_of(store: Store, exemption: Exemption, now: datetime) -> Preview:
    """Return what the exemption would have hidden. Raises StoreError."""
    raised = _raised(store, exemption.scope, now)
    alerts: list[PastAlert] = []
    room = MOST_CHANGES
    for alert_id in raised[:MOST_ALERTS]:
        changes = _changes(store, alert_id, exemption.scope)
        room -= len(changes)
        if room < 0:
            break
        if changes:
            alerts.append(PastAlert(alert_id, changes))
    cut = room < 0 or len(raised) > MOST_ALERTS
    return preview(exemption, alerts, store.exemptions.current(), now, cut=cut)


def _raised(store: Store, scope: Scope, now: datetime) -> list[str]:
    """Return the alerts of late that it could be about, the latest first; one more than looked at.

    Only names that are whole can be looked up; a pattern may stand for anyone.
    """
    lists: Iterable[str] = (f"status:{status}" for status in Status)
    if scope.principals and not scope.principal_patterns:
        lists = (f"principal:{principal}" for principal in scope.principals)
    since = to_ms(now - SPAN)
    found: dict[str, float] = {}
    for name in lists:
        found.update(store.timelines.raised_since(name, since, MOST_ALERTS + 1))
    return sorted(found, key=lambda alert_id: found[alert_id], reverse=True)


def _changes(store: Store, alert_id: str, scope: Scope) -> tuple[PastChange, ...]:
    """Return the alert's changes; none of an alert about other groups than the scope's."""
    pasts = tuple(
        PastChange(
            seen.change,
            seen.principal,
            tuple(detection.id for detection in seen.detections),
            seen.exposure,
            seen.severity,
            seen.around,
        )
        for seen in islice(store.timelines.sightings(alert_id), MOST_CHANGES + 1)
    )
    if scope.principals or not scope.groups or any("*" in group for group in scope.groups):
        return pasts
    return pasts if any(past.change.group.id in scope.groups for past in pasts) else ()
