"""Filling gaps: CloudTrail's own event history, read page by page into the pipeline.

What was delivered is known by its claim, so a page may be read as often as one likes.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from bot import metrics
from bot.accounts import Accounts
from bot.alerts.outcome import Outcome
from bot.aws.errors import THROTTLED, AwsError
from bot.aws.history import TOKEN_GONE, Page
from bot.cloudtrail.history import EVERY, Stretch, asked_anew, home_region, read_on
from bot.cloudtrail.record import Record
from bot.cloudtrail.text import printable
from bot.detections.pattern import Wanted
from bot.recorder import Recorder
from bot.store.events import Place, Written
from bot.store.link import StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

TRIES = 6
"""Failures in a row after which a place is given up for now."""

LONGEST_REST = timedelta(seconds=60)

REASON = 300


class Pages(Protocol):
    """What is needed of CloudTrail's event history. Raises AwsError."""

    def page(self, stretch: Stretch) -> Page:
        """Return the page that is next in a stretch."""
        ...


@dataclass(slots=True)
class Tally:
    """What came of reading. ``new`` are the outcomes of what had not been delivered."""

    pages: int = 0
    read: int = 0
    wanted: int = 0
    known: int = 0
    taught: int = 0
    failed: int = 0
    new: list[Outcome] = field(default_factory=list)

    @property
    def passed(self) -> int:
        """Return how many were read and are none of those wanted."""
        return self.read - self.failed - self.wanted

    @property
    def fates(self) -> dict[str, int]:
        """Return how many of the new ones had which fate."""
        return dict(Counter(outcome.fate.value for outcome in self.new))


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch after its turn; ``wait`` says that it was too soon, and for how long."""

    stretch: Stretch
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads stretches into the pipeline. Any number may: they share the budget of lookups.

    ``via`` names who looks. ``teaching`` is that the records wanted only teach what is usual, and
    nothing becomes of them.
    """

    pages: Pages
    store: Store
    recorder: Recorder
    wanted: Callable[[], Wanted]
    via: str
    teaching: bool = False

    def turn(self, stretch: Stretch, tally: Tally) -> Turn:
        """Read one page, if it is time. Raises StoreError; AwsError if the place is given up."""
        now = self.store.attention.now()
        if stretch.again is not None and stretch.again > now:
            return Turn(stretch, stretch.again - now)
        wait = self.store.budgets.spend(stretch.budget, 1, EVERY)
        if wait is not None:
            return Turn(stretch, wait)
        try:
            page = self.pages.page(stretch)
        except AwsError as error:
            metrics.LOOKUPS.labels("throttled" if error.code in THROTTLED else "failed").inc()
            return Turn(_after_failure(stretch, error, now))
        metrics.LOOKUPS.labels("ok").inc()
        self._take(page, now, tally)
        return Turn(read_on(stretch, page.oldest, page.token))

    def read(
        self,
        stretch: Stretch,
        tally: Tally,
        kept: Callable[[Stretch], None],
        pause: Callable[[timedelta], bool],
    ) -> Stretch:
        """Read page after page to the stretch's end, or until ``pause`` says to stop.

        ``kept`` hears how far it came after each. Raises as ``turn`` does.
        """
        while stretch.todo:
            turn = self.turn(stretch, tally)
            stretch = turn.stretch
            if turn.wait is None:
                kept(stretch)
            elif pause(turn.wait):
                break
        return stretch

    def _take(self, page: Page, now: datetime, tally: Tally) -> None:
        tally.pages += 1
        tally.read += len(page.records) + len(page.unreadable)
        tally.failed += len(page.unreadable)
        for why in page.unreadable:
            log.warning("a record of the event history cannot be read: %s", why)
        oldest = now - self.store.events.horizon
        takes = self.wanted().takes
        wanted = [r for r in page.records if takes(r) and r.event_time >= oldest]
        tally.wanted += len(wanted)
        wanted.sort(key=lambda record: record.event_time)
        if self.teaching:
            self._teach(wanted, tally)
        else:
            self._record(wanted, now, tally)

    def _teach(self, records: Sequence[Record], tally: Tally) -> None:
        for record in records:
            self.recorder.teach(record)
            tally.taught += 1

    def _record(self, records: Sequence[Record], now: datetime, tally: Tally) -> None:
        known, claims = self._known(records), []
        for record in records:
            if record.event_id in known:
                tally.known += 1
                continue
            claim = (record.event_time.date(), record.event_id)
            written = self._written(record, now, tally)
            if written is not None:
                claims.append(claim)
            if written is Written.KNOWN:
                tally.known += 1
            elif written is Written.NEW and (outcome := self.store.events.outcome(*claim)):
                metrics.MISSED.labels(self.via).inc()
                tally.new.append(outcome)
        if not self.store.events.confirm(claims):
            raise StoreError("Redis lost what it had stored: the page is read again")

    def _written(self, record: Record, now: datetime, tally: Tally) -> Written | None:
        try:
            return self.recorder.record(record, now, patient=False, via=self.via)
        except StoreError:
            raise
        except Exception:
            # A defect of ours: the other records are not held up.
            log.exception("event %s failed", record.event_id)
            tally.failed += 1
            return None

    def _known(self, records: Iterable[Record]) -> frozenset[str]:
        days: dict[date, list[str]] = defaultdict(list)
        for record in records:
            days[record.event_time.date()].append(record.event_id)
        found = [self.store.events.known(day, ids) for day, ids in days.items()]
        return frozenset().union(*found)


def _after_failure(stretch: Stretch, error: AwsError, now: datetime) -> Stretch:
    """Return the stretch to be tried again later. Raises the error if that would not help."""
    tries = stretch.tries + 1
    if not (error.retry or error.code == TOKEN_GONE) or tries >= TRIES:
        raise error
    log.info("%s is tried again: %s", stretch.place, printable(str(error), REASON))
    if error.code == TOKEN_GONE:
        return replace(asked_anew(stretch), tries=tries)
    rest = timedelta(seconds=2**tries if error.after is None else error.after)
    return replace(stretch, tries=tries, again=now + min(rest, LONGEST_REST))


def known_places(
    accounts: Accounts, seen: Iterable[Place], regions: Sequence[str], own: Place
) -> list[Place]:
    """Return where there may be events: accounts that are listed or seen, in their regions.

    Regions are those named, else those that the account's events came from; and the one that
    keeps the events of IAM and other global services. ``own`` is where sgwatch itself is.
    """
    by_account: dict[str, set[str]] = {account.id: set() for account in accounts.known}
    for place in seen:
        by_account.setdefault(place.account, set()).add(place.region)
    if not by_account:
        by_account[own.account] = set()
    home = home_region(own.region)
    return sorted(
        Place(account, region)
        for account, found in by_account.items()
        for region in {*(regions or found or {own.region}), home}
    )
