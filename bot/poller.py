"""The poller: reads events from the queue and has what becomes of each written, once.

A message leaves the queue only when the outcome of every record in it is stored, as safely as the
settings ask, or when it lies in the dead-letter queue with the reason.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from threading import Event
from time import monotonic
from typing import Protocol

from bot import metrics
from bot.aws.errors import AwsError
from bot.aws.queue import QueuedMessage
from bot.cloudtrail.envelope import EnvelopeError, LogFile, open_envelope
from bot.cloudtrail.logfile import read_log_file
from bot.cloudtrail.record import Record, RecordError
from bot.cloudtrail.text import printable
from bot.recorder import ComeBackLater, Recorder
from bot.store.link import StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between tries while the queue or Redis cannot be reached."""

HELD_UP = timedelta(minutes=5)
"""The queue may be out of reach for so long before the operators hear of it."""

REASON = 500
"""Characters of the reason that goes with a dead letter."""

AHEAD = timedelta(days=1)
"""A record's time may be so far ahead of ours. One from further on would make detections forget
all that they remember of the present, as out of their windows."""

PATIENCE = 6
"""Receives of a record of our own call before its answer is taken as never to come."""


class Queue(Protocol):
    """What the poller needs of the event queue. Every method raises AwsError."""

    @property
    def visibility(self) -> int:
        """Return for how many seconds a received message is ours alone."""
        ...

    def receive(self) -> Sequence[QueuedMessage]:
        """Return up to ten messages, waiting for the first for some seconds."""
        ...

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        """Take messages off the queue."""
        ...

    def keep(self, messages: Sequence[QueuedMessage], seconds: int) -> None:
        """Have messages to ourselves for so many seconds from now; 0 gives them back."""
        ...

    def bury(self, message: QueuedMessage, reason: str) -> None:
        """Put the message into the dead-letter queue with a reason, then take it off this one."""
        ...


class Files(Protocol):
    """What the poller needs of the trail's bucket. Raises AwsError."""

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        """Yield a log file's bytes."""
        ...


class UnreadableError(Exception):
    """The message can never be read; the text is the reason, fit for a dead letter."""


class _Stopped(Exception):  # noqa: N818 - no error: the message is given back
    """We were told to stop while a long message was being read."""


