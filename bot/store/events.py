"""Events: what became of each record, claimed and written by one script."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from pydantic import TypeAdapter

from bot.alerts.closed import exposing
from bot.alerts.closing import Closing, place_of
from bot.alerts.entries import ENTRY, ChangeSeen, Entry, is_decision
from bot.alerts.grouping import Window
from bot.alerts.outcome import Outcome
from bot.changes.baseline import REWRITES
from bot.changes.sentence import number_of
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

HISTORY_KEPT = 1000
"""Lines kept per principal, key, address, group and exemption."""

PLACE_KEPT = 100
"""Closings, and alerts, kept per group and prefix list."""

CLAIMS_AT_ONCE = 500
"""Claims confirmed by one script."""

MOST_DAYS = 400
"""Days searched for an event, at most."""

PLACE = re.compile(r"\d{12}/[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}", re.ASCII)

GROUP = re.compile(r"sg-[0-9a-z]{4,64}", re.ASCII)
MOST_CHANGED = 5000
"""Groups that wait to be read anew; what is beyond is read with the rest, later."""

CLOSINGS_LIFE = timedelta(days=7)
"""A closing waits so long for the record of the opening that it took away."""

OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
CLOSING: TypeAdapter[Closing] = TypeAdapter(Closing)


class Written(IntEnum):
    """What the script answered."""

    ENDED = -2
    MOVED = -1
    KNOWN = 0
    NEW = 1


@dataclass(frozen=True, slots=True)
class Placing:
    """How a record enters an alert: with which entries, and what the choice was based on.

    ``based_on`` is the alert that the group's window held when it was read. ``window`` is None for
    a note on an alert that exists (a record of our own call), based on the timeline's length.
    """

    alert: str
    entries: tuple[Entry, ...]
    based_on: str
    group: str = ""
    window: Window | None = None

    @property
    def how(self) -> str:
        """Return the script's word for it."""
        if self.window is None:
            return "note"
        return "join" if self.based_on == self.alert else "new"


class Hid(NamedTuple):
    """How many changes an exemption hid; ``more`` is that no more than these are kept."""

    changes: int
    more: bool
    days: int

    @property
    def told(self) -> str:
        """Return it in words."""
        number = (
            f"{self.changes} changes or more" if self.more else number_of(self.changes, "change")
        )
        return f"hid {number} in the last {self.days} days"


class Place(NamedTuple):
    """Where events come from."""

    account: str
    region: str


