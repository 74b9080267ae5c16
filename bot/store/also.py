"""The open alerts that an exemption covers wholly, and that who saves it may resolve."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.alerts.alert import Alert, Status
from bot.alerts.commands import MarkBenign, Refusal
from bot.alerts.covering import MOST, Also
from bot.alerts.decide import decide
from bot.alerts.people import Person
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.preview import covers_all
from bot.store.previewing import past_change
from bot.store.store import Store

MOST_OPEN = 300
"""Alerts of each status that are looked at, the latest first."""


def also_resolves(
    store: Store, exemption: Exemption, person: Person, now: datetime
) -> tuple[Also, ...]:
    """Return the alerts beside the exemption's own, the latest first. Raises StoreError."""
    found = []
    for alert_id in _unresolved(store, exemption.scope):
        if alert_id == exemption.alert:
            continue
        reading = store.timelines.read(alert_id)
        if reading is None or not _may_resolve(reading.alert, person, now):
            continue
        if covers_wholly(store, exemption, reading.alert, now):
            found.append(Also(alert_id, reading.alert.counts.changes))
        if len(found) == MOST:
            break
    return tuple(found)


def resolvable(store: Store, alert_id: str, person: Person, now: datetime) -> Also | None:
    """Return the alert with its changes, if the person may resolve it. Raises StoreError."""
    reading = store.timelines.read(alert_id)
    if reading is None or not _may_resolve(reading.alert, person, now):
        return None
    return Also(alert_id, reading.alert.counts.changes)


def covers_wholly(store: Store, exemption: Exemption, alert: Alert, now: datetime) -> bool:
    """Return whether the exemption by itself covers all of the alert's changes."""
    # Most are kept by one of the worst already, which saves reading the rest.
    return covers_all(exemption, map(past_change, alert.worst), now) and covers_all(
        exemption, map(past_change, store.timelines.sightings(alert.id)), now
    )


def _may_resolve(alert: Alert, person: Person, now: datetime) -> bool:
    asked = MarkBenign("to be asked only", alert.counts.changes)
    return not isinstance(decide(alert, asked, person, now), Refusal)


def _unresolved(store: Store, scope: Scope) -> Iterable[str]:
    found = dict.fromkeys(
        _listed(store, (f"status:{s}" for s in Status if s is not Status.RESOLVED))
    )
    if scope.principals and not scope.principal_patterns:
        theirs = set(_listed(store, (f"principal:{name}" for name in scope.principals)))
        return [alert_id for alert_id in found if alert_id in theirs]
    return found


def _listed(store: Store, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from store.timelines.listed(name, MOST_OPEN)
