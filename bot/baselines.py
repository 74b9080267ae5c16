"""Learning baselines: a chore that reads all groups of all accounts and regions, round by round.

A round goes through accounts, and lists the regions of each; a turn reads one page of one place.
What changed is read again as soon as AWS's answers have settled, many groups in one call. However
far it came is kept, so a worker that is killed costs no more than a page.
"""

import logging
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.aws.errors import AwsError
from bot.aws.listing import GROUPS, TOKEN_GONE, Listed, Listing
from bot.changes.baseline import SETTLING, SKEW, Baseline
from bot.cloudtrail.text import printable
from bot.store.baselines import GroupAt, Trouble
from bot.store.events import Place
from bot.store.rounds import Turn
from bot.store.store import Store

log = logging.getLogger(__name__)

CHORE = "baselines"
CALLS = 2
"""Pages of an account and region read in a second, at most: a fraction of what EC2 allows."""

SECOND = timedelta(seconds=1)
TURNS = 10
"""Pages read under one lease, each after it was renewed."""

LOOK = timedelta(seconds=30)
"""How often it is looked for groups that changed."""

SLOWEST = SETTLING / 2
"""A page that took longer to read says too little about when it was so."""

SETTLED = SETTLING + SKEW + timedelta(seconds=8)
TRIES = 5
JITTER = 0.1
REASON = 300
NAMED = 3
NOW = timedelta(0)


class Lister(Protocol):
    """What is needed of AWS. Every method raises AwsError."""

    def enter(self, account: str) -> None:
        """See that an account can be entered."""
        ...

    def regions(self, account: str) -> list[str]:
        """Return the regions that are enabled in an account."""
        ...

    def page(self, account: str, region: str, token: str = "") -> Listing:
        """Return a page of groups."""
        ...

    def some(self, account: str, region: str, ids: Collection[str]) -> Listing:
        """Return the groups of these ids that are there."""
        ...


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Reads places and keeps what it read. Raises AwsError and StoreError.

    ``regions`` are the only ones to read; without any, all that are enabled.
    """

    store: Store
    lister: Lister
    regions: Sequence[str] = ()

    def places(self, account: str) -> list[Place]:
        """Return the account's places. Where its regions may not be listed, those seen before."""
        self.lister.enter(account)
        found = list(self.regions)
        if not found:
            try:
                found = self.lister.regions(account)
            except AwsError as error:
                seen = [p.region for p in self.store.events.places() if p.account == account]
                if error.retry or not seen:
                    raise
                found = seen
        return [Place(account, region) for region in found]

    def page(self, place: Place, token: str = "") -> Listing:
        """Read a page of a place, and keep it."""
        return self._kept(place, lambda: self.lister.page(*place, token))

    def some(self, place: Place, groups: Sequence[GroupAt]) -> Listing:
        """Read some groups of a place, and keep them."""
        return self._kept(place, lambda: self.lister.some(*place, [group.id for group in groups]))

    def wait(self, place: Place) -> timedelta | None:
        """Return how long a place must not be asked; None where it may be asked now."""
        name = f"groups:{'/'.join(place)}"
        return self.store.budgets.spend(name, CALLS, SECOND)

    def _kept(self, place: Place, read: Callable[[], Listing]) -> Listing:
        begun = self.store.attention.now()
        listing = read()
        read_at = self.store.attention.now()
        if read_at - begun > SLOWEST:
            raise AwsError(f"{'/'.join(place)} answers too slowly", retry=True)
        for listed in listing.groups:
            if listed.unreadable:
                log.warning("no baseline of %s: %s", listed.group.id, listed.unreadable)
            else:
                self.store.baselines.keep(_baseline(place, listed, read_at))
        return listing


