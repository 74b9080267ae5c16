"""Answers to asks from memory: for records in a file, and as the model of what the store does."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, assert_never

from bot.detections.stateful import (
    LATE,
    MOST_EVENTS,
    MOST_TERMS,
    Answer,
    Ask,
    CountAsk,
    Happening,
    ShownAsk,
    TermsAsk,
)

_Member = tuple[datetime, str]


@dataclass(slots=True)
class _Series:
    """Members in the order of their times, each with what is known of it."""

    order: list[_Member] = field(default_factory=list)
    times: dict[str, datetime] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, at: datetime, fact: Any) -> None:
        if name in self.times:
            self._drop((self.times[name], name))
        insort(self.order, (at, name))
        self.times[name], self.facts[name] = at, fact

    def trim(self, window: timedelta, most: int) -> None:
        """Let go of what is out of reach, and of the oldest that are too many."""
        earliest = self.order[-1][0] - window - LATE
        while len(self.order) > most or self.order[0][0] < earliest:
            self._drop(self.order[0])

    def between(self, first: datetime, last: datetime) -> Sequence[_Member]:
        start = bisect_left(self.order, (first, ""))
        return self.order[start : bisect_left(self.order, (last + timedelta.resolution, ""))]

    def _drop(self, member: _Member) -> None:
        del self.order[bisect_left(self.order, member)]
        del self.times[member[1]], self.facts[member[1]]


@dataclass(slots=True)
class Memory:
    """Remembers what was asked. ``learns`` is whether rules learn before they say what is new."""

    learns: bool = False
    _begun: dict[str, datetime] = field(default_factory=dict)
    _learnt: set[str] = field(default_factory=set)
    _series: dict[tuple[str, str], _Series] = field(default_factory=dict)

    def ask(
        self, event: Happening, asks: Sequence[Ask], now: datetime | None = None
    ) -> tuple[Answer, ...]:
        """Return the answers, in the order of the asks. ``now`` is what learning is timed by."""
        return tuple(self._answer(event, ask, now or event.at) for ask in asks)

    def learnt(self, state: str) -> None:
        """Let the rule say what is new from now on."""
        self._learnt.add(state)

    def _answer(self, event: Happening, ask: Ask, now: datetime) -> Answer:
        match ask:
            case CountAsk():
                return self._counted(event, ask)
            case TermsAsk():
                return self._new(event, ask, now)
            case ShownAsk():
                return self._shown(event, ask)
            case _:
                assert_never(ask)

    def _kept(self, ask: Ask, key: str) -> _Series:
        return self._series.setdefault((ask.state, key), _Series())

    def _counted(self, event: Happening, ask: CountAsk) -> Answer:
        return max(
            (self._counted_by(self._kept(ask, key), event, ask) for key in ask.keys),
            key=lambda answer: (answer.matches, answer.count),
        )

    def _counted_by(self, series: _Series, event: Happening, ask: CountAsk) -> Answer:
        known: Answer | None
        _, known = series.facts.get(event.id, (None, None))
        if known is not None:
            return known
        series.put(event.id, event.at, (ask.varied, None))
        answer = max(
            _windows(series, event.at, ask), key=lambda answer: (answer.matches, answer.count)
        )
        series.put(event.id, event.at, (ask.varied, answer))
        series.trim(ask.window, MOST_EVENTS)
        return answer

    def _new(self, event: Happening, ask: TermsAsk, now: datetime) -> Answer:
        learning, series, new = self._is_learning(ask, now), self._kept(ask, ""), False
        for key in ask.keys:
            seen, first = series.times.get(key), series.facts.get(key, "")
            if seen is None or seen < event.at - ask.window:
                first = "" if learning else event.id
            new = new or first == event.id
            series.put(key, max(seen or event.at, event.at), first)
            series.trim(ask.window, MOST_TERMS)
        return Answer(ask.detection, new, learning=learning and not new)

    def _is_learning(self, ask: TermsAsk, now: datetime) -> bool:
        begun = self._begun.setdefault(ask.state, now)
        return self.learns and ask.state not in self._learnt and begun + ask.window > now

    def _shown(self, event: Happening, ask: ShownAsk) -> Answer:
        kept = [self._kept(ask, key) for key in ask.keys]
        if not any(event.id in series.times for series in kept):
            before = [_alike(series, event, ask) for series in kept]
            if all(before):
                return Answer(ask.detection, matches=False, by=before[0])
        for series in kept:
            series.put(event.id, event.at, ask.severity.rank)
            series.trim(ask.window, MOST_EVENTS)
        return Answer(ask.detection, matches=True)


def _windows(series: _Series, at: datetime, ask: CountAsk) -> Iterator[Answer]:
    """Yield what each window with the event in it holds, by the member that it begins with."""
    members = series.between(at - ask.window, at + ask.window)
    varied: list[Counter[str]] = [Counter() for _ in ask.needed]
    end = 0
    for start, (first, name) in enumerate(members):
        if first > at:
            return
        while end < len(members) and members[end][0] <= first + ask.window:
            for counter, values in zip(varied, series.facts[members[end][1]][0], strict=True):
                counter.update(values)
            end += 1
        different = tuple(len(+counter) for counter in varied)
        enough = all(has >= need for has, need in zip(different, ask.needed, strict=True))
        count = end - start
        yield Answer(ask.detection, count >= ask.value and enough, count, different)
        for counter, values in zip(varied, series.facts[name][0], strict=True):
            counter.subtract(values)


def _alike(series: _Series, event: Happening, ask: ShownAsk) -> str:
    """Return the first event like it that was shown within the duration; empty if none."""
    near = series.between(event.at - ask.window, event.at + ask.window)
    return next((name for _, name in near if series.facts[name] >= ask.severity.rank), "")
