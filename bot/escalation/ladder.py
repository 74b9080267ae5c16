"""Ladders: which levels an alert climbs, chosen by its severity, its environment and the hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.changes.severity import Severity
from bot.escalation.rota import Rota
from bot.escalation.target import Target


class When(StrEnum):
    """At which hours a ladder is meant."""

    ALWAYS = "always"
    WORKING = "working"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours by a clock on the wall; Monday is 0."""

    zone: str = "UTC"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    begins: time = time(9)
    ends: time = time(17)

    def hold(self, at: datetime) -> bool:
        """Return whether people work at this instant."""
        local = at.astimezone(ZoneInfo(self.zone))
        return local.weekday() in self.days and self.begins <= local.time() < self.ends


@dataclass(frozen=True, slots=True)
class Level:
    """Who is called ``after`` the climb began, and who is where a way fails or has nobody."""

    name: str
    after: timedelta
    calls: tuple[Target, ...]
    fallback: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels, climbed again ``repeat`` times, each time so long after the last level.

    Whoever holds an alert is reminded after ``remind``; after as long again it climbs anew. The
    rotas that it calls are kept with it.
    """

    name: str
    levels: tuple[Level, ...]
    repeat: int = 0
    repeat_after: timedelta = timedelta(minutes=15)
    remind: timedelta = timedelta(minutes=30)
    rotas: tuple[Rota, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return all whom it may call."""
        return tuple(t for level in self.levels for t in (*level.calls, *level.fallback))


@dataclass(frozen=True, slots=True)
class Rule:
    """For which alerts a ladder is meant; no environments are all of them."""

    ladder: Ladder
    severities: frozenset[Severity]
    environments: frozenset[str] = frozenset()
    when: When = When.ALWAYS


@dataclass(frozen=True, slots=True)
class Quiet:
    """How pages are kept few: at most so many an hour to one receiver, counted by severity.

    What one principal does, or one storm brings, is paged once within ``as_one``.
    """

    an_hour: int = 6
    as_one: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """The first rule that fits gives the ladder. ``webhooks`` are the bodies to send, by name.

    ``environments`` maps accounts to theirs; ``on_call`` is who is asked for by that word;
    ``looks`` is that a pager can be asked who took an alert there.
    """

    rules: tuple[Rule, ...] = ()
    hours: Hours = field(default_factory=Hours)
    rotas: tuple[Rota, ...] = ()
    on_call: tuple[str, ...] = ()
    quiet: Quiet = field(default_factory=Quiet)
    webhooks: Mapping[str, str] = field(default_factory=dict)
    environments: Mapping[str, str] = field(default_factory=dict)
    looks: bool = False
    version: str = ""

    def ladder(self, severity: Severity, account: str, at: datetime) -> Ladder | None:
        """Return the ladder that an alert climbs, if the policy names one."""
        environment = self.environments.get(account, "")
        now = When.WORKING if self.hours.hold(at) else When.OFF
        for rule in self.rules:
            where = not rule.environments or environment in rule.environments
            if severity in rule.severities and where and rule.when in {When.ALWAYS, now}:
                return rule.ladder
        return None

    def gravest(self, account: str, at: datetime) -> Ladder | None:
        """Return the ladder of the gravest severity that has one: for who escalates by hand."""
        found = (self.ladder(s, account, at) for s in sorted(Severity, reverse=True))
        return next((ladder for ladder in found if ladder is not None), None)

    def rota(self, name: str) -> Rota | None:
        """Return the rota of this name."""
        return next((rota for rota in self.rotas if rota.name == name), None)
