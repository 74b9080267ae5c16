"""The dead-man's switch: a chore that calls a URL while events flow and nothing due is late.

Whatever watches that URL raises an alarm when it hears nothing: also of a machine that is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.cloudtrail.text import printable
from bot.paging.http import Http
from bot.paging.page import PagerError
from bot.store.store import Store

EVERY = timedelta(minutes=1)
QUIET = timedelta(minutes=3)
"""The queue is read every few seconds, also where nothing is in it."""

LATE = timedelta(minutes=5)
"""What is attended right now is due, too: longer than any lease."""

PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Attends the chore; without a URL there is none. Raises StoreError."""

    store: Store
    http: Http
    url: str
    channel: str

    def attend(self, renew: Callable[[], None]) -> timedelta | None:
        """Call the URL if all is well; return when to look again."""
        if not self.url:
            return None
        why = self.amiss()
        if not why:
            renew()
            try:
                self.http.get(self.url, {})
            except PagerError as error:
                why = f"its URL does not answer: {printable(error.reason, 150)}"
        if why:
            self.store.notices.tell("heartbeat", f"there is no heartbeat: {why}", PATIENCE)
        return EVERY

    def amiss(self) -> str:
        """Return why there is no heartbeat; nothing where all is well."""
        now, last = self.store.attention.now(), self.store.pulse.last()
        if last is None or now - last > QUIET:
            return "nobody reads the event queue"
        backlog = self.store.attention.backlog()
        if backlog.late > LATE:
            return f"{backlog.first} is late by {_minutes(backlog.late)}"
        since = self.store.channels.waiting(self.channel).since
        if since is not None and now - since > LATE:
            return f"an alert has not been shown for {_minutes(now - since)}"
        return ""


def _minutes(span: timedelta) -> str:
    return f"{span // timedelta(minutes=1)} min"
