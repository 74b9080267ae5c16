"""Asking whoever did it: finds them in Slack, and keeps the direct message as the alert has it.

Like all that is shown in Slack it is rendered from the timeline, and looked for by its metadata
before it is posted again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Actor, Alert
from bot.alerts.asking import OPEN, AskPolicy, Whom, question_state
from bot.alerts.commands import AskActor
from bot.alerts.people import Person
from bot.alerts.progress import Direct, Trouble, troubled
from bot.cloudtrail.text import printable
from bot.slack.directory import DirectoryError
from bot.slack.failing import GONE, PATIENCE
from bot.slack.messages import A_MINUTE, DirectMessages, Mark, SlackError
from bot.slack.views.message import Message
from bot.store.deciding import decide_on
from bot.store.store import Store
from bot.store.timelines import Reading

MOST, PERIOD = 5, timedelta(minutes=10)
"""Questions that the policy has put to one person, at most, in so long a time."""

LOOK_UPS = 40
"""A minute, to find out who somebody is: fewer than Slack allows, since clicks need some too."""

LATE = timedelta(minutes=1)
"""A question that is sent so late is looked for first: progress may have been lost."""


class People(Protocol):
    """Who can be asked. Raises DirectoryError."""

    def find(self, whom: Whom) -> Person | None:
        """Return the full member who can be asked."""
        ...


@dataclass(frozen=True, slots=True)
class Actors:
    """Asks actors. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    messages: DirectMessages
    people: People
    question: Callable[[Alert], Message]
    policy: AskPolicy

    def choose(self, reading: Reading, whom: Whom) -> None:
        """Have whoever did it asked, as the policy wants it, if Slack knows them."""
        direct = reading.progress.direct
        if wait := self._spent("users.lookup", LOOK_UPS, A_MINUTE):
            self._save(reading, _later(direct, reading.now + wait))
            return
        try:
            person = self.people.find(whom)
        except DirectoryError as error:
            self._failed(reading, direct, f"Slack says {error.code}", retry=True)
            return
        if person is None:
            self._save(reading, replace(direct, nobody=True, trouble=None))
        elif wait := self._spent(f"asking:{person.slack_id}", MOST, PERIOD):
            self._save(reading, _later(direct, reading.now + wait))
        else:
            command = AskActor(person.slack_id, person.name, self.policy.version)
            decide_on(self.store, reading.alert.id, command, None)

    def ask(self, reading: Reading, renew: Callable[[], None]) -> None:
        """Send the question, or have it show what was answered."""
        alert, direct = reading.alert, reading.progress.direct
        if alert.actor is None:
            return
        try:
            if direct.ts:
                self._edit(reading, direct, renew)
            else:
                self._post(reading, alert.actor, direct, renew)
        except SlackError as error:
            now = self._direct(reading)
            if error.code == GONE:
                # Somebody deleted it: what it would have shown is on the alert.
                self._save(reading, replace(now, shown=question_state(alert)))
            elif error.wait is not None:
                self._save(reading, _later(now, reading.now + error.wait))
            else:
                self._failed(reading, now, f"Slack says {error.code}", retry=error.retry)

    def _post(
        self, reading: Reading, actor: Actor, direct: Direct, renew: Callable[[], None]
    ) -> None:
        alert, state = reading.alert, question_state(reading.alert)
        channel = direct.channel or self.messages.direct(actor.slack_id)
        mark = Mark(f"ask:{alert.id}", 0)
        late = reading.now - actor.asked_at > LATE
        since = direct.posting or (actor.asked_at if late else None)
        found = self.messages.find(channel, mark, since) if since else None
        if found is not None:
            # It shows the alert as it was then: an edit follows.
            self._save(reading, Direct(channel, found))
            return
        if state != OPEN:
            self._save(reading, Direct(channel, shown=state))
            return
        begun = Direct(channel, posting=direct.posting or reading.now)
        self._save(reading, begun)
        renew()
        message = self.question(alert)
        ts = self.messages.post(channel, message.text, message.blocks, mark)
        self._save(reading, Direct(channel, ts, shown=state))

    def _edit(self, reading: Reading, direct: Direct, renew: Callable[[], None]) -> None:
        renew()
        message = self.question(reading.alert)
        self.messages.edit(direct.channel, direct.ts, message.text, message.blocks)
        shown = question_state(reading.alert)
        self._save(reading, replace(direct, shown=shown, trouble=None))

    def _spent(self, name: str, most: int, period: timedelta) -> timedelta | None:
        return self.store.budgets.spend(name, most, period)

    def _failed(self, reading: Reading, direct: Direct, why: str, *, retry: bool) -> None:
        alert_id = reading.alert.id
        what = f"asking whoever did {alert_id} fails: {printable(why, 200)}"
        patience = PATIENCE if retry else timedelta(0)
        self.store.notices.tell(f"actor:{alert_id}", what, patience)
        trouble = troubled(direct.trouble, why, reading.now, alert_id)
        self._save(reading, replace(direct, trouble=trouble))

    def _direct(self, reading: Reading) -> Direct:
        """Return how far it has come: a post may have been begun since the reading."""
        now = self.store.timelines.read(reading.alert.id)
        return (now or reading).progress.direct

    def _save(self, reading: Reading, after: Direct) -> None:
        before = reading.progress
        self.store.timelines.save_progress(reading.alert.id, before, replace(before, direct=after))


def _later(direct: Direct, at: datetime) -> Direct:
    """Return it put off: that is no failure."""
    attempts = direct.trouble.attempts if direct.trouble else 0
    return replace(direct, trouble=Trouble(attempts, at, "waits its turn"))
