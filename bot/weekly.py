"""The weekly review of exemptions: a chore that looks one owner up at a turn, then posts.

It is silent where there is nothing to say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.asking import Whom
from bot.alerts.exemption_review import SPAN, WEEK, ToLookAt, Watched, to_look_at
from bot.alerts.people import Person
from bot.cloudtrail.text import printable
from bot.exemptions.model import Exemption
from bot.once import Once
from bot.slack.actors import LOOK_UPS
from bot.slack.directory import DirectoryError
from bot.slack.failing import PATIENCE
from bot.slack.messages import A_MINUTE, SlackError
from bot.slack.views.exemption_review import exemption_review_message
from bot.slack.views.exemptions import SLACK_USER
from bot.slack.views.message import Message
from bot.store.attention import Subject, SubjectKind
from bot.store.store import Store

AGAIN = timedelta(minutes=5)
NOW = timedelta(0)
THERE, LEFT = "there", "left"

Renew = Callable[[], None]


class People(Protocol):
    """Who there is. Raises DirectoryError."""

    def find(self, whom: Whom) -> Person | None:
        """Return the full member of the workspace."""
        ...


@dataclass(frozen=True, slots=True)
class Weekly:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    once: Once
    people: People
    wanted: bool

    def attend(self, renew: Renew) -> datetime | timedelta | None:
        """Do one thing for this week's review; return when to look again."""
        now = self.store.attention.now()
        year, week, _ = now.isocalendar()
        name = f"exemptions:{year}-W{week:02}"
        if self.store.reviews.read(name).ts:
            return next_monday(now)
        in_force = [e for e in self.store.exemptions.current() if e.expires_at > now]
        try:
            if self.wanted and (again := self._look_up(name, in_force)) is not None:
                return again
            self._expect(in_force)
            self.once.post(name, lambda: self._message(name, in_force, now), renew)
        except (DirectoryError, SlackError) as error:
            what = f"the weekly review of exemptions fails: {printable(str(error), 250)}"
            self.store.notices.tell("weekly", what, PATIENCE)
            wait = error.wait if isinstance(error, SlackError) else None
            return wait or AGAIN
        return next_monday(now)

    def _look_up(self, name: str, in_force: Sequence[Exemption]) -> timedelta | None:
        """Look one owner up who was not yet; return when to go on, None when all were."""
        known = self.store.reviews.read(name).accounts
        owners = {e.owner for e in in_force if SLACK_USER.fullmatch(e.owner)}
        owner = min(owners - known.keys(), default=None)
        if owner is None:
            return None
        if wait := self.store.budgets.spend("users.lookup", LOOK_UPS, A_MINUTE):
            return wait
        found = self.people.find(Whom(slack_id=owner))
        self.store.reviews.keep(name, owner, THERE if found else LEFT)
        return NOW

    def _expect(self, in_force: Sequence[Exemption]) -> None:
        """See that each is attended before it ends, also one that an earlier version stored."""
        for exemption in in_force:
            self.store.attention.expect(Subject(SubjectKind.EXEMPTION, exemption.id))

    def _message(self, name: str, in_force: Sequence[Exemption], now: datetime) -> Message | None:
        found = self._found(name, in_force, now) if self.wanted else ()
        return exemption_review_message(found, now) if found else None

    def _found(
        self, name: str, in_force: Sequence[Exemption], now: datetime
    ) -> tuple[ToLookAt, ...]:
        events, owners = self.store.events, self.store.reviews.read(name).accounts
        watched = [
            Watched(e, events.hid(e.id).changes, events.hid(e.id, WEEK).changes, owner_left)
            for e in in_force
            for owner_left in [owners.get(e.owner) == LEFT]
        ]
        return to_look_at(watched, now, events.known_since(now.date(), SPAN.days))


def next_monday(now: datetime) -> datetime:
    """Return eight o'clock in the morning of the next Monday."""
    monday = now + timedelta(days=7 - now.weekday())
    return monday.replace(hour=8, minute=0, second=0, microsecond=0)
