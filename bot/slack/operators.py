"""Telling the operators, in their channel, of what keeps failing, and when it is over."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.notice import Notice
from bot.cloudtrail.text import printable
from bot.slack.messages import Mark, Messages, SlackError
from bot.slack.views.notice import failing_message, over_message
from bot.store.moment import to_ms
from bot.store.store import Store

log = logging.getLogger(__name__)

QUIET = timedelta(minutes=10)
"""What has not failed for so long is over: steps are tried again at most five minutes apart."""

REST = timedelta(seconds=2)
MERGE = timedelta(seconds=10)
"""Edits of a message that tells of many things are merged."""

OF_A_KIND = 3
"""Messages of one kind, such as questions that fail: the last of them tells of all that follow."""

WORDS = 300
AGAIN = timedelta(minutes=1)
"""After Slack failed us: then the operators have other ways to notice."""


@dataclass(frozen=True, slots=True)
class Operators:
    """Attends the notices. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    messages: Messages
    channel: str

    def attend(self, renew: Callable[[], None]) -> datetime | None:
        """Tell one thing that is to be told; return when to look again, None for not before."""
        now, notices = self.store.attention.now(), self.store.notices.all()
        waits: list[datetime] = []
        for notice in notices:
            over = notice.last + QUIET
            try:
                if over <= now:
                    renew()
                    self._over(notice, notices)
                    return now + REST
                if _to_be_told(notice, now):
                    renew()
                    return now + self._tell_of_kind(notice, notices, now)
            except SlackError as error:
                what, why = printable(notice.what, WORDS), printable(error.code, WORDS)
                log.warning("the operators cannot be told (%s): %s", why, what)
                waits.append(now + (error.wait or AGAIN))
                if error.retry:
                    break
            else:
                waits.append(over if notice.ts or notice.due <= now else min(over, notice.due))
        return min(waits, default=None)

    def _tell_of_kind(self, notice: Notice, notices: Sequence[Notice], now: datetime) -> timedelta:
        """Tell it, or in the last message of its kind all that is to be told of that kind."""
        alike = [each for each in notices if _kind(each) == _kind(notice)]
        there = list(dict.fromkeys(each.ts for each in alike if each.ts))
        if len(there) < OF_A_KIND - 1:
            self._tell([notice], now)
            return REST
        new = [each for each in alike if _to_be_told(each, now)]
        told = [each for each in alike if each.ts == there[-1]]
        if len(there) >= OF_A_KIND and self._edited(there[-1], [*told, *new]):
            self._told(new, there[-1])
        else:
            self._tell(new, now)
        return MERGE

    def _tell(self, notices: Sequence[Notice], now: datetime) -> None:
        """Post a message, unless a worker that died has posted it already."""
        first = notices[0]
        mark = Mark(f"notice:{first.key}", to_ms(first.since))
        if first.posting is not None:
            found = self.messages.find(self.channel, mark, first.posting)
            if found is not None:
                self._told(notices, found)
                return
        self.store.notices.posting(first, now)
        message = failing_message(notices)
        self._told(notices, self.messages.post(self.channel, message.text, message.blocks, mark))

    def _edited(self, ts: str, notices: Sequence[Notice]) -> bool:
        """Have a message tell of these; False if it is gone."""
        message = failing_message(notices)
        try:
            self.messages.edit(self.channel, ts, message.text, message.blocks)
        except SlackError as error:
            if error.retry:
                raise
            return False
        return True

    def _told(self, notices: Sequence[Notice], ts: str) -> None:
        for notice in notices:
            self.store.notices.posted(notice, ts)

    def _over(self, notice: Notice, notices: Sequence[Notice]) -> None:
        """Say that it is over where its message was posted; what passed by itself was not told.

        A message that tells of many things is over with the last of them. One that cannot be edited
        any more stays as it is.
        """
        if notice.ts and not any(n.ts == notice.ts for n in notices if n.key != notice.key):
            message = over_message(notice)
            try:
                self.messages.edit(self.channel, notice.ts, message.text, message.blocks)
            except SlackError as error:
                if error.retry:
                    raise
        self.store.notices.over(notice)


def _to_be_told(notice: Notice, now: datetime) -> bool:
    """Return whether it failed all the while, not once or twice in the beginning."""
    lasting = notice.last - notice.since >= (notice.due - notice.since) / 2
    return not notice.ts and notice.due <= now and lasting


def _kind(notice: Notice) -> str:
    """Return the first word of its key: all questions that fail are of one kind."""
    return re.split(r"[: ]", notice.key, maxsplit=1)[0]