@dataclass(frozen=True, slots=True)
class Baselines:
    """Attends the chore. Raises StoreError, and LeaseLostError from ``renew``.

    ``accounts`` says which are to be read; ``every`` is 0 for never.
    """

    store: Store
    surveyor: Surveyor
    accounts: Callable[[], list[str]]
    every: timedelta

    def attend(self, renew: Callable[[], None]) -> timedelta | None:
        """Read some pages; return when there is more to do."""
        if not self.every:
            return None
        for _ in range(TURNS):
            renew()
            changed = self._changed()
            wait = self._turn() if changed is None else changed
            if wait > NOW:
                return min(wait, LOOK)
        return NOW

    def _changed(self) -> timedelta | None:
        """Read groups of one place that changed; None where there are none."""
        baselines, now = self.store.baselines, self.store.attention.now()
        changed = baselines.changed(now - SETTLED, GROUPS)
        if not changed:
            return None
        place = Place(*changed[0][:2])
        groups = [group for group in changed if group[:2] == place]
        if (wait := self.surveyor.wait(place)) is not None:
            return wait
        try:
            self.surveyor.some(place, groups)
        except AwsError as error:
            # What can be read later is, with the rest of its place: nothing waits for it.
            log.info("%s is not read anew: %s", place, printable(str(error), REASON))
        baselines.reread(groups)
        return NOW

    def _turn(self) -> timedelta:
        """Give a place its turn, or begin a round; return how long to wait."""
        now, rounds = self.store.attention.now(), self.store.rounds
        found = rounds.turn()
        if found is None:
            return self._between(now)
        turn, again = found
        if again > now:
            return again - now
        if (wait := self.surveyor.wait(turn.place)) is not None:
            rounds.keep(turn, now + wait)
            return NOW
        try:
            self._read(turn)
        except AwsError as error:
            self._failed(turn, error, now)
        if not rounds.left():
            self._tell()
        return NOW

    def _between(self, now: datetime) -> timedelta:
        """Begin a round if it is time."""
        begins = self.store.rounds.next_round()
        if begins is not None and begins > now:
            return begins - now
        try:
            accounts = self.accounts()
        except AwsError as error:
            log.warning("which accounts to read is not known: %s", printable(str(error), REASON))
            return LOOK
        pause = self.every * (1 + random.uniform(-JITTER, JITTER))  # noqa: S311 - no secret
        self.store.rounds.begin(accounts, now + pause)
        return NOW

    def _read(self, turn: Turn) -> None:
        rounds, place = self.store.rounds, turn.place
        if not place.region:
            rounds.add(self.surveyor.places(place.account))
            rounds.end(place)
            return
        token = self.surveyor.page(place, turn.token).token
        now = self.store.attention.now()
        if token:
            rounds.keep(Turn(place, token), now)
        else:
            self.store.baselines.done(place, now)
            rounds.end(place)

    def _failed(self, turn: Turn, error: AwsError, now: datetime) -> None:
        tries = turn.tries + 1
        if (error.retry or error.code in TOKEN_GONE) and tries < TRIES:
            token = "" if error.code in TOKEN_GONE else turn.token
            rest = timedelta(seconds=error.after or 2**tries)
            self.store.rounds.keep(replace(turn, token=token, tries=tries), now + rest)
            return
        why = printable(str(error), REASON)
        log.warning("no baselines of %s: %s", "/".join(turn.place), why)
        self.store.baselines.failed(Trouble(turn.place, why))
        self.store.rounds.end(turn.place)

    def _tell(self) -> None:
        """Tell the operators, at the end of a round, which accounts cannot be entered."""
        shut = [t for t in self.store.baselines.troubles() if not t.place.region]
        if not shut:
            return
        names = ", ".join(trouble.place.account for trouble in shut[:NAMED])
        more = f" and {len(shut) - NAMED} more" if len(shut) > NAMED else ""
        what = f"groups cannot be read in {names}{more}: {shut[0].why}. See sgwatch doctor"
        self.store.notices.tell("baselines", what)


def accounts_of(places: Iterable[Place]) -> list[str]:
    """Return the accounts of places, each once."""
    return sorted({place.account for place in places})


def whole(surveyor: Surveyor, place: Place, pause: Callable[[timedelta], bool]) -> Iterator[int]:
    """Read a place to its end, page by page; yield how many groups each held.

    It ends early if ``pause``, which waits, says so. Raises as ``Surveyor`` does.
    """
    token, first = "", True
    while token or first:
        while (wait := surveyor.wait(place)) is not None:
            if pause(wait):
                return
        listing = surveyor.page(place, token)
        token, first = listing.token, False
        yield len(listing.groups)
    surveyor.store.baselines.done(place, surveyor.store.attention.now())


def _baseline(place: Place, listed: Listed, read_at: datetime) -> Baseline:
    return Baseline(*place, listed.group, listed.rules, read_at, listed.tags)
