"""The monthly review: a chore that reads one account at a turn, then posts what all of them make.

What was read is kept, so a worker that is killed costs no more than an account; the message is
looked for by its metadata before it is posted again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.aws.errors import AwsError
from bot.cloudtrail.text import printable
from bot.investigation.review import AccountReview, Review
from bot.once import Once
from bot.review import Reviewer
from bot.slack.failing import PATIENCE
from bot.slack.messages import SlackError
from bot.slack.views.message import Message
from bot.store.reviews import Kept
from bot.store.store import Store

FOUND: TypeAdapter[AccountReview] = TypeAdapter(AccountReview)
AGAIN = timedelta(minutes=5)
NOW = timedelta(0)

Renew = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Monthly:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``."""

    store: Store
    once: Once
    reviewer: Reviewer
    accounts: Callable[[], Sequence[str]]
    view: Callable[[Review], Message]
    wanted: bool

    def attend(self, renew: Renew) -> datetime | timedelta | None:
        """Do one thing for this month's review; return when to look again."""
        if not self.wanted:
            return None
        now = self.store.attention.now()
        month = f"{now:%Y-%m}"
        kept = self.store.reviews.read(month)
        if kept.ts:
            return next_month(now)
        try:
            return self._go_on(month, kept, now, renew)
        except (AwsError, SlackError) as error:
            what = f"the monthly review fails: {printable(str(error), 250)}"
            self.store.notices.tell("review", what, PATIENCE)
            wait = error.wait if isinstance(error, SlackError) else None
            return wait or AGAIN

    def _go_on(self, month: str, kept: Kept, now: datetime, renew: Renew) -> datetime | timedelta:
        accounts = sorted(self.accounts())
        for account in accounts:
            if account not in kept.accounts:
                renew()
                found = self.reviewer.account(account, renew)
                self.store.reviews.keep(month, account, FOUND.dump_json(found).decode())
                return NOW
        found_all = [FOUND.validate_json(kept.accounts[account]) for account in accounts]
        self.once.post(month, lambda: self.view(self.reviewer.finished(found_all)), renew)
        return next_month(now)


def next_month(now: datetime) -> datetime:
    """Return eight o'clock in the morning of the first day of the next month."""
    first = (now.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first.replace(hour=8, minute=0, second=0, microsecond=0)