@dataclass(slots=True)
class _Batch:
    """What was received together: what becomes of each message, and until when it is ours.

    ``claims`` are the records whose outcomes must be safe before any message leaves the queue.
    """

    left: list[QueuedMessage]
    ours_until_half: float
    now: datetime
    done: list[QueuedMessage] = field(default_factory=list)
    dead: list[tuple[QueuedMessage, str, str]] = field(default_factory=list)
    claims: list[tuple[date, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Poller:
    """Reads one queue. Any number of them may read the same one: each has one batch in hand."""

    queue: Queue
    files: Files
    store: Store
    recorder: Recorder

    def run(self, stop: Event) -> None:
        """Poll until told to stop; the message in hand is finished first.

        Nothing is received before Redis takes writes: each receive counts, and what was received
        too often SQS itself gives up, without a reason.
        """
        proven = False
        while not stop.is_set():
            try:
                if not proven:
                    self.store.server.prove()
                    proven = True
                self.poll(stop)
            except (StoreError, AwsError) as error:
                proven = False
                why = printable(str(error), REASON)
                log.warning("polling is held up: %s", why)
                with suppress(StoreError):
                    self.store.notices.tell("polling", f"polling is held up: {why}", HELD_UP)
                stop.wait(PAUSE)

    def poll(self, stop: Event | None = None) -> int:
        """Handle one batch and return how many messages it had. Raises StoreError, AwsError."""
        stop = stop or Event()
        with metrics.receiving():
            messages = self.queue.receive()
        self.recorder.begin()
        batch = _Batch(list(messages), self._half_time(), self.store.attention.now())
        try:
            for message in messages:
                if stop.is_set():
                    break
                self._handle(message, batch, stop)
        finally:
            self._settle(batch)
        if batch.left and stop.is_set():
            self.queue.keep(batch.left, 0)
        self.store.pulse.beat(self.store.attention.now())
        return len(messages)

    def _handle(self, message: QueuedMessage, batch: _Batch, stop: Event) -> None:
        """Read a message and sort it by what becomes of it; what is not sorted comes again."""
        try:
            self._read(message, batch, stop)
        except (EnvelopeError, UnreadableError) as error:
            kind = "message" if isinstance(error, EnvelopeError) else "record"
            batch.dead.append((message, str(error), kind))
        except ComeBackLater:
            self._put_off(message)
        except AwsError as error:
            log.warning("message %s stays: %s", message.id, printable(str(error), REASON))
        except _Stopped:
            return
        except StoreError:
            raise
        except Exception as error:
            log.error("message %s failed", message.id, exc_info=error)
            if message.receive_count >= PATIENCE:
                reason = f"sgwatch failed on it: {type(error).__name__}"
                batch.dead.append((message, reason, "defect"))
        else:
            batch.done.append(message)
        batch.left.remove(message)

    def _settle(self, batch: _Batch) -> None:
        """Let messages leave the queue, once what they did is safe."""
        if not self.store.events.confirm(batch.claims):
            log.error("Redis lost what it had stored: %d messages come again", len(batch.done))
            return
        if batch.done:
            self.queue.delete(batch.done)
        for message, why, kind in batch.dead:
            try:
                self._bury(message, printable(why, REASON), kind)
            except AwsError as error:
                # It comes again; the others must not wait for it.
                log.warning("message %s stays: %s", message.id, printable(str(error), REASON))

    def _bury(self, message: QueuedMessage, reason: str, kind: str) -> None:
        log.warning("message %s goes to the dead letters: %s", message.id, reason)
        self.queue.bury(message, reason)
        self.store.events.count("dead")
        metrics.DEAD_LETTERS.labels(kind).inc()
        what = f"an event went to the dead letters: {reason}. See sgwatch deadletters list"
        self.store.notices.tell(f"dead:{kind}", what)

    def _put_off(self, message: QueuedMessage) -> None:
        try:
            self.queue.keep([message], min(2**message.receive_count, 60))
        except AwsError as error:
            log.warning("message %s stays: %s", message.id, printable(str(error), REASON))

    def _read(self, message: QueuedMessage, batch: _Batch, stop: Event) -> None:
        """Have what becomes of every record written, then say what could not be read."""
        delivery, now = open_envelope(message.body), batch.now
        patient, unreadable = message.receive_count < PATIENCE, list(delivery.unreadable)
        for record in chain(delivery.records, self._in_files(delivery.files)):
            if stop.is_set():
                raise _Stopped
            self._keep_ours(batch)
            if isinstance(record, RecordError):
                unreadable.append(str(record))
            elif record.event_time < now - self.store.events.horizon:
                unreadable.append(self._too_old(record))
            elif record.event_time > now + AHEAD:
                unreadable.append(_too_new(record))
            elif self.recorder.record(record, now, patient=patient) is not None:
                batch.claims.append((record.event_time.date(), record.event_id))
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

    def _keep_ours(self, batch: _Batch) -> None:
        """Renew what we hold, at half time: a slow batch must not be handed to another."""
        if monotonic() < batch.ours_until_half:
            return
        batch.ours_until_half, batch.now = self._half_time(), self.store.attention.now()
        held = [*batch.left, *batch.done, *(message for message, _, _ in batch.dead)]
        try:
            self.queue.keep(held, self.queue.visibility)
        except AwsError as error:
            log.warning("a slow batch may be read twice: %s", printable(str(error), REASON))

    def _half_time(self) -> float:
        return monotonic() + self.queue.visibility / 2


def _too_new(record: Record) -> str:
    return (
        f"record {record.event_id} of {record.event_time:%Y-%m-%d} is more than {AHEAD.days} day "
        "ahead of Redis's clock"
    )
