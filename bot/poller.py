"""The poller: reads events from the queue and writes what becomes of each, once.

A message leaves the queue only when the outcome of every record in it is stored, or when it lies
in the dead-letter queue with the reason.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from threading import Event
from typing import Protocol

from bot import metrics
from bot.alerts.alert import Alert
from bot.alerts.entries import ChangeSeen, Entry, OwnCallSeen, Raised, Sighting
from bot.alerts.grouping import group_key, joined, opened_window
from bot.alerts.judge import Judge, unmatched_outcome
from bot.alerts.outcome import Fate, Outcome
from bot.alerts.ownership import Claim, Doubt, claim_of
from bot.alerts.people import SGWATCH
from bot.alerts.policy import AlertPolicy
from bot.aws.errors import AwsError
from bot.aws.queue import QueuedMessage
from bot.changes.change import Change
from bot.changes.normalise import change_of
from bot.cloudtrail.envelope import EnvelopeError, LogFile, open_envelope
from bot.cloudtrail.logfile import read_log_file
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import Record, RecordError
from bot.cloudtrail.text import printable
from bot.containment.identity import session_containment
from bot.detections.stateful import Happening
from bot.store.events import Placing, Written
from bot.store.link import StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

TRIES = 20
"""Each lost race means that another poller's event was stored, so few are enough."""

PAUSE = 1.0
"""Seconds between tries while the queue or Redis cannot be reached."""

REASON = 500
"""Characters of the reason that goes with a dead letter."""

PATIENCE = 6
"""Receives of a record of our own call before its answer is taken as never to come."""

RE_OPENS = frozenset({"AuthorizeSecurityGroupEgress"})
"""Calls that may only put back what a new group had from the start: its egress."""


class Queue(Protocol):
    """What the poller needs of the event queue. Every method raises AwsError."""

    def receive(self) -> Sequence[QueuedMessage]:
        """Return up to ten messages, waiting for the first for some seconds."""
        ...

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        """Take messages off the queue."""
        ...

    def defer(self, message: QueuedMessage, seconds: int) -> None:
        """Have the message come back after so many seconds."""
        ...

    def bury(self, message: QueuedMessage, reason: str) -> None:
        """Put the message into the dead-letter queue with a reason, then take it off this one."""
        ...


class Files(Protocol):
    """What the poller needs of the trail's bucket. Raises AwsError."""

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        """Yield a log file's bytes."""
        ...


class _ComeBackLater(Exception):  # noqa: N818 - no error: the message is to be read again
    """What to do with the message cannot be known yet."""


class UnreadableError(Exception):
    """The message can never be read; the text is the reason, fit for a dead letter."""


