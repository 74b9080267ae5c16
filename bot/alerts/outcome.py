"""Outcomes: what became of one record, written once with its claim."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.alerts.closing import Closing
from bot.alerts.sighting import Sighting


class Fate(StrEnum):
    """What became of a record."""

    ALERTED = "alerted"
    HIDDEN = "hidden"
    UNMATCHED = "unmatched"
    SUPPRESSED = "suppressed"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A detection that matched but was not shown again, and the event that was shown instead."""

    detection: str
    event: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One record's fate, and what its history is searched by.

    ``sighting`` is kept for what matched; ``alert`` is the alert that it is in; ``hidden_by`` are
    the ids of the exemptions that covered it together. ``suppressed`` are the detections that were
    not shown again; an event of which nothing else is left to show has that fate. ``closing`` is
    what it took away, for the alerts about that. ``received`` is when we read the record: none
    where that was not kept yet. ``via`` is what found it in CloudTrail's event history, where it
    was not delivered: "backfill" or "reconciler". ``service``, ``session``, ``name`` (the
    caller's) and ``about`` (what was acted on) are there for those who ask what else was done.
    """

    event_id: str
    at: datetime
    fate: Fate
    action: str
    account: str
    region: str
    principal: str
    access_key: str = ""
    address: str = ""
    group: str = ""
    error: str = ""
    alert: str = ""
    hidden_by: tuple[str, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    sighting: Sighting | None = None
    received: datetime | None = None
    closing: Closing | None = None
    via: str = ""
    service: str = ""
    session: str = ""
    name: str = ""
    about: str = ""
