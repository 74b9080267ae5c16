"""Lookups: a few questions to CloudTrail's event history, within the budget and the time there is.

It answers twice a second for an account and region, whoever asks. Places are asked side by side;
what is not answered in time is told, and asked again with the question.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot import metrics
from bot.aws.errors import THROTTLED, AwsError
from bot.aws.history import Page
from bot.cloudtrail.history import EVERY, Question, Stretch, read_on
from bot.cloudtrail.record import Record

PAGES = 2
"""Pages of one question: 100 events."""

PATIENCE = timedelta(seconds=3)
"""No lookup is begun later: the slowest still ends before the time for all questions is over."""

BUSY = "it was asked as often as AWS allows"


class Pages(Protocol):
    """What is needed of CloudTrail's event history. Raises AwsError."""

    def page(self, stretch: Stretch) -> Page:
        """Return the page that is next in a stretch."""
        ...


class Budgets(Protocol):
    """What is needed of the budgets that all processes share. Raises StoreError."""

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        """Count one more; return how long to wait instead if that is too many."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """An account and region, and what is asked there: pairs of an attribute and its value.

    ``then`` is asked where there are more events than were read.
    """

    account: str
    region: str
    asked: tuple[tuple[str, str], ...]
    then: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


@dataclass(slots=True)
class Told:
    """What a place's history told. ``untold`` is why it did not tell all, if it did not; ``again``
    that it may tell later.
    """

    place: Place
    records: list[Record] = field(default_factory=list)
    untold: str = ""
    again: bool = False
    cut: bool = False
    _todo: list[Stretch] = field(default_factory=list)

    def begin(self, start: datetime, end: datetime) -> None:
        """Set what is to be asked."""
        self._todo = list(_stretches(self.place, self.place.asked, start, end))

    @property
    def stretch(self) -> Stretch | None:
        """Return what is to be asked next."""
        return self._todo[0] if self._todo else None

    def take(self, page: Page) -> None:
        """Take a page's records, and go on to the next page or question."""
        asked, *others = self._todo
        self.records += page.records
        after = read_on(asked, page.oldest, page.token)
        if after.todo and after.pages < PAGES:
            self._todo = [after, *others]
            return
        self._todo = others
        if after.todo and not self.cut:
            self.cut = True
            question = asked.todo[0]
            self._todo += _stretches(self.place, self.place.then, question.start, question.end)

    def end(self, why: str, *, again: bool) -> None:
        """Ask no further."""
        self.untold, self.again, self._todo = why, again, []


@dataclass(frozen=True, slots=True)
class Lookups:
    """Asks places, in turns. Any number of processes may: they share the budget."""

    pages: Pages
    budgets: Budgets
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def ask(self, places: Sequence[Place], start: datetime, end: datetime) -> list[Told]:
        """Return what each place told of what happened between two times. Raises StoreError."""
        told = [Told(place) for place in places]
        for one in told:
            one.begin(start, end)
        until = self.clock() + PATIENCE.total_seconds()
        while asking := [(one, stretch) for one in told if (stretch := one.stretch)]:
            if self.clock() >= until:
                for one, _ in asking:
                    one.end(BUSY, again=True)
                break
            waits = [self._turn(one, stretch) for one, stretch in asking]
            if all(waits):
                self.pause(min(filter(None, waits)).total_seconds())
        return told

    def _turn(self, one: Told, stretch: Stretch) -> timedelta | None:
        """Read one page of a place; return how long it must wait if it is too soon."""
        wait = self.budgets.spend(stretch.budget, 1, EVERY)
        if wait is not None:
            return wait
        try:
            one.take(self.pages.page(stretch))
        except AwsError as error:
            metrics.LOOKUPS.labels("throttled" if error.code in THROTTLED else "failed").inc()
            one.end(str(error), again=error.retry)
        else:
            metrics.LOOKUPS.labels("ok").inc()
        return None


def _stretches(
    place: Place, asked: Sequence[tuple[str, str]], start: datetime, end: datetime
) -> Iterator[Stretch]:
    for key, value in asked:
        question = Question(key, value, start, end)
        yield Stretch(place.account, place.region, start, end, (question,))