@dataclass(frozen=True, slots=True)
class Poller:
    """Reads one queue. Any number of them may read the same one.

    ``judging`` is asked after each wait for messages and again for each record, so that detections
    that have changed on disk are taken up whether or not anything happens.
    """

    queue: Queue
    files: Files
    store: Store
    judging: Callable[[], Judge]
    policy: AlertPolicy
    contain_role: str

    def run(self, stop: Event) -> None:
        """Poll until told to stop; the batch in hand is finished first."""
        while not stop.is_set():
            try:
                self.poll()
            except (StoreError, AwsError) as error:
                log.warning("polling is held up: %s", printable(str(error), REASON))
                stop.wait(PAUSE)

    def poll(self) -> int:
        """Handle one batch and return how many messages it had. Raises StoreError, AwsError."""
        with metrics.receiving():
            messages = self.queue.receive()
        done = list[QueuedMessage]()
        self.store.detections.begin(self.judging().matcher.detections)
        try:
            for message in messages:
                if self._handled(message):
                    done.append(message)
        finally:
            if done:
                self.queue.delete(done)
        return len(messages)

    def _handled(self, message: QueuedMessage) -> bool:
        """Return whether the message may leave the queue; one that AWS will not let go stays."""
        try:
            return self._settled(message)
        except AwsError as error:
            log.warning("message %s stays: %s", message.id, printable(str(error), REASON))
            return False

    def _settled(self, message: QueuedMessage) -> bool:
        try:
            self._read(message)
        except (EnvelopeError, UnreadableError) as error:
            reason = printable(str(error), REASON)
            log.warning("message %s goes to the dead letters: %s", message.id, reason)
            self._bury(message, reason, "message" if isinstance(error, EnvelopeError) else "record")
            return False
        except _ComeBackLater:
            self.queue.defer(message, min(2**message.receive_count, 60))
            return False
        except (StoreError, AwsError):
            raise
        except Exception as error:  # noqa: BLE001 - a defect of ours must not stop the other messages
            return self._failed(message, error)
        return True

    def _failed(self, message: QueuedMessage, error: Exception) -> bool:
        """Leave the message for another try; after some, it goes to the dead letters."""
        log.error("message %s failed", message.id, exc_info=error)
        if message.receive_count >= PATIENCE:
            self._bury(message, f"sgwatch failed on it: {type(error).__name__}", "defect")
        return False

    def _bury(self, message: QueuedMessage, reason: str, kind: str) -> None:
        self.queue.bury(message, reason)
        self.store.events.count("dead")
        metrics.DEAD_LETTERS.labels(kind).inc()

    def _read(self, message: QueuedMessage) -> None:
        """Write what becomes of every record in the message, then say what could not be read."""
        delivery, now = open_envelope(message.body), self.store.attention.now()
        patient, unreadable = message.receive_count < PATIENCE, list(delivery.unreadable)
        for record in chain(delivery.records, self._in_files(delivery.files)):
            if isinstance(record, RecordError):
                unreadable.append(str(record))
            elif record.event_time < now - self.store.events.horizon:
                unreadable.append(self._too_old(record))
            else:
                self._record(record, now, patient=patient)
        if unreadable:
            more = f" (and {len(unreadable) - 1} more)" if len(unreadable) > 1 else ""
            raise UnreadableError(unreadable[0] + more)

    def _in_files(self, files: Sequence[LogFile]) -> Iterator[Record | RecordError]:
        for file in files:
            try:
                yield from read_log_file(self.files.chunks(file))
            except AwsError as error:
                if error.retry:
                    raise
                raise UnreadableError(str(error)) from error

    def _too_old(self, record: Record) -> str:
        days = self.store.events.horizon.days
        return (
            f"record {record.event_id} of {record.event_time:%Y-%m-%d} is older than {days} days, "
            "for which claims are kept"
        )

    def _record(self, record: Record, now: datetime, *, patient: bool) -> None:
        if self._is_our_own(record, now, patient=patient):
            return
        outcome = self._judged(record, now)
        if outcome.fate is Fate.ALERTED and outcome.sighting is not None:
            self._alert(outcome, outcome.sighting, now)
        elif outcome.fate is not Fate.UNMATCHED or not record.read_only:
            self._write(outcome, now)

    def _judged(self, record: Record, now: datetime) -> Outcome:
        """Judge the record; the store is asked only where a detection that remembers needs it."""
        judge, exemptions = self.judging(), self.store.exemptions.current()
        event = Happening(record.event_id, record.event_time)
        verdict = judge.verdict(record, self._earlier(record))
        verdict = verdict.answered(self.store.detections.ask(event, verdict.asks))
        outcome = judge.outcome(record, verdict, exemptions, now)
        if outcome.fate is Fate.ALERTED and (asks := verdict.shown_asks):
            verdict = verdict.answered(self.store.detections.ask(event, asks))
            outcome = judge.outcome(record, verdict, exemptions, now)
        return outcome

    def _earlier(self, record: Record) -> Sequence[Change]:
        """Return what else this run did to the group, where that changes what the record opens."""
        if record.event_name not in RE_OPENS:
            return ()
        who, since = principal_of(record).id, record.event_time - self.policy.longest
        history = self.store.events.history("group", change_of(record).group.id)
        return [
            outcome.sighting.change
            for outcome in history
            if outcome.sighting and outcome.principal == who and outcome.at >= since
        ]

    def _alert(self, outcome: Outcome, sighting: Sighting, now: datetime) -> None:
        """Put the change into its principal's alert, or begin one that follows it."""
        group, ended = group_key(sighting), ""
        change = ChangeSeen(at=now, sighting=sighting)
        for _ in range(TRIES):
            window = self.store.events.window(group)
            based_on = window.alert if window else ""
            grown = joined(window, sighting, self.policy) if window else None
            entries: tuple[Entry, ...] = (change,)
            if grown is None or based_on == ended:
                grown = opened_window(sighting)
                entries = (self._raised(grown.alert, ended, now), change)
            placing = Placing(grown.alert, entries, based_on, group, grown)
            written = self._write(replace(outcome, alert=grown.alert), now, placing)
            if written is Written.ENDED:
                ended = based_on
            elif written is not Written.MOVED:
                return
        raise StoreError(f"event {outcome.event_id} lost {TRIES} races for its alert")

    def _raised(self, alert: str, after: str, now: datetime) -> Raised:
        return Raised(at=now, by=SGWATCH, alert=alert, channel=self.policy.channel, after=after)

    def _is_our_own(self, record: Record, now: datetime, *, patient: bool) -> bool:
        """Write the record of a call that our executor made as such (promise 6)."""
        containment = session_containment(principal_of(record), self.contain_role)
        if containment is None:
            return False
        for _ in range(TRIES):
            reading = self.store.timelines.read(alert_of(containment))
            if reading is None:
                return False
            claim = claim_of(
                reading.alert, containment, change_of(record), record.request_id, patient=patient
            )
            if claim is None:
                return False
            if claim is Doubt.UNENDED:
                raise _ComeBackLater
            if self._claimed(record, reading.alert, claim, now) is not Written.MOVED:
                return True
        raise StoreError(f"event {record.event_id} lost {TRIES} races for its containment")

    def _claimed(self, record: Record, alert: Alert, claim: Claim, now: datetime) -> Written:
        entry = OwnCallSeen(
            at=now,
            event_id=record.event_id,
            request_id=record.request_id,
            containment=claim.containment,
            call=claim.call,
        )
        outcome = replace(unmatched_outcome(record), fate=Fate.OURS, alert=alert.id)
        return self._write(outcome, now, Placing(alert.id, (entry,), str(alert.position)))

    def _write(self, outcome: Outcome, now: datetime, placing: Placing | None = None) -> Written:
        """Write what became of a record, and tell how late it came."""
        written = self.store.events.write(replace(outcome, received=now), placing)
        if written is Written.NEW:
            metrics.event_received(outcome.fate, outcome.at, now)
        elif written is Written.KNOWN:
            metrics.EVENTS.labels("known").inc()
        return written


def alert_of(containment: str) -> str:
    """Return the id of the alert that a containment belongs to."""
    return containment.rpartition("-c")[0]
