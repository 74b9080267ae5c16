"""Habit: how often the principal changed groups before, from our own memory and from CloudTrail.

At most four calls of LookupEvents, shared by all alerts of an account and region for ten minutes;
none where we have been watching for 90 days, or know that the principal does it often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.familiar import AUTOMATED, BY_HAND, Known, Trait, known_as, tool_name
from bot.alerts.sighting import Sighting
from bot.alerts.signals import signal
from bot.aws.errors import AwsError
from bot.cloudtrail.agent import tool_of
from bot.cloudtrail.principal import principal_of
from bot.cloudtrail.record import Record, succeeded
from bot.cloudtrail.text import printable
from bot.investigation.kept import Kept
from bot.investigation.lookups import Lookups, Place
from bot.investigation.place import Memory
from bot.investigation.run import Answer

LOOK_BACK = timedelta(days=90)
NEARLY = timedelta(days=1)
USUAL = 5
"""Days of 90 on which somebody changed groups, so that one more is nothing new."""

ENOUGH = timedelta(days=30)
"""Who was not seen for so long does it for the first time."""

OPENING = "AuthorizeSecurityGroupIngress"
FRESH = timedelta(minutes=10)
LINE, WORD = 100, 50
DAYS_LISTED = 20


@dataclass(frozen=True, slots=True)
class Done:
    """A group change that CloudTrail's history tells."""

    who: str
    at: datetime
    tool: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the history of one account and region tells, and back to when."""

    done: tuple[Done, ...]
    back_to: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Habits:
    """Asks whether such changes are usual for the principal. ``names`` are the accounts'."""

    memory: Memory
    lookups: Lookups
    names: Mapping[str, str] = field(default_factory=dict)
    kept: Kept[Past] = field(default_factory=lambda: Kept(FRESH))

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return how usual it is. Raises AwsError where asking again may help, and StoreError."""
        seen = alert.worst[0]
        begun = alert.first_at or seen.change.at
        known = self.memory.known(seen.principal)
        past, untold = None, ""
        if needs_past(known, begun):
            try:
                past = self._past(seen, now)
            except AwsError as error:
                if error.retry:
                    raise
                untold = str(error)
        account = seen.change.account
        place = f"{printable(self.names.get(account, account), WORD)}, {seen.change.region}"
        return Habit(seen, begun, known, place, past, untold).answer()

    def _past(self, seen: Sighting, now: datetime) -> Past:
        names = tuple(dict.fromkeys((OPENING, seen.change.action)))
        place = Place(
            seen.change.account, seen.change.region, tuple(("EventName", name) for name in names)
        )
        return self.kept.get((str(place), names), now, None, lambda: self._read(place, now))

    def _read(self, place: Place, now: datetime) -> Past:
        start = now - LOOK_BACK
        (told,) = self.lookups.ask([place], start, now)
        if told.untold:
            raise AwsError(told.untold, retry=told.again)
        done = tuple(map(_done, filter(succeeded, told.records)))
        # Of several names that were cut short, nobody knows more than of the one cut the soonest.
        back_to = max(map(_oldest, _by_name(told.records)), default=start) if told.cut else start
        return Past(done, back_to, now)


@dataclass(frozen=True, slots=True)
class Habit:
    """All that is known, to be put into words."""

    seen: Sighting
    begun: datetime
    known: Known
    place: str
    past: Past | None = None
    untold: str = ""

    def answer(self) -> Answer:
        """Return the fact and the signals."""
        about = self.seen.principal.id
        more = tuple(self._lines())
        as_of = self.past.read_at if self.past else None
        if not self.days and self.untold and self.covered < timedelta(days=1):
            unknown = f"{self.untold}; sgwatch itself knows them only since today"
            return Answer((Fact(Question.HABIT, about, unknown=unknown, more=more),))
        value = printable(self._value(), LINE)
        fact = Fact(Question.HABIT, about, value, more=more, as_of=as_of)
        return Answer((fact,), tuple(self._signals()))

    @property
    def start(self) -> datetime:
        """Return from when on days are counted."""
        return self.begun - LOOK_BACK

    @property
    def days(self) -> tuple[str, ...]:
        """Return the days on which they changed groups before, in order."""
        days = {*self.known.days_before(self.begun, self.start), *(_day(d.at) for d in self._done)}
        return tuple(sorted(days))

    @property
    def _done(self) -> Sequence[Done]:
        """Return what CloudTrail has of this principal from before the alert."""
        who = known_as(self.seen.principal)
        return [d for d in (self.past.done if self.past else ()) if d.who == who and self._old(d)]

    def _old(self, done: Done) -> bool:
        return self.start <= done.at < self.begun

    @property
    def covered(self) -> timedelta:
        """Return back to how long ago it would be known."""
        starts = [self.known.since or self.begun, self.past.back_to if self.past else self.begun]
        known = max(self.begun - min(starts), timedelta(0))
        # What was asked back to 90 days before now is a little less before the change.
        return known if known < LOOK_BACK - NEARLY else LOOK_BACK

    @property
    def is_here_new(self) -> bool:
        """Return whether they never changed groups in this account and region before."""
        here = f"{self.seen.change.account}/{self.seen.change.region}"
        return not self._done and here not in self.known.before(Trait.PLACE, self.begun)

    def _value(self) -> str:
        """Return the answer: "No: first group change in 90 days (prod, eu-west-1)"."""
        of = f"{self.covered.days} days" if self.covered.days > 1 else "a day"
        since = (
            "" if self.covered >= LOOK_BACK else f", known since {_day(self.begun - self.covered)}"
        )
        number = len(self.days)
        where = f" ({self.place})" if self.past else ""
        if number == 0:
            if self.covered < timedelta(days=1):
                return f"not seen before; sgwatch began today{where}"
            return f"No: first group change in {of}{where}"
        on = f"on {number} of the last {of}"
        here = f", but never in {self.place}" if self.is_here_new else ""
        if number >= USUAL:
            return f"Yes{here}: {on}{self._how()}{since}"
        return f"Seldom{here}: {on}, last on {self.days[-1]}{since}"

    def _how(self) -> str:
        tools, hands = sorted(self._tools), self.known.before(Trait.HAND, self.begun)
        automated = ", automated" if AUTOMATED in hands and BY_HAND not in hands else ""
        named = printable(", ".join(tools), WORD)
        return f"{automated}, with {named}" if tools and len(tools) <= 2 else automated

    @property
    def _tools(self) -> frozenset[str]:
        told = (done.tool for done in self._done)
        return frozenset(filter(None, (*self.known.before(Trait.TOOL, self.begun), *told)))

    def _signals(self) -> Iterator[Signal]:
        days = len(self.days)
        if days == 0 and self.covered >= ENOUGH:
            yield signal("first_time", f"first group change in {self.covered.days} days")
        elif days and self.is_here_new:
            yield signal("first_here", f"never changed groups in {self.place} before")
        elif days >= USUAL and tool_name(self.seen.origin.tool) in self._tools:
            yield signal("usual", f"usual for them: on {days} days of {self.covered.days}")

    def _lines(self) -> Iterator[str]:
        if self.known.since:
            yield f"sgwatch watches since {_day(self.known.since)}, in all accounts"
        if self.past:
            back = _day(self.past.back_to)
            yield f"CloudTrail's history was read back to {back}, of {self.place} alone"
        if self.untold:
            yield self.untold
        if days := self.days:
            more = f"{len(days) - DAYS_LISTED} more and " if len(days) > DAYS_LISTED else ""
            yield f"Days: {more}{', '.join(days[-DAYS_LISTED:])}"


def needs_past(known: Known, begun: datetime) -> bool:
    """Return whether our own memory is too young to say that somebody does it seldom."""
    start = begun - LOOK_BACK
    young = known.since is None or known.since > start
    return young and len(known.days_before(begun, start)) < USUAL


def _done(record: Record) -> Done:
    who = known_as(principal_of(record))
    return Done(who, record.event_time, tool_name(tool_of(record).label))


def _by_name(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    for name in dict.fromkeys(record.event_name for record in records):
        yield [record for record in records if record.event_name == name]


def _oldest(records: Sequence[Record]) -> datetime:
    return min(record.event_time for record in records)


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"
