"""Storms: under the channel's lease, gathers alerts on a list and tells of them in one notice."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.progress import Progress, troubled
from bot.alerts.storm import RATE, Storm, StormPolicy, rages, stands_alone
from bot.slack.failing import GONE, MENDS, tell_operators
from bot.slack.messages import Mark, Messages, SlackError
from bot.slack.views.message import Message
from bot.slack.views.storm import WORST, StormSeen
from bot.store.moment import to_ms
from bot.store.store import Store
from bot.store.timelines import Reading

MERGE = timedelta(seconds=5)
"""Edits of a notice are merged: at most one in this time."""

OUTAGE = timedelta(seconds=10)
"""After a failure that any message may meet, the channel rests for at most this long."""

AT_ONCE = 100
"""Alerts gathered before the lease is renewed."""

Renew = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Storms:
    """The storms of channels. Raises StoreError, and what ``renew`` raises."""

    store: Store
    messages: Messages
    view: Callable[[StormSeen], Message]
    policy: StormPolicy

    def gather(self, channel: str, renew: Renew) -> Storm | None:
        """Put on the list what is too much to show; return the storm that rages, if one does."""
        storms, now = self.store.storms, self.store.attention.now()
        storm = storms.raging(channel)
        begun = storm is not None and now < storm.last + self.policy.calm
        waiting, lately = storms.waiting(channel, now - RATE)
        if storm is not None and begun:
            lately += storms.lately(storm.id, now - RATE)
        if not waiting or not rages(self.policy, waiting, lately, begun=begun):
            return storm
        storm_id = storm.id if storm else f"ST-{channel}-{to_ms(now)}"
        for alert in self._waiting(channel, renew):
            storms.gather(storm_id, alert)
        return storms.raging(channel)

    def _waiting(self, channel: str, renew: Renew) -> Iterator[Alert]:
        """Yield the alerts that nobody has seen and that need no message of their own."""
        kept = 0
        while ids := self.store.storms.unseen(channel, kept, AT_ONCE):
            renew()
            for alert_id in ids:
                reading = self.store.timelines.read(alert_id)
                if reading is None or stands_alone(reading.alert, reading.progress):
                    kept += 1
                else:
                    yield reading.alert

    def takes(self, reading: Reading) -> datetime | None:
        """Show on the list how an alert on it stands now; return when the notice is to follow.

        What was on the list of a storm that is over is shown like any other.
        """
        alert, progress = reading.alert, reading.progress
        if self.store.storms.gather(progress.storm, alert, begin=False):
            return reading.now + MERGE
        self._save(alert, progress, replace(progress, storm=""))
        self.store.channels.enqueue(alert)
        return None

    def show(self, storm: Storm, renew: Renew) -> datetime | None:
        """Post or edit the notice; return a time up to now if Slack was called, None if over."""
        now = self.store.attention.now()
        if storm.trouble is not None and storm.trouble.next_try > now:
            return storm.trouble.next_try
        over = storm.last + self.policy.calm <= now
        merged_until = (storm.edited_at or now) + MERGE
        if storm.ts and not over and storm.edited_at and merged_until > now:
            return merged_until
        try:
            called = self._show(storm, over, now, renew)
        except SlackError as error:
            return self._failed(storm.id, error, now)
        if over:
            self.store.storms.over(storm)
        return now if called else None if over else storm.last + self.policy.calm

    def _show(self, storm: Storm, over: bool, now: datetime, renew: Renew) -> bool:
        """Return whether Slack was called: not if the notice says it all already."""
        message = self.view(self._seen(storm, over))
        content = json.dumps([message.text, message.blocks], sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        shown = replace(storm, digest=digest, edited_at=now, posting=None, trouble=None)
        if not storm.ts:
            self._post(storm, shown, message, renew)
            return True
        if digest == storm.digest:
            return False
        renew()
        self.messages.edit(storm.channel, storm.ts, message.text, message.blocks)
        self.store.storms.save(shown)
        return True

    def _post(self, storm: Storm, shown: Storm, message: Message, renew: Renew) -> None:
        """Post the notice, unless a worker that died has posted it already."""
        mark, now = Mark(storm.id, 0), self.store.attention.now()
        if storm.posting is not None:
            ts = self.messages.find(storm.channel, mark, storm.posting)
            if ts is not None:
                # It shows the storm as it was then: without a digest, an edit follows.
                self.store.storms.save(replace(storm, ts=ts, posting=None, digest=""))
                return
        self.store.storms.save(replace(storm, posting=storm.posting or now))
        renew()
        ts = self.messages.post(storm.channel, message.text, message.blocks, mark)
        self.store.storms.save(replace(shown, ts=ts))

    def _seen(self, storm: Storm, over: bool) -> StormSeen:
        ids = self.store.storms.listed(storm.id, 0, WORST)
        readings = (self.store.timelines.read(alert_id) for alert_id in ids)
        worst = tuple(reading.alert for reading in readings if reading is not None)
        return StormSeen(storm, self.store.storms.tally(storm.id), worst, over)

    def _failed(self, storm_id: str, error: SlackError, now: datetime) -> datetime:
        """Remember the failure; a notice deleted in Slack is posted again."""
        storm = self.store.storms.read(storm_id)
        if error.wait is not None or storm is None:
            again = now + (error.wait or OUTAGE)
            if storm is not None and error.silences:
                self.store.channels.hold(storm.channel, again)
            return again
        trouble = troubled(storm.trouble, error.code, now, storm.id)
        after = replace(storm, trouble=trouble)
        if error.code == GONE:
            after = replace(after, ts="", digest="", posting=None)
        self.store.storms.save(after)
        tell_operators(self.store, storm.channel, storm.id, error)
        if error.retry or error.code in MENDS:
            self.store.channels.hold(storm.channel, min(trouble.next_try, now + OUTAGE))
        return trouble.next_try

    def _save(self, alert: Alert, before: Progress, after: Progress) -> None:
        self.store.timelines.save_progress(alert.id, before, after)
