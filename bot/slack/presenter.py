"""The presenter: under a channel's lease, shows the channel what it has not shown yet.

One call to Slack each time it attends, then the channel rests for a second. Everything is
rendered from the timeline, so that doing it twice, late or after a crash changes nothing.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot import metrics
from bot.alerts.alert import Alert
from bot.alerts.entries import ChangeSeen, Entry
from bot.alerts.progress import Progress, troubled
from bot.alerts.storm import StormPolicy, stands_alone
from bot.slack.failing import GONE, MENDS, tell_operators
from bot.slack.messages import Mark, Messages, SlackError
from bot.slack.storm import OUTAGE, Renew, Storms
from bot.slack.views.message import Message
from bot.slack.views.reply import Reply
from bot.slack.views.storm import StormSeen, storm_message
from bot.store.link import StoreError
from bot.store.store import Store
from bot.store.timelines import Reading

log = logging.getLogger(__name__)

REST = timedelta(seconds=1)
"""Slack takes about one message a second in a channel."""

MERGE, MERGE_MOST = timedelta(seconds=2), timedelta(seconds=30)
"""Edits that only count more changes are merged: half as long as the message has been there."""

LATE = timedelta(minutes=1)
"""A first post that comes so late is looked for first: progress may have been lost."""


class LeaseLostError(Exception):
    """Somebody else attends the subject now: stop before the next effect."""


@dataclass(frozen=True, slots=True)
class Face:
    """How alerts look: an alert's message, what the thread says of an entry, a storm's notice."""

    message: Callable[[Alert], Message]
    reply: Callable[[Entry, int, Alert], Reply | None]
    storm: Callable[[StormSeen], Message] = storm_message


@dataclass(frozen=True, slots=True)
class _Turn:
    """One alert's turn in its channel."""

    reading: Reading
    message: Message
    digest: str
    renew: Callable[[], None]

    @property
    def alert(self) -> Alert:
        return self.reading.alert

    @property
    def progress(self) -> Progress:
        return self.reading.progress


