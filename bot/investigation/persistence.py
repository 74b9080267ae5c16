"""Persistence: whether they made themselves at home, and where else they changed groups.

What was done is read with ``activity``; beside that, our own stream of a day, and one call of IAM.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.alerts.fact import Act, Fact, Question, Signal
from bot.alerts.outcome import Outcome
from bot.alerts.signals import signal
from bot.changes.sentence import number_of
from bot.cloudtrail.text import printable
from bot.investigation.activity import known, settled
from bot.investigation.acts import Whose, act_of_outcome, counted, gravest, told, within
from bot.investigation.allowed import Allowed, Permissions
from bot.investigation.around import Around, History, Surroundings, span_of, stream
from bot.investigation.run import Answer
from bot.investigation.signs import HOUR, blinding, signs, staying
from bot.investigation.weighty import GROUP_CHANGES

DAY = timedelta(days=1)
LATEST = 500
"""Events of a day of one principal, key or address that are looked at."""

MANY = 5
"""Groups changed within an hour that are more than one task needs."""

LINE, KEPT, WORD = 100, 20, 60
FIELD = "event.action"


@dataclass(frozen=True, slots=True)
class Persistence:
    """Asks what stays when the session ends. Raises StoreError."""

    surroundings: Surroundings
    events: History
    permissions: Permissions

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return what they made that stays, where else they were, and what they may do."""
        around = self.surroundings.of(alert, now)
        who, (first, _) = around.who, span_of(alert)
        outcomes, many = stream(self.events, who, first - DAY, LATEST)
        outcomes = [outcome for outcome in outcomes if outcome.alert != alert.id]
        day = tuple(map(act_of_outcome, outcomes))
        earlier = known(alert, Question.PERSISTENCE, around)
        acts = {act.event_id: act for act in (*day, *earlier) if who.theirs(act)}
        elsewhere = elsewhere_of(alert, who, outcomes, many=many)
        view = View(around, tuple(acts.values()), elsewhere, self.permissions.of(alert, now))
        fact = Fact(
            Question.PERSISTENCE,
            who.principal.id,
            view.line(),
            more=tuple(view.more()),
            as_of=around.read_at,
            field=FIELD,
            acts=gravest(view.signs, KEPT),
        )
        found = (*signs(tuple(acts.values()), who, span_of(alert)), *elsewhere.signals())
        return Answer((settled(alert, fact),), found)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Group changes by them outside the alert. ``touched`` are the alert's own groups."""

    hour: tuple[Act, ...]
    day: tuple[Act, ...]
    touched: frozenset[str]
    account: str
    region: str
    many: bool = False

    @property
    def accounts(self) -> tuple[str, ...]:
        """Return the other accounts."""
        return tuple(sorted({act.account for act in self.day} - {self.account}))

    @property
    def regions(self) -> tuple[str, ...]:
        """Return the other regions of the same account."""
        here = {act.region for act in self.day if act.account == self.account}
        return tuple(sorted(here - {self.region}))

    def words(self) -> str:
        """Return it in a few words."""
        hour, day = (len(self.groups(acts)) for acts in (self.hour, self.day))
        if not day:
            span = f"their latest {LATEST} events" if self.many else "24 h"
            return f"no other group in {span}"
        least = "at least " if self.many else ""
        groups = number_of(day, "other group")
        parts = [f"{least}{groups} in 24 h ({hour} within 1 h)"]
        if self.accounts:
            parts.append(number_of(len(self.accounts), "other account"))
        if self.regions:
            parts.append(number_of(len(self.regions), "other region"))
        return ", ".join(parts)

    def groups(self, acts: Sequence[Act]) -> frozenset[str]:
        """Return the other groups that were changed; a new one is told by its name."""
        return (
            frozenset(f"{a.account}/{a.region}/{a.about}" for a in acts if a.about) - self.touched
        )

    def lines(self) -> Iterator[str]:
        """Yield which."""
        groups = sorted(self.groups(self.day))
        if groups:
            shown = ", ".join(printable(group, WORD) for group in groups[:4])
            yield f"Other groups: {shown}{f' and {len(groups) - 4} more' if groups[4:] else ''}"
        for label, names in (("accounts", self.accounts), ("regions", self.regions)):
            if names:
                yield f"Other {label}: {counted(names, 8)}"

    def signals(self) -> Iterator[Signal]:
        """Yield what speaks for worse."""
        hour = len(self.groups(self.hour) | self.touched)
        if hour >= MANY:
            yield signal("many_groups", f"changed {hour} groups within an hour")
        if accounts := sorted({act.account for act in self.hour} - {self.account}):
            text = "another account" if len(accounts) == 1 else f"{len(accounts)} other accounts"
            yield signal("other_accounts", f"changed groups of {text} within the hour")


def elsewhere_of(alert: Alert, who: Whose, outcomes: Sequence[Outcome], *, many: bool) -> Elsewhere:
    """Return the group changes by them that are not the alert's; one that failed is none."""
    first, last = span_of(alert)
    change = alert.worst[0].change
    changed = (o for o in outcomes if o.action in GROUP_CHANGES and not o.error)
    acts = (replace(act_of_outcome(outcome), about=outcome.group) for outcome in changed)
    changes = tuple(act for act in acts if _by_them(who, act))
    return Elsewhere(
        tuple(act for act in changes if first - HOUR <= act.at <= last + HOUR),
        changes,
        frozenset(f"{change.account}/{change.region}/{group}" for group in alert.counts.groups),
        change.account,
        change.region,
        many,
    )


def _by_them(who: Whose, act: Act) -> bool:
    """Return whether they did it, also where another account's role makes them another principal.

    Only an identity provider's name for a person says so.
    """
    person = who.principal.person
    return who.theirs(act) or (bool(person) and act.session == person and who.near(act))


@dataclass(frozen=True, slots=True)
class View:
    """All that there is to tell. ``acts`` are theirs."""

    around: Around
    acts: tuple[Act, ...]
    elsewhere: Elsewhere
    allowed: Allowed

    @property
    def signs(self) -> tuple[Act, ...]:
        """Return what stays, and what blinds."""
        found = {act.event_id: act for act in (*staying(self.acts), *blinding(self.acts))}
        return tuple(found.values())

    def line(self) -> str:
        """Return the answer in one line."""
        made, off = (told(found(self.acts), self.around.who) for found in (staying, blinding))
        signs = [*_labelled("stays", made), *_labelled("logging off", off)]
        rest = [self.elsewhere.words(), self.allowed.words()]
        return within(LINE, signs, rest if signs else [self._none(), *rest])

    def _none(self) -> str:
        if self.around.untold:
            return "nothing that stays was delivered; history not read"
        return "nothing made that stays"

    def more(self) -> Iterator[str]:
        """Yield what stands under the acts."""
        yield from self.elsewhere.lines()
        yield from self.allowed.lines()
        yield from self.around.notes()


def _labelled(label: str, parts: Sequence[str]) -> Iterator[str]:
    """Yield parts, the first with what all of them are."""
    yield from (part if place else f"{label}: {part}" for place, part in enumerate(parts))
