"""Around: what was done around an alert, read once for all questions about it.

From our own stream, by principal, key and address, and from CloudTrail's event history, which also
tells what was not delivered and what only read. The history knows no address, and knows a role's
session by its name alone, so the gravest calls of a role are asked for by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Act
from bot.alerts.outcome import Outcome
from bot.changes.severity import Severity
from bot.cloudtrail.history import home_region
from bot.cloudtrail.principal import PrincipalKind
from bot.cloudtrail.text import printable
from bot.investigation.acts import Whose, act_of_outcome, act_of_record, whose
from bot.investigation.kept import Kept
from bot.investigation.lookups import BUSY, Lookups, Place, Told
from bot.investigation.weighty import FIRST_ASKED, GROUP_CHANGES, Category

BEFORE = timedelta(minutes=30)
AFTER = timedelta(hours=1)
"""So long before the first change is looked at, and after the last one."""

SHARE, MINUTE = 6, timedelta(minutes=1)
"""So many alerts ask the history of a place in a minute: in a storm the others ask at their next
time, and tell until then what was delivered."""

UNDER_WAY = timedelta(minutes=1)
"""What the history tells may take so long to be delivered."""

ALERTING = GROUP_CHANGES | {"ModifyInstanceAttribute", "ModifyNetworkInterfaceAttribute"}

LATEST = 300
"""Events of one principal, key or address that are looked at."""

FRESH = timedelta(seconds=20)
"""Questions that are asked at once share what was read."""

ALERTS_KEPT = 50
WHY = 160


class History(Protocol):
    """What is needed of the events that were read. Raises StoreError."""

    def history(
        self, by: str, value: str, count: int = LATEST, since: datetime | None = None
    ) -> list[Outcome]:
        """Return the latest outcomes by "principal", "key" or "address"."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What was done by them, and from their addresses; the alert's own changes are left out.

    ``places`` are those whose event history told all that was asked; ``untold`` says why others
    did not. ``many`` is that our own stream holds more than was looked at. ``own`` are the
    events of the alert itself.
    """

    who: Whose
    acts: tuple[Act, ...]
    read_at: datetime
    own: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()
    untold: Mapping[str, str] = field(default_factory=dict)
    many: bool = False

    def notes(self) -> Iterator[str]:
        """Yield what was asked, and what was not told."""
        if self.places:
            yield f"CloudTrail's event history asked: {', '.join(self.places)}"
        for place, why in self.untold.items():
            yield printable(f"Event history of {place} not read: {why}", WHY)
        if self.who.addresses:
            yield f"By address ({', '.join(self.who.addresses)}): what was delivered to sgwatch"
        if self.many:
            yield f"Of more than {LATEST} events delivered, the latest were looked at"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Reads what was done around alerts. Raises StoreError."""

    events: History
    lookups: Lookups
    kept: Kept[Around] = field(default_factory=lambda: Kept(FRESH, ALERTS_KEPT))

    def of(self, alert: Alert, now: datetime) -> Around:
        """Return what was done around an alert, as it is known now."""
        return self.kept.get(alert.id, now, None, lambda: self._read(alert, now))

    def _read(self, alert: Alert, now: datetime) -> Around:
        who = whose(alert)
        first, last = span_of(alert)
        start, end = first - BEFORE, min(now, last + AFTER)
        outcomes, many = self._stream(who, start)
        own = {seen.change.event_id for seen in alert.worst}
        own |= {outcome.event_id for outcome in outcomes if outcome.alert == alert.id}
        told = self._told(alert, places_of(alert, who), start, end)
        acts = {act.event_id: act for act in map(act_of_outcome, outcomes)}
        read = (act_of_record(record) for one in told for record in one.records)
        acts |= {act.event_id: act for act in read if act.event_id in acts or not coming(act, now)}
        found = (
            act
            for act in acts.values()
            if act.event_id not in own
            and start <= act.at <= end
            and (who.theirs(act) or who.near(act))
        )
        return Around(
            who,
            tuple(sorted(found, key=lambda act: (act.at, act.event_id))),
            now,
            frozenset(own),
            tuple(str(one.place) for one in told if not one.untold),
            {str(one.place): one.untold for one in told if one.untold},
            many,
        )

    def _told(
        self, alert: Alert, places: Sequence[Place], start: datetime, end: datetime
    ) -> list[Told]:
        """Ask event history, unless so many alerts did lately that this one would hold up others.

        The critical have a share of their own, which is never used up by the rest.
        """
        if self._may_ask(f"around:{places[0]}"):
            return self.lookups.ask(places, start, end)
        critical = alert.severity is Severity.CRITICAL
        if critical and self._may_ask(f"around:{places[0]}:critical"):
            return self.lookups.ask(places, start, end)
        return [Told(place, untold=BUSY, again=True) for place in places]

    def _may_ask(self, name: str) -> bool:
        return self.lookups.budgets.spend(name, SHARE, MINUTE) is None

    def _stream(self, who: Whose, since: datetime) -> tuple[list[Outcome], bool]:
        return stream(self.events, who, since, LATEST)


def stream(events: History, who: Whose, since: datetime, most: int) -> tuple[list[Outcome], bool]:
    """Return what was delivered of them, and whether there was more. Raises StoreError."""
    asked = [("principal", who.principal.id)]
    asked += [("key", key) for key in who.keys]
    asked += [("address", address) for address in who.addresses]
    found = [events.history(by, value, most, since) for by, value in asked]
    by_id = {outcome.event_id: outcome for outcomes in found for outcome in outcomes}
    return list(by_id.values()), any(len(outcomes) >= most for outcomes in found)


def coming(act: Act, now: datetime) -> bool:
    """Return whether it is likely still to be delivered, and to join the alert then."""
    return act.action in ALERTING and act.at > now - UNDER_WAY


def span_of(alert: Alert) -> tuple[datetime, datetime]:
    """Return when the alert's changes began and ended."""
    first = alert.first_at or alert.raised_at
    return first, alert.last_at or first


def places_of(alert: Alert, who: Whose) -> tuple[Place, ...]:
    """Return where event history is asked, and what: at most ten pages a place.

    Where the worst change was made, and where the partition keeps what its principal did to IAM.
    """
    change, principal = alert.worst[0].change, who.principal
    account = principal.account or change.account
    here = (change.account, change.region)
    home = (account, home_region(change.region))
    logging, access = FIRST_ASKED[Category.LOGGING], FIRST_ASKED[Category.ACCESS]
    names = {here: logging, home: access} if here != home else {here: (*access, *logging)}
    return tuple(_place(where, who, calls) for where, calls in names.items())


def _place(where: tuple[str, str], who: Whose, calls: Sequence[str]) -> Place:
    asked = _by_caller(who)
    named = tuple(("EventName", name) for name in calls)
    if who.principal.kind is PrincipalKind.USER:
        return Place(*where, asked, then=named)
    return Place(*where, (*asked, *named))


def _by_caller(who: Whose) -> tuple[tuple[str, str], ...]:
    """Return what asks for the caller: one user, or one session by its name, else one key."""
    principal = who.principal
    if principal.kind is PrincipalKind.USER and principal.name:
        return (("Username", principal.name),)
    if principal.session:
        return (("Username", principal.session),)
    return tuple(("AccessKeyId", key) for key in who.keys[:1])
