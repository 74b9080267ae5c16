"""A climb without edges: what is due is done at once, as time goes on, with luck as told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.alerts.alert import ALERT, Alert
from bot.alerts.climb_commands import BeginClimb, CallLevel, Lapse, Remind
from bot.alerts.climb_due import (
    Begin,
    CallNext,
    LetLapse,
    Move,
    RemindHolder,
    Send,
    TellPagers,
    climb_moves,
)
from bot.alerts.climb_entries import CallTold, Escalated
from bot.alerts.commands import Command, Refusal
from bot.alerts.decide import decide
from bot.alerts.entries import ENTRY, Entry
from bot.alerts.evolve import evolve
from bot.alerts.people import Person
from bot.alerts.progress import Paged, Progress
from bot.changes.severity import Severity
from bot.escalation.climb import Call, Fate
from bot.escalation.ladder import EscalationPolicy, Ladder, Level, Rule
from bot.escalation.target import Target, Way
from tests.builders import NOON, raised, seen

ON_CALL, PRIMARY, LEADS = (
    Target(Way.MENTION, "S0ONCALL"),
    Target(Way.PAGERDUTY, "default"),
    Target(Way.DM, "U0MARCUS"),
)
LEVELS = (
    Level("on-call", timedelta(0), (ON_CALL,)),
    Level("primary", timedelta(minutes=5), (PRIMARY,), (Target(Way.DM, "U0ROSA"),)),
    Level("leads", timedelta(minutes=15), (LEADS,)),
)
LADDER = Ladder("night", LEVELS)
GRAVE = frozenset({Severity.HIGH, Severity.CRITICAL})
POLICY = EscalationPolicy((Rule(LADDER, GRAVE),))

Luck = Callable[[Call], Fate]


def lucky(_: Call) -> Fate:
    return Fate.SENT


@dataclass
class Climber:
    """``restarts`` reads everything anew from what was stored, before each thing it does."""

    policy: EscalationPolicy = field(default_factory=lambda: POLICY)
    luck: Luck = lucky
    restarts: bool = False
    now: datetime = NOON
    told: str = ""
    _folded: tuple[Alert | None, int] = (None, 0)
    entries: list[Entry] = field(default_factory=lambda: [raised(), seen()])

    @property
    def alert(self) -> Alert:
        before, folded = (None, 0) if self.restarts else self._folded
        if folded < len(self.entries):
            self._folded = (evolve(before, self.entries[folded:]), len(self.entries))
        assert self._folded[0] is not None
        return self._folded[0]

    def moves(self) -> tuple[list[Move], list[datetime]]:
        return climb_moves(self.alert, Progress(pager=Paged(told=self.told)), self.policy, self.now)

    def until(self, end: datetime) -> "Climber":
        """Do what is due until then."""
        for _ in range(200):
            moves, waits = self.moves()
            for move in moves:
                self._restart()
                self._do(move)
            if not moves:
                coming = min((at for at in waits if at <= end), default=None)
                if coming is None:
                    self.now = max(self.now, end)
                    return self
                assert coming > self.now
                self.now = coming
        raise AssertionError("it never comes to rest")

    def minutes(self, minutes: float) -> "Climber":
        return self.until(NOON + timedelta(minutes=minutes))

    def say(self, command: Command, person: Person | None) -> Refusal | None:
        decided = decide(self.alert, command, person, self.now)
        if isinstance(decided, Refusal):
            return decided
        self.entries += decided
        return None

    def _restart(self) -> None:
        if self.restarts:
            self.entries = [ENTRY.validate_json(ENTRY.dump_json(entry)) for entry in self.entries]
            alert = self.alert
            assert ALERT.validate_json(ALERT.dump_json(alert)) == alert

    def _do(self, move: Move) -> None:
        match move:
            case Begin():
                self.say(BeginClimb(move.climb, move.ladder), None)
            case CallNext():
                climb = self.alert.climb
                assert climb is not None
                level = climb.ladder.levels[move.coming.level]
                targets = level.fallback if move.coming.fallback else level.calls
                calls = tuple(
                    Call(move.coming.key(number), target, target.to)
                    for number, target in enumerate(targets)
                )
                mentions = (
                    replace(call, fate=Fate.SENT) if call.target.way is Way.MENTION else call
                    for call in calls
                )
                self.say(CallLevel(move.coming, tuple(mentions)), None)
            case Send():
                climb = self.alert.climb
                assert climb is not None
                for call in climb.waiting:
                    told = CallTold(
                        at=self.now,
                        climb=climb.number,
                        key=call.key,
                        whom=call.whom,
                        fate=self.luck(call),
                        told="",
                    )
                    self.entries.append(told)
            case RemindHolder():
                self.say(Remind(), None)
            case LetLapse():
                self.say(Lapse(), None)
            case TellPagers():
                self.told = move.told
            case _:
                raise AssertionError(move)

    @property
    def called(self) -> list[str]:
        """Which levels were called, and after how many minutes."""
        return [
            f"{entry.name}{' fallback' if entry.fallback else ''} {self._minute(entry.at)}"
            for entry in self.entries
            if isinstance(entry, Escalated)
        ]

    def _minute(self, at: datetime) -> int:
        return round((at - NOON) / timedelta(minutes=1))