class Presenter:
    """Attends channels. Raises StoreError, and LeaseLostError from ``renew``."""

    def __init__(
        self, store: Store, messages: Messages, face: Face, storm: StormPolicy | None = None
    ) -> None:
        self._store, self._messages, self._face = store, messages, face
        self._storms = Storms(store, messages, face.storm, storm or StormPolicy())

    def attend(self, channel: str, renew: Callable[[], None]) -> datetime | None:
        """Show the first thing that needs it; return when the channel is next due."""
        now = self._store.attention.now()
        held = self._store.channels.held_until(channel)
        if held > now:
            return held
        waits: list[datetime] = []
        for turn in self._turns(channel, renew):
            again = turn()
            if again is None:
                continue
            if again <= self._store.attention.now():
                self._store.channels.hold(channel, again + REST)
                return again + REST
            held = self._store.channels.held_until(channel)
            if held > now:
                return held
            waits.append(again)
        return min(waits, default=None)

    def _turns(self, channel: str, renew: Renew) -> Iterator[Callable[[], datetime | None]]:
        """Yield whose turn it is: critical alerts, the storm's notice, then all others."""
        pending = self._store.channels.pending(channel)
        urgent = self._store.channels.urgent(channel)
        storm = self._storms.gather(channel, renew)
        if storm is not None:
            # What was gathered is shown; what came meanwhile is gathered the next time.
            left = set(self._store.channels.pending(channel))
            pending = [alert_id for alert_id in pending if alert_id in left]
        for place, alert_id in enumerate(pending):
            if storm is not None and place == urgent:
                yield partial(self._storms.show, storm, renew)
            yield partial(self._guarded, channel, alert_id, renew)
        if storm is not None and urgent >= len(pending):
            yield partial(self._storms.show, storm, renew)

    def _guarded(self, channel: str, alert_id: str, renew: Callable[[], None]) -> datetime | None:
        """Give an alert its turn; one that cannot be shown holds up no other."""
        try:
            reading = self._store.timelines.read(alert_id)
            if reading is None:
                self._store.channels.drop(channel, alert_id)
                return None
            if reading.progress.storm and not stands_alone(reading.alert, reading.progress):
                return self._storms.takes(reading)
            return self._take_turn(channel, self._turn(reading, renew))
        except (StoreError, LeaseLostError):
            raise
        except Exception as error:
            log.exception("alert %s cannot be shown", alert_id)
            what = f"{alert_id} cannot be shown: {type(error).__name__}; the log says more"
            self._store.notices.tell(f"defect:{type(error).__name__}", what)
            return self._store.attention.now() + OUTAGE

    def _turn(self, reading: Reading, renew: Callable[[], None]) -> _Turn:
        message = self._face.message(reading.alert)
        content = json.dumps([message.text, message.blocks], sort_keys=True)
        return _Turn(reading, message, hashlib.sha256(content.encode()).hexdigest()[:16], renew)

    def _take_turn(self, channel: str, turn: _Turn) -> datetime | None:
        """Do one thing for an alert. Return a time up to now if Slack was called, None if done."""
        trouble, now = turn.progress.present, turn.reading.now
        if trouble is not None and trouble.next_try > now:
            return trouble.next_try
        try:
            return self._show(channel, turn)
        except SlackError as error:
            if error.wait is not None:
                if error.silences:
                    self._store.channels.hold(channel, now + error.wait)
                return now + error.wait
            again = self._failed(turn, error)
            if error.retry or error.code in MENDS:
                self._store.channels.hold(channel, min(again, now + OUTAGE))
            return again

    def _show(self, channel: str, turn: _Turn) -> datetime | None:
        progress, alert, now = turn.progress, turn.alert, turn.reading.now
        if not progress.ts:
            self._post(channel, turn)
            return now
        if turn.digest != progress.digest:
            if (merged_until := _merged_until(turn)) > now:
                return merged_until
            turn.renew()
            self._messages.edit(progress.channel, progress.ts, *_content(turn.message))
            self._shown(turn, progress, progress)
            return now
        if progress.told < alert.position and self._tell(turn):
            return now
        done = replace(progress, shown=alert.position, told=alert.position, present=None)
        self._save(turn, progress, done)
        self._store.channels.shown(channel, alert.id, alert.position)
        return None

    def _post(self, channel: str, turn: _Turn) -> None:
        """Post the alert's message, unless a worker that died has posted it already."""
        progress, mark = turn.progress, Mark(turn.alert.id, 0)
        late = turn.reading.now - turn.alert.raised_at > LATE
        since = progress.posting or (turn.alert.raised_at if late else None)
        if since is not None:
            ts = self._messages.find(channel, mark, since)
            if ts is not None:
                # It shows the alert as it was then: without a digest, an edit follows.
                found = replace(progress, channel=channel, ts=ts, posting=None, digest="")
                self._save(turn, progress, found)
                return
        begun = replace(progress, posting=progress.posting or turn.reading.now)
        self._save(turn, progress, begun)
        turn.renew()
        ts = self._messages.post(channel, *_content(turn.message), mark)
        posted = replace(begun, channel=channel, ts=ts, posting=None)
        self._shown(turn, begun, posted)

    def _shown(self, turn: _Turn, before: Progress, progress: Progress) -> None:
        """Remember that the message shows the alert as it is, and since when."""
        now = self._store.attention.now()
        after = replace(
            progress,
            digest=turn.digest,
            shown=turn.alert.position,
            shown_version=turn.alert.version,
            posted=progress.posted or now,
            edited_at=now,
            present=None,
        )
        self._save(turn, before, after)
        self._measure(turn.alert, progress.shown, now)

    def _measure(self, alert: Alert, start: int, now: datetime) -> None:
        """Tell how late the changes are shown that nobody could see before."""
        while start < alert.position:
            page = self._store.timelines.entries(alert.id, start)[: alert.position - start]
            if not page:
                return
            for entry in page:
                if isinstance(entry, ChangeSeen):
                    metrics.change_posted(entry.sighting.change.at, entry.at, now)
            start += len(page)

    def _tell(self, turn: _Turn) -> bool:
        """Write the first entry that the thread lacks; False if none is left to write."""
        progress, alert = turn.progress, turn.alert
        start = progress.told
        while page := self._store.timelines.entries(alert.id, start):
            for number, entry in enumerate(page, start):
                if reply := self._face.reply(entry, number, alert):
                    self._reply(turn, number, reply)
                    return True
            start += len(page)
        return False

    def _reply(self, turn: _Turn, number: int, reply: Reply) -> None:
        progress, mark = turn.progress, Mark(turn.alert.id, number)
        where = (progress.channel, progress.ts)
        found = self._messages.find_reply(*where, mark) if progress.telling == number else None
        if found is None:
            self._save(turn, progress, replace(progress, telling=number))
            turn.renew()
            self._messages.reply(
                *where, reply.text, mark, broadcast=reply.broadcast, blocks=reply.blocks
            )
        told = replace(progress, told=number + 1, telling=number, present=None)
        self._save(turn, progress, told)

    def _failed(self, turn: _Turn, error: SlackError) -> datetime:
        """Remember the failure; a message deleted in Slack is posted again."""
        reading = self._store.timelines.read(turn.alert.id) or turn.reading
        trouble = troubled(reading.progress.present, error.code, reading.now, reading.alert.id)
        after = replace(reading.progress, present=trouble)
        if error.code == GONE:
            after = replace(after, ts="", digest="", posting=None)
        tell_operators(self._store, turn.alert.channel, turn.alert.id, error)
        self._store.timelines.save_progress(turn.alert.id, reading.progress, after)
        return trouble.next_try

    def _save(self, turn: _Turn, before: Progress, after: Progress) -> None:
        self._store.timelines.save_progress(turn.alert.id, before, after)


def _merged_until(turn: _Turn) -> datetime:
    """Return when the message may be edited: at once after a decision, or if it got worse."""
    alert, progress, now = turn.alert, turn.progress, turn.reading.now
    worse = any(rise.entry >= progress.shown for rise in alert.rises)
    if worse or alert.version != progress.shown_version or progress.edited_at is None:
        return now
    there = now - (progress.posted or now)
    return progress.edited_at + min(max(MERGE, there / 2), MERGE_MOST)


def _content(message: Message) -> tuple[str, tuple[dict[str, object], ...]]:
    return message.text, message.blocks
