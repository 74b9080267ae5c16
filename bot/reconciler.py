"""The reconciler: a chore that looks in CloudTrail's event history for what was not delivered.

EventBridge delivers at best effort. Every few minutes a round goes through the accounts and
regions, a page at a time, and goes on where it was left if a worker is killed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.aws.errors import AwsError
from bot.aws.queue import EventQueue
from bot.backfill import Reader, Tally
from bot.cloudtrail.history import Stretch, whole
from bot.cloudtrail.text import printable
from bot.store.events import Place
from bot.store.store import Store

log = logging.getLogger(__name__)

WHO = "reconciler"
CHORE = "chore:reconciler"

FIRST = timedelta(minutes=20)
"""The first round looks so far back; the next ones, to where the one before ended."""

LAG = timedelta(minutes=15)
"""An event may take so long to be in the event history: each round looks there again."""

SETTLED = timedelta(minutes=5)
"""What is younger may still be delivered."""

FURTHEST = timedelta(days=1)
"""A gap that is longer is for ``sgwatch backfill``."""

NOW = timedelta(0)


MANY_WAITING = 100
"""Messages in the queue above which the pollers are behind."""


def behind(queue: EventQueue) -> bool:
    """Return whether much waits in the queue; where we may not ask, it does not."""
    try:
        return queue.depth().waiting > MANY_WAITING
    except AwsError:
        return False


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``.

    ``behind`` says that the queue holds much that is not read yet: then what is missing cannot be
    known. ``names`` are the calls worth asking for. ``every`` is 0 for never.
    """

    store: Store
    reader: Reader
    places: Callable[[], list[Place]]
    names: Callable[[], frozenset[str]]
    every: timedelta
    behind: Callable[[], bool] = lambda: False
    settled: timedelta = SETTLED
    account_name: Callable[[str], str] = field(default=str)

    def attend(self, renew: Callable[[], None]) -> datetime | timedelta | None:
        """Read one page; return when there is more to do."""
        if not self.every:
            return None
        stretches = self.store.stretches.all(WHO)
        if not stretches:
            return self._begin()
        waits = []
        for stretch in stretches:
            renew()
            wait = self._turn(stretch)
            if wait is None:
                return NOW if self.store.stretches.all(WHO) else self.every
            waits.append(wait)
        return min(waits)

    def _begin(self) -> timedelta:
        """Begin a round, unless the poller has not caught up."""
        if self.behind():
            log.info("the queue is not read up: what is missing is looked for later")
            return self.every
        try:
            places = self.places()
        except AwsError as error:
            self._trouble("places", error)
            return self.every
        now, until = self.store.attention.now(), self.store.stretches.read_until(WHO)
        end, names = now - self.settled, self.names()
        found = []
        for place in places:
            last = until.get("/".join(place), now - FIRST + LAG)
            start = max(min(last, end) - LAG, now - FURTHEST)
            found.append(whole(*place, start, end, names))
        self.store.stretches.begin(WHO, found)
        return NOW if found else self.every

    def _turn(self, stretch: Stretch) -> timedelta | None:
        """Give a place its turn; return how long it must wait, None if it had it."""
        tally = Tally()
        try:
            turn = self.reader.turn(stretch, tally)
        except AwsError as error:
            self._trouble(stretch.place, error)
            self.store.stretches.drop(WHO, stretch)
            return None
        if turn.wait is None:
            # Told before the page counts as read: a worker that is killed tells it twice, at worst.
            self._tell(stretch, tally)
            self.store.stretches.keep(WHO, turn.stretch)
        return turn.wait

    def _tell(self, stretch: Stretch, tally: Tally) -> None:
        if not tally.new:
            return
        missed, last = len(tally.new), tally.new[-1]
        where = f"{self.account_name(stretch.account)}/{stretch.region}"
        many = "1 event was" if missed == 1 else f"{missed} events were"
        what = (
            f"{many} in CloudTrail's event history of {where} and had not been delivered by "
            f"EventBridge; sgwatch has taken them in. The last: {printable(last.action, 80)}. "
            f"See sgwatch trace {printable(last.event_id, 80)}, and the rule's pattern and targets"
        )
        log.warning("%s", what)
        self.store.notices.tell(f"missed:{stretch.place}", what)

    def _trouble(self, where: str, error: AwsError) -> None:
        what = f"what was not delivered cannot be looked for: {printable(str(error), 250)}"
        log.warning("%s", what)
        self.store.notices.tell(f"reconciling:{where}", what)
