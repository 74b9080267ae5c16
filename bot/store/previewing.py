"""Previewing through the store: an exemption is tried on the alerts of the last 30 days."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice

from bot.alerts.alert import Status
from bot.alerts.sighting import Sighting
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.preview import SPAN, PastAlert, PastChange, Preview, preview
from bot.store.moment import to_ms
from bot.store.store import Store

MOST_ALERTS, MOST_CHANGES = 300, 5000
"""Looked at by one preview, so that it takes no longer than somebody waits; the latest first."""


MOST_HIDDEN = 1000
"""Of the latest changes that an exemption hid, so many are asked who made them."""

Pasts = Callable[[str], tuple[PastChange, ...]]


def preview_of(store: Store, exemption: Exemption, now: datetime) -> Preview:
    """Return what the exemption would have hidden. Raises StoreError."""
    (found,) = previews_of(store, [exemption], now)
    return found


def previews_of(store: Store, exemptions: Sequence[Exemption], now: datetime) -> list[Preview]:
    """Return what each would have hidden; no alert is read twice. Raises StoreError."""
    pasts: dict[str, tuple[PastChange, ...]] = {}

    def read(alert_id: str) -> tuple[PastChange, ...]:
        if alert_id not in pasts:
            seen = islice(store.timelines.sightings(alert_id), MOST_CHANGES + 1)
            pasts[alert_id] = tuple(map(past_change, seen))
        return pasts[alert_id]

    return [_preview(store, exemption, now, read) for exemption in exemptions]


def callers_hidden(
    store: Store, exemption: Exemption, now: datetime, found: Preview | None = None
) -> tuple[str, ...]:
    """Return every name of those whose changes it would have hidden, or has hidden, of late.

    What it hid is in no alert, so that no preview tells it. Raises StoreError.
    """
    seen = found or preview_of(store, exemption, now)
    hidden = store.events.history("exemption", exemption.id, MOST_HIDDEN)
    callers = (o.sighting.principal.names for o in hidden if o.sighting)
    return tuple(dict.fromkeys(name for each in (seen.callers, *callers) for name in each))


def past_change(seen: Sighting) -> PastChange:
    """Return a change as exemptions are tried on it."""
    return PastChange(
        seen.change,
        seen.principal,
        tuple(detection.id for detection in seen.detections),
        seen.exposure,
        seen.severity,
        seen.around,
    )


def _preview(store: Store, exemption: Exemption, now: datetime, read: Pasts) -> Preview:
    raised = _raised(store, exemption.scope, now)
    alerts: list[PastAlert] = []
    room = MOST_CHANGES
    for alert_id in raised[:MOST_ALERTS]:
        changes = _about(exemption.scope, read(alert_id))
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


def _about(scope: Scope, pasts: tuple[PastChange, ...]) -> tuple[PastChange, ...]:
    """Return an alert's changes; none of an alert about other groups than the scope's."""
    if scope.principals or not scope.groups or any("*" in group for group in scope.groups):
        return pasts
    return pasts if any(past.change.group.id in scope.groups for past in pasts) else ()
