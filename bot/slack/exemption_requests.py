"""Requests for approval: posted where approvers read, and settled once they are decided.

A chore that looks at things as they are: what is asked and not posted is posted, what is posted and
no longer asked is settled, what nobody approved in time lapses.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.exemption_approval import Lapse
from bot.alerts.life import Deed
from bot.alerts.people import SGWATCH, Person, Right
from bot.cloudtrail.text import printable
from bot.exemptions.model import Exemption, Pending
from bot.exemptions.policy import ExemptionPolicy
from bot.slack.failing import PATIENCE
from bot.slack.messages import Mark, Messages, SlackError
from bot.slack.views.exemption_request import request_message, settled_message
from bot.slack.views.preview import Tried
from bot.store.also import also_resolves
from bot.store.previewing import preview_of
from bot.store.requests import Posted
from bot.store.store import Store

LOOK = timedelta(seconds=3)
"""How soon something new is seen."""

AGAIN = timedelta(minutes=1)
US = Person(SGWATCH.slack_id, SGWATCH.name, SGWATCH.right)
SOME_APPROVER = replace(US, right=Right.APPROVER)
"""Whoever it will be: what is their own change stays open, which the click alone tells."""


@dataclass(frozen=True, slots=True)
class ApprovalRequests:
    """Attends the requests. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    messages: Messages
    channel: str
    policy: ExemptionPolicy

    def attend(self, renew: Callable[[], None]) -> timedelta:
        """Do all that is to be done for requests; return when to look again."""
        now = self.store.attention.now()
        posted = self.store.requests.all()
        known = {e.id: e for e in self.store.exemptions.current() if e.pending or e.id in posted}
        try:
            for exemption in known.values():
                if exemption.pending is not None and not exemption.is_asked(now):
                    self.store.exemptions.decide(exemption.id, Lapse(), US, now, self.policy)
                elif exemption.pending is not None:
                    self._post(exemption, exemption.pending, posted.get(exemption.id), renew)
            for name, message in posted.items():
                if name not in known or known[name].pending is None:
                    self._settle(name, message, renew)
        except SlackError as error:
            what = f"asking for the approval of exemptions fails: {printable(str(error), 200)}"
            self.store.notices.tell("approval", what, PATIENCE)
            return error.wait or AGAIN
        return LOOK

    def _post(
        self, held: Exemption, pending: Pending, before: Posted | None, renew: Callable[[], None]
    ) -> None:
        """Post the request, unless a worker that died has posted it already."""
        if before is not None and before.version != held.version:
            self._settle(held.id, before, renew)
            before = None
        if before is not None and before.ts:
            return
        mark, now = Mark(f"approval:{held.id}", held.version), self.store.attention.now()
        begun = before or Posted(held.version, now)
        ts = self.messages.find(self.channel, mark, begun.begun) if before else None
        if ts is None:
            self.store.requests.keep(held.id, begun)
            tried = self._tried(held, pending.exemption, now)
            asked = (e for e in self.store.exemptions.lived(held.id) if e.did is Deed.ASKED)
            said = [pending.exemption.reason, *(line.reason for line in asked)][-1]
            renew()
            message = request_message(held, pending, tried, now, said)
            ts = self.messages.post(self.channel, message.text, message.blocks, mark)
        self.store.requests.keep(held.id, replace(begun, ts=ts))

    def _tried(self, held: Exemption, wanted: Exemption, now: datetime) -> Tried:
        """Return what it would have hidden, and what its approval would also resolve."""
        found = preview_of(self.store, wanted, now)
        if held.is_in_force(now):
            return Tried(wanted, found)
        return Tried(wanted, found, also=also_resolves(self.store, wanted, SOME_APPROVER, now))

    def _settle(self, name: str, posted: Posted, renew: Callable[[], None]) -> None:
        """Have the message show what became of it; one that cannot be edited stays as it is."""
        held = self.store.exemptions.read(name)
        if posted.ts and held is not None:
            message = settled_message(held.exemption, self.store.exemptions.lived(name))
            renew()
            try:
                self.messages.edit(self.channel, posted.ts, message.text, message.blocks)
            except SlackError as error:
                if error.retry or error.wait is not None:
                    raise
        self.store.requests.settled(name)
