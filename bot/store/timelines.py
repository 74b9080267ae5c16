"""Timelines: reading an alert, appending to it, and keeping its last fold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.alerts.alert import ALERT, Alert, ResolutionKind
from bot.alerts.entries import ENTRY, ChangeSeen, Entry, Exempted, Reopened, is_decision
from bot.alerts.evolve import evolve
from bot.alerts.index import index
from bot.alerts.life import Deed, Lived
from bot.alerts.progress import Progress
from bot.alerts.sighting import Sighting
from bot.changes.change import Change
from bot.exemptions.model import Exemption
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

PAGE = 500
"""Entries read at once: bounds what one reply holds."""

EXEMPTION: TypeAdapter[Exemption] = TypeAdapter(Exemption)
LIVED: TypeAdapter[Lived] = TypeAdapter(Lived)
PROGRESS: TypeAdapter[Progress] = TypeAdapter(Progress)


@dataclass(frozen=True, slots=True)
class _Exempting:
    """What an append does to an exemption: as it is from then on, and the line of its life."""

    id: str = ""
    exemption: str = ""
    lived: str = ""


NOTHING = _Exempting()


@dataclass(frozen=True, slots=True)
class Reading:
    """An alert as read at ``now``, Redis's time. ``folded`` is how far the stored fold went."""

    alert: Alert
    progress: Progress
    folded: int
    now: datetime


