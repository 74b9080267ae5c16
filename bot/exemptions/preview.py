"""Previews: what an exemption would have hidden of the alerts of late, and what it would not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.changes.change import Change
from bot.changes.exposure import Exposure
from bot.changes.sentence import number_of
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal
from bot.exemptions.circumstances import UNTOLD, Circumstances
from bot.exemptions.filed import Filed
from bot.exemptions.matching import covering, why_not
from bot.exemptions.model import Exemption, Scope

SPAN = timedelta(days=30)
MOST_GROUPS = 10
"""An exemption that hides changes to more groups than these is broad."""

NAMED = 5
"""Alerts, principals and groups that are named; of the rest the number is told."""


@dataclass(frozen=True, slots=True)
class PastChange:
    """One change of an alert, as it was judged when it came in."""

    change: Change
    principal: Principal
    detections: tuple[str, ...]
    exposure: Exposure | None
    severity: Severity
    around: Circumstances = UNTOLD


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert of late with its changes."""

    id: str
    changes: tuple[PastChange, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An alert that would have been shown all the same, and the clause that keeps it."""

    alert: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an exemption would have hidden.

    ``hidden`` are alerts of which nothing would be left. ``principals``, ``groups`` and
    ``critical`` (alerts) are those of all hidden changes, ``callers`` every name of who made them.
    ``cut`` is that there were more alerts than were looked at.
    """

    hidden: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    principals: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    critical: tuple[str, ...] = ()
    cut: bool = False
    callers: tuple[str, ...] = ()


def preview(
    exemption: Exemption,
    alerts: Iterable[PastAlert],
    others: Filed,
    now: datetime,
    *,
    cut: bool = False,
) -> Preview:
    """Return what the exemption would have hidden, beside the others that are in force now."""
    hidden: list[str] = []
    shown: list[Shown] = []
    critical: list[str] = []
    gone: list[PastChange] = []
    for alert in alerts:
        left: list[PastChange] = []
        went: list[PastChange] = []
        for change in alert.changes:
            (went if _hides(exemption, change, others, now) else left).append(change)
        gone += went
        if any(past.severity is Severity.CRITICAL for past in went):
            critical.append(alert.id)
        if left:
            shown.append(Shown(alert.id, _kept_by(exemption, left[0])))
        elif went:
            hidden.append(alert.id)
    return Preview(
        hidden=tuple(hidden),
        shown=tuple(shown),
        principals=tuple(dict.fromkeys(past.principal.id for past in gone)),
        groups=tuple(dict.fromkeys(p.change.group.id for p in gone if p.change.group.id)),
        critical=tuple(critical),
        cut=cut,
        callers=tuple(dict.fromkeys(name for past in gone for name in past.principal.names)),
    )


def _hides(exemption: Exemption, past: PastChange, others: Filed, now: datetime) -> bool:
    """Return whether this exemption is among those that would hide the change.

    It is asked as of the change's own time: what ends later than now was in force then.
    """
    beside = (e for e in others.about(past.change, past.principal) if e.expires_at > now)
    exemptions = [exemption, *(other for other in beside if other.id != exemption.id)]
    change, at = past.change, past.change.at
    found = covering(
        change, past.principal, past.detections, exemptions, at, past.exposure, past.around
    )
    return exemption.id in found.exempted_by


def _kept_by(exemption: Exemption, past: PastChange) -> str:
    change = past.change
    why = _uncovered_by(exemption, past, change.at)
    return f"{change.action} on {change.target or change.group}: {why}"


def _uncovered_by(exemption: Exemption, past: PastChange, now: datetime) -> str:
    case = (past.change, past.principal, past.detections, now, past.exposure, past.around)
    return why_not(exemption, *case)


def covers_all(exemption: Exemption, changes: Iterable[PastChange], now: datetime) -> bool:
    """Return whether the exemption by itself covers every one of the changes."""
    return not any(_uncovered_by(exemption, past, now) for past in changes)


def counted(found: Preview, scope: Scope) -> str:
    """Return in one line how many alerts it would have hidden."""
    number, days = len(found.hidden) + len(found.shown), SPAN.days
    if not number:
        return f"In the last {days} days there was no alert {_whose(scope)} to try it on"
    alerts, whose = number_of(number, "alert"), _whose(scope)
    if found.cut:
        return f"Of the latest {alerts} it would have hidden {len(found.hidden)} {whose}"
    return f"In the last {days} days it would have hidden {len(found.hidden)} of {alerts} {whose}"


def told(found: Preview, scope: Scope) -> tuple[str, ...]:
    """Return the preview in words: one line of numbers, and one for each alert still shown."""
    first = counted(found, scope)
    if not found.shown:
        return (f"{first}.",)
    named = [f"{shown.alert}: {shown.why}" for shown in found.shown[:NAMED]]
    more = len(found.shown) - NAMED
    rest = [f"… and {more} more"] if more > 0 else []
    these = "this one" if len(found.shown) == 1 else f"these {len(found.shown)}"
    return (f"{first}; not {these}:", *named, *rest)


def warnings(found: Preview, scope: Scope, whose: str = "") -> tuple[str, ...]:
    """Return in what it is broad. ``whose`` is the principal that it was meant for, if one was."""
    return tuple(_warnings(found, {*scope.principals, *filter(None, [whose])}))


def _warnings(found: Preview, meant: set[str]) -> Iterator[str]:
    others = [principal for principal in found.principals if principal not in meant]
    if others and (meant or len(others) > 1):
        whom = number_of(len(others), "other principal" if meant else "principal")
        yield f"It would have hidden changes by {whom}: {_listed(map(short, others))}."
    if len(found.groups) > MOST_GROUPS:
        groups = number_of(len(found.groups), "security group")
        yield f"It would have hidden changes to {groups}: {_listed(found.groups)}."
    if found.critical:
        where = _listed(found.critical)
        yield f"It would have hidden critical changes, in {where}."


def _whose(scope: Scope) -> str:
    if len(scope.principals) == 1:
        return f"by {short(scope.principals[0])}"
    if scope.principals:
        return f"by these {len(scope.principals)} principals"
    if len(scope.groups) == 1:
        return f"about {scope.groups[0]}"
    return f"about these {len(scope.groups)} groups" if scope.groups else "by anyone"


def short(principal: str) -> str:
    """Return a role or user without what its ARN begins with."""
    return principal.rpartition(":")[2] or principal


def _listed(words: Iterable[str]) -> str:
    given = list(words)
    more = f" and {len(given) - NAMED} more" if len(given) > NAMED else ""
    return ", ".join(given[:NAMED]) + more
