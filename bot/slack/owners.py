"""Owners: told of their exemptions before the end, and when they have ended.

Whoever cannot be written to is spoken for by a channel. As with alerts, what was posted is looked
for by its metadata before it is posted again, and what was told is in the exemption's life.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.asking import Whom
from bot.alerts.life import Deed, Lived
from bot.alerts.life_due import LifeProgress, LifeStep, life_due, reminded_at
from bot.alerts.people import SGWATCH, Person
from bot.alerts.progress import troubled
from bot.cloudtrail.text import printable
from bot.exemptions.model import Exemption
from bot.slack.directory import DirectoryError
from bot.slack.failing import PATIENCE
from bot.slack.messages import DirectMessages, Mark, SlackError
from bot.slack.views.exemptions import SLACK_USER
from bot.slack.views.message import Message
from bot.slack.views.reminder import ended_message, reminder_message, settled_message
from bot.store.moment import to_ms
from bot.store.store import Store

LATE = timedelta(minutes=1)
"""What is told so late is looked for first: progress may have been lost."""

MOST, PERIOD = 10, timedelta(hours=1)
"""Messages to one owner or channel, at most, in so long a time: a file may end hundreds at once."""

NOW = timedelta(0)

Renew = Callable[[], None]


class People(Protocol):
    """Who can be written to. Raises DirectoryError."""

    def find(self, whom: Whom) -> Person | None:
        """Return the full member of the workspace."""
        ...


@dataclass(frozen=True, slots=True)
class _Turn:
    """One exemption's turn."""

    exemption: Exemption
    lived: Sequence[Lived]
    progress: LifeProgress
    now: datetime
    renew: Renew


@dataclass(frozen=True, slots=True)
class Owners:
    """Attends exemptions. Raises StoreError, and LeaseLostError from ``renew``.

    ``channel`` hears what an owner would have who cannot be reached.
    """

    store: Store
    messages: DirectMessages
    people: People
    channel: str

    def attend(self, exemption_id: str, renew: Renew) -> datetime | timedelta | None:
        """Do one thing for the exemption; return when to look again."""
        exemptions = self.store.exemptions
        held = exemptions.read(exemption_id)
        if held is None:
            return None
        lived, progress = exemptions.lived(exemption_id), exemptions.progress(exemption_id)
        turn = _Turn(held.exemption, lived, progress, self.store.attention.now(), renew)
        todo = life_due(turn.exemption, lived, progress, turn.now)
        if todo.step is None:
            return todo.next
        try:
            self._do(todo.step, turn)
        except (SlackError, DirectoryError) as error:
            return self._failed(turn, todo.step, error)
        return NOW

    def _do(self, step: LifeStep, turn: _Turn) -> None:
        exemption = turn.exemption
        match step:
            case LifeStep.SETTLE:
                self._settle(turn)
            case LifeStep.REMIND:
                mark = Mark(f"remind:{exemption.id}", to_ms(exemption.expires_at))
                channel, ts = self._tell(turn, mark, self._reminder)
                self._told(turn, Deed.REMINDED, channel)
                about = exemption.expires_at
                self._save(turn, LifeProgress("", None, ts, channel, about))
            case LifeStep.TELL_ENDED:
                mark = Mark(f"ended:{exemption.id}", to_ms(exemption.expires_at))
                channel, _ = self._tell(turn, mark, self._ended)
                self._told(turn, Deed.TOLD, channel)
                self._save(turn, LifeProgress())

    def _tell(
        self, turn: _Turn, mark: Mark, message: Callable[[_Turn, bool], Message]
    ) -> tuple[str, str]:
        """Post a message, unless a worker that died has posted it; return its channel and ts."""
        channel = turn.progress.channel or self._channel(turn)
        since = turn.progress.posting or self._late(turn)
        found = self.messages.find(channel, mark, since) if since else None
        if found is not None:
            return channel, found
        if turn.progress.posting is None and (wait := self._spent(channel)):
            raise SlackError("many_at_once", retry=True, wait=wait)
        begun = turn.progress.posting or turn.now
        self._save(turn, replace(turn.progress, channel=channel, posting=begun))
        turn.renew()
        said = message(turn, channel != self.channel)
        return channel, self.messages.post(channel, said.text, said.blocks, mark)

    def _spent(self, channel: str) -> timedelta | None:
        return self.store.budgets.spend(f"owners:{channel}", MOST, PERIOD)

    def _late(self, turn: _Turn) -> datetime | None:
        exemption = turn.exemption
        ended = exemption.expires_at <= turn.now
        at = exemption.expires_at if ended else reminded_at(exemption, turn.lived)
        return at if turn.now - at > LATE else None

    def _channel(self, turn: _Turn) -> str:
        """Return where the owner is told, or the channel where they cannot be."""
        owner = turn.exemption.owner
        if turn.progress.unreachable or not SLACK_USER.fullmatch(owner):
            return self.channel
        person = self.people.find(Whom(slack_id=owner))
        return self.messages.direct(person.slack_id) if person else self.channel

    def _reminder(self, turn: _Turn, reached: bool) -> Message:
        hid = self.store.events.hid(turn.exemption.id).told
        return reminder_message(turn.exemption, hid, reached=reached)

    def _ended(self, turn: _Turn, reached: bool) -> Message:
        hid = self.store.events.hid(turn.exemption.id).told
        return ended_message(turn.exemption, turn.lived, hid, reached=reached)

    def _settle(self, turn: _Turn) -> None:
        """Have the last reminder show what became of it, without its buttons."""
        progress = turn.progress
        said = settled_message(turn.exemption, turn.lived, turn.now)
        turn.renew()
        try:
            self.messages.edit(progress.reminded_in, progress.reminder, said.text, said.blocks)
        except SlackError as error:
            # A message that cannot be edited any more stays as it is.
            if error.retry or error.wait is not None:
                raise
        self._save(turn, LifeProgress(unreachable=progress.unreachable))

    def _told(self, turn: _Turn, did: Deed, channel: str) -> None:
        whom = "the channel" if channel == self.channel else "the owner"
        until = turn.exemption.expires_at
        line = Lived(at=turn.now, by=SGWATCH, did=did, until=until, reason=whom)
        self.store.exemptions.note(turn.exemption.id, line)

    def _failed(
        self, turn: _Turn, step: LifeStep, error: SlackError | DirectoryError
    ) -> datetime | timedelta:
        """Try again later; who cannot be written to at all is spoken for by the channel."""
        now = self.store.exemptions.progress(turn.exemption.id)
        wait = error.wait if isinstance(error, SlackError) else None
        if wait is not None:
            return turn.now + wait
        lasting = isinstance(error, SlackError) and not error.retry
        if lasting and not now.unreachable and now.channel != self.channel:
            self._save(turn, LifeProgress(unreachable=True))
            return NOW
        exemption_id = turn.exemption.id
        why = f"Slack says {error.code}"
        what = f"{step.value} for {exemption_id} fails: {printable(why, 200)}"
        self.store.notices.tell(f"exemption:{exemption_id}", what, PATIENCE)
        trouble = troubled(now.trouble, why, turn.now, exemption_id)
        self._save(turn, replace(now, trouble=trouble))
        return trouble.next_try

    def _save(self, turn: _Turn, progress: LifeProgress) -> None:
        self.store.exemptions.save_progress(turn.exemption.id, progress)