class Timelines:
    """The alerts. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def read(self, alert_id: str) -> Reading | None:
        """Return the alert as it is now, or None if there is none of that id."""
        keys = self._link.keys
        names = [keys.timeline(alert_id), keys.state(alert_id), keys.progress(alert_id)]
        now, value, position, _, length, tail, progress = self._link.run("read", names, [PAGE])
        if not length:
            return None
        alert = ALERT.validate_json(value) if value else None
        alert = evolve(alert, (ENTRY.validate_json(line) for line in tail))
        while alert.position < length:
            alert = evolve(alert, self.entries(alert_id, alert.position))
        return Reading(alert, _progress(progress), position, from_ms(now))

    def entries(self, alert_id: str, start: int, count: int = PAGE) -> list[Entry]:
        """Return up to ``count`` entries from the given place on."""
        lines = self._link.call(
            "LRANGE", self._link.keys.timeline(alert_id), start, start + count - 1
        )
        return [ENTRY.validate_json(line) for line in lines]

    def sightings(self, alert_id: str) -> Iterator[Sighting]:
        """Yield every change of the alert as it was judged, oldest first, page by page."""
        start = 0
        while page := self.entries(alert_id, start):
            yield from (entry.sighting for entry in page if isinstance(entry, ChangeSeen))
            start += len(page)

    def sightings_from(self, alert_id: str, start: int, count: int) -> list[tuple[int, Sighting]]:
        """Return up to so many changes from a place in the timeline on, each with its place."""
        found: list[tuple[int, Sighting]] = []
        while len(found) < count and (page := self.entries(alert_id, start, 2 * count)):
            found += _placed(page, start)
            start += len(page)
        return found[:count]

    def sightings_before(self, alert_id: str, end: int, count: int) -> list[tuple[int, Sighting]]:
        """Return the last changes, up to so many, before a place in the timeline."""
        found: list[tuple[int, Sighting]] = []
        while len(found) < count and end > 0:
            start = max(0, end - 2 * count)
            found = _placed(self.entries(alert_id, start, end - start), start) + found
            end = start
        return found[-count:]

    def changes(self, alert_id: str) -> Iterator[Change]:
        """Yield every change of the alert, oldest first."""
        return (sighting.change for sighting in self.sightings(alert_id))

    def observe(self, alert_id: str, entry: Entry) -> bool:
        """Append an observation; False if the alert is gone.

        Nothing is done on the strength of one, so that it need not be as safe as a decision: alerts
        are shown while a replica is away.
        """
        return self._append(alert_id, (entry,))

    def append(self, alert: Alert, entries: Sequence[Entry]) -> bool:
        """Append what was decided on ``alert``; False if it has moved on: decide again.

        An exemption among the entries comes into force in the same step; reopening the alert that
        was resolved by one ends it, and its life says who did.
        """
        status = evolve(alert, entries).status
        return self._append(alert.id, entries, decided_on=alert, status=status)

    def _append(
        self,
        alert_id: str,
        entries: Sequence[Entry],
        decided_on: Alert | None = None,
        status: str = "",
    ) -> bool:
        keys = self._link.keys
        exempting = _exempted(entries) or self._reopened(entries, decided_on)
        names = [keys.timeline(alert_id), keys.state(alert_id)]
        names += [keys.attention, keys.touched, keys.wake]
        names += [keys.exemptions, keys.exemptions_version, keys.exemption_life(exempting.id)]
        version = "" if decided_on is None else str(decided_on.version)
        args: list[str | int] = [f"alert:{alert_id}", version]
        args += [sum(map(is_decision, entries)), status]
        args += [exempting.id, exempting.exemption, exempting.lived]
        args += [decided_on.counts.changes if decided_on else ""]
        args += [sum(isinstance(entry, ChangeSeen) for entry in entries)]
        args += [ENTRY.dump_json(entry).decode() for entry in entries]
        append = self._link.run if decided_on is None else self._link.write
        return bool(append("append", names, args))

    def _reopened(self, entries: Sequence[Entry], decided_on: Alert | None) -> _Exempting:
        """Return what ends the exemption that the alert was resolved by, if it is reopened."""
        entry = next((each for each in entries if isinstance(each, Reopened)), None)
        end = decided_on.resolution if decided_on and entry else None
        if entry is None or end is None or end.kind is not ResolutionKind.EXEMPTED:
            return NOTHING
        line = self._link.call("HGET", self._link.keys.exemptions, end.detail)
        held = EXEMPTION.validate_json(line) if line else None
        if held is None or held.expires_at <= entry.at:
            return NOTHING
        ended = replace(held, expires_at=entry.at, version=held.version + 1)
        lived = Lived(at=entry.at, by=entry.by, did=Deed.ENDED, until=entry.at, reason=entry.reason)
        return _Exempting(held.id, _written(EXEMPTION, ended), _written(LIVED, lived))

    def snapshot(self, alert: Alert) -> None:
        """Keep the fold, unless a later one is kept already, and put the alert in its lists."""
        keys = self._link.keys
        args: list[str | int] = [alert.id, ALERT.dump_json(alert).decode(), alert.position]
        args += [to_ms(alert.raised_at), *sorted(index(alert))]
        self._link.run("snapshot", [keys.state(alert.id), keys.index("")], args)

    def listed(self, name: str, count: int = 100) -> list[str]:
        """Return the ids in a list (``bot.alerts.index``), the latest first."""
        found = self._link.call("ZREVRANGE", self._link.keys.index(name), 0, count - 1)
        return [str(alert_id) for alert_id in found]

    def raised_since(self, name: str, since: int, count: int) -> dict[str, float]:
        """Return when (ms) the latest alerts of a list were raised, by id, since a time (ms)."""
        key = self._link.keys.index(name)
        found = self._link.call("ZREVRANGEBYSCORE", key, "+inf", since, "LIMIT", 0, count)
        scores = self._link.call("ZMSCORE", key, *found) if found else []
        pairs = zip(found, scores, strict=True)
        return {str(alert_id): float(score) for alert_id, score in pairs if score is not None}

    def count(self, name: str) -> int:
        """Return how many alerts are in a list."""
        return int(self._link.call("ZCARD", self._link.keys.index(name)))

    def save_progress(self, alert_id: str, before: Progress, after: Progress) -> None:
        """Store the fields that differ. Alert and channel attend at once, each its own fields."""
        old = PROGRESS.dump_python(before, mode="json")
        new = PROGRESS.dump_python(after, mode="json")
        changed = {name: value for name, value in new.items() if value != old[name]}
        if changed:
            pairs = [part for name, value in changed.items() for part in (name, _json(value))]
            self._link.call("HSET", self._link.keys.progress(alert_id), *pairs)

    def forget(self, alert_id: str) -> None:
        """Remove an alert whose retention is over."""
        keys = self._link.keys
        names = [keys.timeline(alert_id), keys.state(alert_id), keys.progress(alert_id)]
        self._link.run("forget", [*names, keys.index("")], [alert_id])


def _placed(page: Sequence[Entry], start: int) -> list[tuple[int, Sighting]]:
    return [
        (place, entry.sighting)
        for place, entry in enumerate(page, start)
        if isinstance(entry, ChangeSeen)
    ]


def _exempted(entries: Sequence[Entry]) -> _Exempting | None:
    """Return the exemption that comes into force."""
    for entry in entries:
        if isinstance(entry, Exempted):
            return _Exempting(entry.exemption.id, _written(EXEMPTION, entry.exemption))
    return None


def _written(adapter: TypeAdapter[Any], value: object) -> str:
    return adapter.dump_json(value).decode()


_JSON: TypeAdapter[object] = TypeAdapter(object)


def _json(value: object) -> str:
    return _JSON.dump_json(value).decode()


def _progress(flat: list[str]) -> Progress:
    fields = ",".join(
        f"{_json(name)}:{value}" for name, value in zip(flat[::2], flat[1::2], strict=True)
    )
    return PROGRESS.validate_json("{" + fields + "}")