class Events:
    """The records that were read. Raises StoreError from every method."""

    def __init__(self, link: Link, horizon: timedelta, window_life: timedelta) -> None:
        self._link = link
        self.horizon = horizon
        self._window_life = window_life

    def window(self, group: str) -> Window | None:
        """Return the alert that the group's next change may join."""
        name = self._link.keys.window(group)
        alert, first, last, session = self._link.call(
            "HMGET", name, "alert", "first", "last", "session"
        )
        if alert is None:
            return None
        return Window(alert, from_ms(int(first)), from_ms(int(last)), session)

    def write(self, outcome: Outcome, placing: Placing | None = None) -> Written:
        """Claim the record and write what became of it, together with its place in an alert."""
        keys, day = self._link.keys, outcome.at.date()
        alert, group = (placing.alert, placing.group) if placing else ("", "")
        names = [keys.outcomes(day), keys.counters, keys.timeline(alert), keys.state(alert)]
        names += [keys.window(group), keys.attention, keys.touched, keys.wake]
        place = _place(outcome)
        names += [keys.closings(place), keys.openings(place), keys.places, keys.baselines_changed]
        names += [keys.history(by, value) for by, value in _history(outcome) if value]
        args: list[str | int] = [outcome.event_id, OUTCOME.dump_json(outcome).decode()]
        args += [outcome.fate.value, to_ms(outcome.at), _ms(self.horizon)]
        args += [f"{day.isoformat()}/{outcome.event_id}", HISTORY_KEPT]
        args += [_closing(outcome), _opens(outcome), PLACE_KEPT, _ms(CLOSINGS_LIFE)]
        args += self._placed(placing, [_account_region(outcome), _rewritten(outcome), MOST_CHANGED])
        return Written(self._link.run("record", names, args))

    def _placed(self, placing: Placing | None, where: list[str | int]) -> list[str | int]:
        if placing is None:
            return ["", "", "", 0, "", "", "", 0, 0, *where]
        window = placing.window
        placed: list[str | int] = [
            placing.how,
            placing.alert,
            placing.based_on,
            _ms(self._window_life),
        ]
        placed += (
            [to_ms(window.first), to_ms(window.last), window.session] if window else ["", "", ""]
        )
        placed += [sum(map(is_decision, placing.entries))]
        placed += [sum(isinstance(entry, ChangeSeen) for entry in placing.entries)]
        placed += where
        return placed + [ENTRY.dump_json(entry).decode() for entry in placing.entries]

    def confirm(self, claims: Sequence[tuple[date, str]]) -> bool:
        """Return whether the claims are there, once they are as safe as durability asks.

        They are written again for that: what a server that took over has lost is then noticed, and
        what another connection wrote is waited for too. Everything that was written before them
        is as safe as they are.
        """
        if not self._link.durability.waiting:
            return True
        keys = [self._link.keys.outcomes(day) for day, _ in claims]
        for start in range(0, len(keys), CLAIMS_AT_ONCE):
            end = start + CLAIMS_AT_ONCE
            ids: list[str | int] = [event_id for _, event_id in claims[start:end]]
            if not self._link.write("confirm", keys[start:end], ids):
                return False
        return True

    def closings(self, places: Sequence[str]) -> list[Closing]:
        """Return what was lately taken away from the groups and prefix lists given."""
        keys = [self._link.keys.closings(place) for place in places]
        return [CLOSING.validate_json(line) for line in self._link.run("closings", keys, [])]

    def outcome(self, day: date, event_id: str) -> Outcome | None:
        """Return what became of the record of that day and id."""
        found = self._link.call("HGET", self._link.keys.outcomes(day), event_id)
        return OUTCOME.validate_json(found) if found else None

    def find(self, event_id: str) -> Outcome | None:
        """Return what became of the record of that id, whatever its day: all are searched."""
        today = from_ms(self._link.run("now", [], [])).date()
        days = min(self.horizon.days, MOST_DAYS) + 1
        keys = [self._link.keys.outcomes(today + timedelta(1 - n)) for n in range(days + 1)]
        found = self._link.run("find", keys, [event_id])
        return OUTCOME.validate_json(found) if found else None

    def known(self, day: date, event_ids: Sequence[str]) -> frozenset[str]:
        """Return which of the records of one day have an outcome."""
        if not event_ids:
            return frozenset()
        found = self._link.call("HMGET", self._link.keys.outcomes(day), *event_ids)
        return frozenset(i for i, outcome in zip(event_ids, found, strict=True) if outcome)

    def places(self) -> list[Place]:
        """Return the accounts and regions that events came from within the horizon."""
        now = self._link.run("now", [], [])
        found = self._link.call(
            "ZRANGEBYSCORE", self._link.keys.places, now - _ms(self.horizon), "+inf"
        )
        return [Place(*str(place).split("/")) for place in sorted(found)]

    def known_since(self, today: date, days: int) -> date | None:
        """Return the first of so many days of which outcomes are kept."""
        kept = (today - timedelta(days=ago) for ago in range(days, -1, -1))
        return next(
            (d for d in kept if self._link.call("EXISTS", self._link.keys.outcomes(d))), None
        )

    def history(
        self, by: str, value: str, count: int = 100, since: datetime | None = None
    ) -> list[Outcome]:
        """Return the latest by "principal", "key", "address", "group" or "exemption"."""
        keys = self._link.keys
        names = [keys.history(by, value), keys.outcomes_stem]
        found = self._link.run("history", names, [count, to_ms(since) if since else "-inf"])
        return [OUTCOME.validate_json(line) for line in found]

    def hid(self, exemption: str, within: timedelta | None = None) -> Hid:
        """Return how many changes an exemption hid within the horizon, or so long a time."""
        span = min(within or self.horizon, self.horizon)
        since = self._link.run("now", [], []) - _ms(span)
        key = self._link.keys.history("exemption", exemption)
        number = int(self._link.call("ZCOUNT", key, since, "+inf"))
        return Hid(number, number >= HISTORY_KEPT, span.days)

    def counts(self) -> dict[str, int]:
        """Return how many records had which fate, as "events:FATE", and other counts."""
        return {k: int(v) for k, v in self._link.call("HGETALL", self._link.keys.counters).items()}

    def count(self, name: str) -> None:
        """Count something else that happened, such as a dead letter."""
        self._link.call("HINCRBY", self._link.keys.counters, name, 1)


def _place(outcome: Outcome) -> str:
    if outcome.closing is not None:
        return outcome.closing.place
    return place_of(outcome.sighting.change) if outcome.sighting else ""


def _closing(outcome: Outcome) -> str:
    return CLOSING.dump_json(outcome.closing).decode() if outcome.closing else ""


def _opens(outcome: Outcome) -> int:
    return int(outcome.sighting is not None and exposing(outcome.sighting))


def _account_region(outcome: Outcome) -> str:
    """Return where the record is from; what does not look so is no place to ask."""
    place = f"{outcome.account}/{outcome.region}"
    return place if PLACE.fullmatch(place) else ""


def _rewritten(outcome: Outcome) -> str:
    """Return the group that the record left with other rules, where it is surely one."""
    rewrites = outcome.action in REWRITES and not outcome.error and GROUP.fullmatch(outcome.group)
    place = _account_region(outcome) if rewrites else ""
    return f"{place}/{outcome.group}" if place else ""


def _history(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    return (
        ("principal", outcome.principal),
        ("key", outcome.access_key),
        ("address", outcome.address),
        ("group", outcome.group),
        *(("exemption", exemption) for exemption in outcome.hidden_by),
    )


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
