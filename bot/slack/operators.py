"""Telling the operators, in their channel, of what keeps failing, and when it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.notice import Notice
from bot.slack.messages import Mark, Messages, SlackError
from bot.slack.views.notice import failing_message, over_message
from bot.store.moment import to_ms
from bot.store.store import Store

QUIET = timedelta(minutes=10)
"""What has not failed for so long is over: steps are tried again at most five minutes apart."""

REST = timedelta(seconds=2)
AGAIN = timedelta(minutes=1)
"""After Slack failed us: then the operators have other ways to notice."""

GONE = frozenset({"message_not_found", "channel_not_found", "is_archived"})


@dataclass(frozen=True, slots=True)
class Operators:
    """Attends the notices. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    messages: Messages
    channel: str

    def attend(self, renew: Callable[[], None]) -> datetime | None:
        """Tell one thing that is to be told; return when to look again, None for not before."""
        now = self.store.attention.now()
        waits: list[datetime] = []
        for notice in self.store.notices.all():
            over = notice.last + QUIET
            try:
                if over <= now:
                    renew()
                    self._over(notice)
                    return now + REST
                if not notice.ts and notice.due <= now:
                    renew()
                    self._tell(notice, now)
                    return now + REST
            except SlackError as error:
                waits.append(now + (error.wait or AGAIN))
            else:
                waits.append(over if notice.ts else min(over, notice.due))
        return min(waits, default=None)

    def _tell(self, notice: Notice, now: datetime) -> None:
        mark = Mark(f"notice:{notice.key}", to_ms(notice.since))
        if notice.posting is not None:
            found = self.messages.find(self.channel, mark, notice.posting)
            if found is not None:
                self.store.notices.posted(notice, found)
                return
        self.store.notices.posting(notice, now)
        message = failing_message(notice)
        ts = self.messages.post(self.channel, message.text, message.blocks, mark)
        self.store.notices.posted(notice, ts)

    def _over(self, notice: Notice) -> None:
        """Say that it is over where its message was posted; what passed by itself was not told."""
        message = over_message(notice)
        try:
            if notice.ts:
                self.messages.edit(self.channel, notice.ts, message.text, message.blocks)
        except SlackError as error:
            if error.code not in GONE:
                raise
        self.store.notices.over(notice)
