"""The covering chore: resolves the alerts that a saved exemption also covers, one by one.

What is to be resolved is kept before the exemption is saved, and forgotten when all of it is done:
a worker that is killed between leaves the rest to the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerts.commands import CloseCovered, Refusal
from bot.alerts.covering import Covering
from bot.alerts.life import Deed
from bot.exemptions.model import Exemption
from bot.store.also import covers_wholly
from bot.store.deciding import decide_on
from bot.store.store import Store
from bot.store.timelines import Reading

SAVED_WITHIN = timedelta(minutes=1)
"""What is not there or still waits by then was refused, or its process was killed."""

AGAIN = timedelta(seconds=1)

Renew = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Coverer:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store

    def attend(self, renew: Renew) -> timedelta | None:
        """Resolve what is to be resolved; return when to look again."""
        now = self.store.attention.now()
        waits = [each for each in self.store.coverings.planned() if self._waits(each, now, renew)]
        return AGAIN if waits else None

    def _waits(self, covering: Covering, now: datetime, renew: Renew) -> bool:
        """Return whether the exemption may still be saved; else do what is to be done."""
        held = self.store.exemptions.read(covering.exemption)
        saved = held is not None and not held.exemption.is_asked(now)
        if not saved and now - covering.at < SAVED_WITHIN:
            return True
        if held is not None and self._is_by(held.exemption, covering):
            for also in covering.alerts:
                renew()
                self._resolve(also.alert, held.exemption, covering, also.changes)
        self.store.coverings.done(covering)
        return False

    def _is_by(self, exemption: Exemption, covering: Covering) -> bool:
        """Return whether they saved it, or approved it."""
        if exemption.owner == covering.by.slack_id:
            return True
        lived = self.store.exemptions.lived(exemption.id)
        approved = [line.by.slack_id for line in lived if line.did is Deed.APPROVED]
        return covering.by.slack_id in approved[-1:]

    def _resolve(
        self, alert_id: str, exemption: Exemption, covering: Covering, changes: int
    ) -> None:
        def command(reading: Reading) -> CloseCovered | Refusal:
            if not covers_wholly(self.store, exemption, reading.alert, reading.now):
                return Refusal("The exemption does not cover all of it any more.")
            return CloseCovered(exemption.id, covering.by, exemption.reason, changes)

        decide_on(self.store, alert_id, command, None)
