"""Escalation, from the policy file: ``[escalation]``, its ladders, rotas, hours and webhooks."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, field_validator, model_validator

from bot.changes.severity import Severity
from bot.escalation.ladder import (
    EscalationPolicy,
    Hours,
    Ladder,
    Level,
    Quiet,
    Rule,
    When,
)
from bot.escalation.rota import Override, Rota, Turn
from bot.escalation.target import NAME, ON_CALL, PERSON, Target, Way, is_somebody, read_target
from bot.escalation.webhook import fill_in, unknown_place
from bot.exemptions.fields import nearest
from bot.tables import Table

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = 24 * 60

_T = TypeVar("_T")


def _person(text: str) -> str:
    if not PERSON.fullmatch(text):
        raise ValueError(f"“{text}”: a person is written as their Slack id (U…)")
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        known = "write it as Europe/Stockholm or UTC"
        raise ValueError(f"“{name}” is no time zone: {nearest(name, ZONES, known)}")
    return name


def _call(text: str) -> str:
    read_target(text)
    return text


def _some(given: tuple[_T, ...]) -> tuple[_T, ...]:
    if not given:
        raise ValueError("name at least one")
    return given


ZONES = ("UTC", "Europe/Stockholm", "Europe/Berlin", "Europe/London", "America/New_York")
PersonWord = Annotated[str, AfterValidator(_person)]
Zone = Annotated[str, AfterValidator(_zone)]
CallWord = Annotated[str, AfterValidator(_call)]


class HoursTable(Table):
    """``[escalation.working_hours]``: when people work."""

    zone: Zone = "UTC"
    days: tuple[str, ...] = DAYS[:5]
    begins: time = Field(default=time(9), alias="from")
    ends: time = Field(default=time(17), alias="until")

    @field_validator("days")
    @classmethod
    def _days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((day for day in days if day not in DAYS), ""):
            raise ValueError(f"“{wrong}”: the days are {', '.join(DAYS)}")
        return days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("the working day ends before it begins: see its from and until")
        return self

    @property
    def hours(self) -> Hours:
        """Return them as the rooms take them."""
        days = tuple(DAYS.index(day) for day in self.days)
        return Hours(self.zone, days, self.begins, self.ends)


class OverrideTable(Table):
    """``[[escalation.rotas.NAME.overrides]]``: somebody else, from a time until another."""

    person: PersonWord
    begins: datetime = Field(alias="from")
    ends: datetime = Field(alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise ValueError("from and until need an offset, such as 2026-03-02T18:00:00+01:00")
        if self.ends <= self.begins:
            raise ValueError("the override ends before it begins: see its from and until")
        return self

    @property
    def override(self) -> Override:
        """Return it as the rooms take it."""
        return Override(self.person, self.begins, self.ends)


class RotaTable(Table):
    """``[escalation.rotas.NAME]``: people who take turns, the first from the day ``starts`` on."""

    people: Annotated[tuple[PersonWord, ...], AfterValidator(_some)]
    turn: Turn = Turn.WEEK
    starts: date
    hand_over: time = time(9)
    zone: Zone = "UTC"
    overrides: tuple[OverrideTable, ...] = ()

    def rota(self, name: str) -> Rota:
        """Return it as the rooms take it."""
        overrides = tuple(table.override for table in self.overrides)
        return Rota(name, self.people, self.turn, self.starts, self.hand_over, self.zone, overrides)


class LevelTable(Table):
    """``[[escalation.ladders.levels]]``: whom to call, so long after the climb began."""

    name: str = Field(min_length=1, max_length=60)
    after_minutes: float = Field(default=0, ge=0, le=A_DAY)
    call: Annotated[tuple[CallWord, ...], AfterValidator(_some)]
    fallback: tuple[CallWord, ...] = ()


class LadderTable(Table):
    """``[[escalation.ladders]]``: for which alerts, and the levels that they climb."""

    name: str = Field(min_length=1, max_length=60)
    severities: Annotated[tuple[Severity, ...], AfterValidator(_some)]
    environments: tuple[str, ...] = ()
    hours: When = When.ALWAYS
    remind_minutes: float = Field(default=30, ge=1, le=A_DAY)
    repeat: int = Field(default=0, ge=0, le=10)
    repeat_minutes: float = Field(default=15, ge=1, le=A_DAY)
    levels: Annotated[tuple[LevelTable, ...], AfterValidator(_some)]

    @field_validator("severities")
    @classmethod
    def _none_low(cls, severities: tuple[Severity, ...]) -> tuple[Severity, ...]:
        if Severity.LOW in severities:
            raise ValueError("low alerts call nobody: take low out of the severities")
        return severities

    @field_validator("levels")
    @classmethod
    def _ascending(cls, levels: tuple[LevelTable, ...]) -> tuple[LevelTable, ...]:
        for before, after in pairwise(levels):
            if after.after_minutes <= before.after_minutes:
                raise ValueError(
                    f"“{after.name}” must come later than “{before.name}”: see after_minutes"
                )
        return levels


class EscalationTable(Table):
    """``[escalation]``: the whole of it. Without ladders, the shipped one is climbed."""

    on_call: tuple[str, ...] = ()
    most_pages_an_hour: int = Field(default=6, ge=1, le=100)
    one_page_minutes: float = Field(default=30, ge=1, le=A_DAY)
    working_hours: HoursTable = HoursTable()
    rotas: dict[str, RotaTable] = Field(default_factory=dict)
    ladders: tuple[LadderTable, ...] | None = None
    webhooks: dict[str, str] = Field(default_factory=dict)

    @field_validator("on_call")
    @classmethod
    def _somebody(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := next((word for word in given if not is_somebody(word)), ""):
            raise ValueError(f"“{wrong}”: name a person (U…), a user group (S…), a rota:NAME …")
        return given

    @field_validator("rotas")
    @classmethod
    def _named(cls, given: dict[str, RotaTable]) -> dict[str, RotaTable]:
        if wrong := next((name for name in given if not NAME.fullmatch(name)), ""):
            raise ValueError(f"“{wrong}”: a rota's name is of small letters, digits and -")
        return given

    @field_validator("webhooks")
    @classmethod
    def _bodies(cls, given: dict[str, str]) -> dict[str, str]:
        for name, body in given.items():
            if (place := unknown_place(body)) is not None:
                raise ValueError(f"{name}: there is no {{{{{place}}}}}; docs/escalation.md has all")
            try:
                json.loads(fill_in(body, {}))
            except ValueError as error:
                raise ValueError(f"{name} is not JSON once it is filled in: {error}") from None
        return given

    @model_validator(mode="after")
    def _known(self) -> Self:
        for ladder in self.ladders or ():
            for level in ladder.levels:
                for word in (*level.call, *level.fallback):
                    self._known_call(f"{ladder.name}, {level.name}", read_target(word))
        for word in self.on_call:
            self._known_call("on_call", Target(Way.DM, word))
        return self

    def _known_call(self, place: str, target: Target) -> None:
        rota = target.to.removeprefix("rota:")
        if target.to.startswith("rota:") and rota not in self.rotas:
            known = f"there is no [escalation.rotas.{rota}]"
            raise ValueError(f"{place}: “{rota}”: {nearest(rota, self.rotas, known)}")
        if target.way is Way.WEBHOOK and target.to not in self.webhooks:
            known = f"there is no {target.to} under [escalation.webhooks]"
            raise ValueError(f"{place}: “{target}”: {nearest(target.to, self.webhooks, known)}")

    def policy(self, responders: Sequence[str], version: str) -> EscalationPolicy:
        """Return it as the rooms take it. ``responders`` are on call where nobody is named."""
        on_call = self.on_call or tuple(responders)
        rotas = tuple(table.rota(name) for name, table in self.rotas.items())
        ladders = SHIPPED if self.ladders is None else self.ladders
        return EscalationPolicy(
            tuple(_rule(table, on_call, rotas) for table in ladders),
            self.working_hours.hours,
            rotas,
            on_call,
            Quiet(self.most_pages_an_hour, timedelta(minutes=self.one_page_minutes)),
            self.webhooks,
            version=version,
        )


SHIPPED = (
    LadderTable(
        name="as shipped",
        severities=(Severity.CRITICAL, Severity.HIGH),
        levels=(
            LevelTable(name="on-call", call=("mention:on-call",)),
            LevelTable(
                name="page", after_minutes=5, call=("pagerduty:default",), fallback=("dm:on-call",)
            ),
        ),
        repeat=2,
    ),
)
"""Critical and high mention who is on call at once, and page at 5 minutes."""


def _rule(table: LadderTable, on_call: Sequence[str], rotas: Sequence[Rota]) -> Rule:
    levels = tuple(
        Level(
            level.name,
            timedelta(minutes=level.after_minutes),
            tuple(_targets(level.call, on_call)),
            tuple(_targets(level.fallback, on_call)),
        )
        for level in table.levels
    )
    ladder = Ladder(
        table.name,
        levels,
        table.repeat,
        timedelta(minutes=table.repeat_minutes),
        timedelta(minutes=table.remind_minutes),
    )
    called = {target.to for target in ladder.targets}
    return Rule(
        replace(ladder, rotas=tuple(rota for rota in rotas if f"rota:{rota.name}" in called)),
        frozenset(table.severities),
        frozenset(table.environments),
        table.hours,
    )


def _targets(words: Sequence[str], on_call: Sequence[str]) -> Iterator[Target]:
    for word in words:
        target = read_target(word)
        if target.to == ON_CALL:
            yield from (Target(target.way, to) for to in on_call)
        else:
            yield target
