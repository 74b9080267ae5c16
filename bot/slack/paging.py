"""Paging in Slack: a direct message with buttons, and what pages need to know of Slack.

Slack's trouble is told as a pager's: the climb goes on to its fallback.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.alerts.alert import Alert
from bot.alerts.people import Person
from bot.escalation.climb import Call
from bot.paging.page import PagerError
from bot.slack.directory import Directory, DirectoryError
from bot.slack.messages import DirectMessages, Mark, SlackError
from bot.slack.views.message import Message
from bot.store.timelines import Reading


@dataclass(frozen=True, slots=True)
class SlackPaging:
    """Every method raises PagerError."""

    messages: DirectMessages
    directory: Directory
    view: Callable[[Alert, str], Message]

    def page(self, reading: Reading, call: Call, *, again: bool, renew: Callable[[], None]) -> None:
        """Send the page as a direct message; ``again`` looks for it first."""
        alert, climb = reading.alert, reading.alert.climb
        mark = Mark(f"page:{alert.id}/{climb.number if climb else 0}/{call.key}", 0)
        with _as_pager():
            channel = self.messages.direct(call.target.to)
            since = climb.began if climb else reading.now
            if again and self.messages.find(channel, mark, since) is not None:
                return
            message = self.view(alert, self._link(reading))
            renew()
            self.messages.post(channel, message.text, message.blocks, mark)

    def link(self, reading: Reading) -> str:
        """Return the address of the alert's message, or nothing."""
        with _as_pager():
            return self._link(reading)

    def _link(self, reading: Reading) -> str:
        progress = reading.progress
        return self.directory.link(progress.channel, progress.ts) if progress.ts else ""

    def person(self, email: str) -> Person | None:
        """Return who has this address, with their rights."""
        with _as_pager():
            found = self.directory.by_email(email)
            return self.directory.person(found.slack_id) if found is not None else None

    def members(self, group: str) -> Sequence[str]:
        """Return the members of a user group, in a lasting order."""
        with _as_pager():
            return sorted(self.directory.members(group))

    def by_email(self, email: str) -> str | None:
        """Return the Slack id of whose address it is."""
        with _as_pager():
            found = self.directory.by_email(email)
            return found.slack_id if found is not None else None

    def name(self, slack_id: str) -> str:
        """Return what people call them; their id while Slack is silent."""
        try:
            return self.directory.person(slack_id).name
        except DirectoryError:
            return slack_id


@contextmanager
def _as_pager() -> Iterator[None]:
    try:
        yield
    except DirectoryError as error:
        raise PagerError(f"Slack says {error.code}", retry=True) from error
    except SlackError as error:
        raise PagerError(f"Slack says {error.code}", retry=error.retry, wait=error.wait) from error
