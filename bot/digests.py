"""The digest: a chore that reads the alerts of a day or a week, and posts what they add up to.

It is silent where there is nothing to say. The picture comes after it, in its thread: one that was
begun when a worker died is not sent again, for the digest says all that it shows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.aside import Every
from bot.alerts.digest import SPANS, Digest, Hiding, Period, digest_of, last_period
from bot.alerts.exemption_review import SPAN, Watched, idle_for
from bot.cloudtrail.text import printable
from bot.once import NOTHING, Once
from bot.slack.failing import PATIENCE
from bot.slack.messages import SlackError
from bot.slack.upload import Picture
from bot.slack.views.digest import digest_bars, digest_message
from bot.slack.views.message import Message, Shown
from bot.slack.views.plot import plot
from bot.store.moment import to_ms
from bot.store.store import Store

AGAIN = timedelta(minutes=5)
MOST = 5000
"""Alerts read for a digest, of each status."""

RENEWED = 50
"""Alerts read before the lease is renewed."""

UNRESOLVED = ("open", "acknowledged")
PICTURE = "picture"

Renew = Callable[[], None]


class Pictures(Protocol):
    """What shows a picture in a thread. Raises SlackError."""

    def __call__(self, channel: str, ts: str, picture: Picture) -> None:
        """Upload it."""
        ...


@dataclass(frozen=True, slots=True)
class Digests:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    once: Once
    show: Pictures
    shown: Shown
    every: Every

    def attend(self, renew: Renew) -> datetime | timedelta | None:
        """Post the digest of the last period, unless it is posted; return when the next is due."""
        now = self.store.attention.now()
        period = last_period(self.every, now)
        if period is None:
            return None
        name = f"digest:{period.until:%Y-%m-%d}"
        try:
            self._go_on(name, period, renew)
        except SlackError as error:
            what = f"the digest fails: {printable(str(error), 250)}"
            self.store.notices.tell("digest", what, PATIENCE)
            return error.wait or AGAIN
        return period.until + SPANS[self.every]

    def _go_on(self, name: str, period: Period, renew: Renew) -> None:
        kept = self.store.reviews.read(name)
        if PICTURE in kept.accounts or kept.ts == NOTHING:
            return
        digest = self._digest(period, renew)
        if not kept.ts:
            self.once.post(name, lambda: self._message(digest), renew)
        ts = self.store.reviews.read(name).ts
        if ts != NOTHING and digest.alerts:
            self._picture(name, ts, digest, renew)

    def _message(self, digest: Digest) -> Message | None:
        return digest_message(digest, self.shown) if digest.says_something else None

    def _picture(self, name: str, ts: str, digest: Digest, renew: Renew) -> None:
        bars = digest_bars(digest)
        self.store.reviews.keep(name, PICTURE, "begun")
        renew()
        picture = Picture(f"{name.replace(':', '-')}.png", bars.title, plot(bars), bars.words)
        try:
            self.show(self.once.channel, ts, picture)
        except SlackError as error:
            why = printable(error.code, 100)
            what = f"the picture of the digest cannot be sent: Slack says {why}"
            self.store.notices.tell("picture", what)

    def _digest(self, period: Period, renew: Renew) -> Digest:
        found = self._listed(period)
        hiding = list(self._hiding(period))
        aside = self.store.aside.count(period.since, period.until)
        digest = digest_of(period, self._read(found, renew), hiding, aside)
        return replace(digest, cut=len(found) >= MOST)

    def _listed(self, period: Period) -> list[str]:
        """Return the alerts of the period, and those before it that nobody has resolved."""
        timelines, since = self.store.timelines, to_ms(period.since)
        found: dict[str, None] = {}
        for status in (*UNRESOLVED, "resolved"):
            found |= dict.fromkeys(timelines.raised_since(f"status:{status}", since, MOST))
        for status in UNRESOLVED:
            found |= dict.fromkeys(timelines.listed(f"status:{status}", MOST))
        return list(found)

    def _read(self, alert_ids: list[str], renew: Renew) -> Iterator[Alert]:
        for number, alert_id in enumerate(alert_ids):
            if number % RENEWED == 0:
                renew()
            reading = self.store.timelines.read(alert_id)
            if reading is not None:
                yield reading.alert

    def _hiding(self, period: Period) -> Iterator[Hiding]:
        events, now = self.store.events, self.store.attention.now()
        known = events.known_since(now.date(), SPAN.days)
        for exemption in self.store.exemptions.current():
            if exemption.expires_at > now:
                hid = events.hid(exemption.id).changes
                lately = events.hid(exemption.id, now - period.since).changes if hid else 0
                idle = idle_for(Watched(exemption, hid, lately), now, known)
                yield Hiding(exemption.id, lately, idle is not None)
