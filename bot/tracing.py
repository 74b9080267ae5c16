"""Tracing: what became of one record, from the call in AWS to the message in Slack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.entries import ChangeSeen
from bot.alerts.outcome import Outcome
from bot.alerts.progress import Progress
from bot.aws.deadletters import DeadLetter, Look
from bot.cloudtrail.envelope import EnvelopeError, open_envelope
from bot.exemptions.model import Exemption
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class Posted:
    """The alert's message. ``at`` is when it showed the record, ``by`` if that is only a bound."""

    channel: str
    ts: str
    at: datetime
    by: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a record. Without an outcome nothing was claimed under its id.

    ``exemptions`` are those that hid it and are still known. ``waits_for`` is why its alert is not
    shown yet, as far as anything failed. ``dead`` are the dead letters that name it.
    """

    event_id: str
    outcome: Outcome | None = None
    alert: Alert | None = None
    posted: Posted | None = None
    waits_for: str = ""
    exemptions: tuple[Exemption, ...] = ()
    dead: tuple[DeadLetter, ...] = ()

    @property
    def to_received(self) -> timedelta | None:
        """Return how long it took from the call to our reading its record."""
        if self.outcome is None or self.outcome.received is None:
            return None
        return max(self.outcome.received - self.outcome.at, timedelta(0))

    @property
    def to_posted(self) -> timedelta | None:
        """Return how long it took from our reading it to its being shown."""
        if self.outcome is None or self.outcome.received is None or self.posted is None:
            return None
        return max(self.posted.at - self.outcome.received, timedelta(0))


def trace(store: Store, event_id: str) -> Trace:
    """Return what the store knows of a record. Raises StoreError."""
    outcome = store.events.find(event_id)
    if outcome is None:
        return Trace(event_id)
    hidden = tuple(e for e in store.exemptions.current() if e.id in outcome.hidden_by)
    reading = store.timelines.read(outcome.alert) if outcome.alert else None
    if reading is None:
        return Trace(event_id, outcome, exemptions=hidden)
    place = _place(store, outcome)
    trouble = reading.progress.present
    return Trace(
        event_id,
        outcome,
        reading.alert,
        _posted(outcome, place, reading.progress),
        trouble.error if trouble else "",
        hidden,
    )


def _place(store: Store, outcome: Outcome) -> int | None:
    """Return where in its alert's timeline the record stands."""
    start = 0
    while page := store.timelines.entries(outcome.alert, start):
        for number, entry in enumerate(page, start):
            if isinstance(entry, ChangeSeen) and entry.sighting.change.event_id == outcome.event_id:
                return number
        start += len(page)
    return None


def _posted(outcome: Outcome, place: int | None, progress: Progress) -> Posted | None:
    """Return where it is shown. The moment of an edit is known of the last one only."""
    if place is None or not progress.ts or progress.shown <= place or progress.posted is None:
        return None
    channel, ts, first = progress.channel, progress.ts, progress.posted
    if outcome.received is None or outcome.received <= first:
        return Posted(channel, ts, first)
    return Posted(channel, ts, progress.edited_at or first, by=True)


def letters_naming(look: Look, event_id: str) -> Iterator[DeadLetter]:
    """Yield the dead letters in which the record's id stands. Raises AwsError."""
    return (letter for letter in look if event_id in letter.body)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one record of a message; None where nothing is kept of it, or not yet."""

    event_id: str
    outcome: Outcome | None


def became(store: Store, body: str) -> list[Became]:
    """Return what became of the records in a message, but for those that lie in log files.

    Raises StoreError.
    """
    try:
        records = open_envelope(body).records
    except EnvelopeError:
        return []
    return [
        Became(r.event_id, store.events.outcome(r.event_time.date(), r.event_id)) for r in records
    ]
