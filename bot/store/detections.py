"""What detections remember: counted events, seen terms, and what was shown."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, assert_never

from bot.detections.datemath import DateMath, date_math
from bot.detections.rule import Detection
from bot.detections.stateful import (
    LATE,
    MOST_EVENTS,
    MOST_TERMS,
    Answer,
    Ask,
    CountAsk,
    Happening,
    Learning,
    ShownAsk,
    TermsAsk,
    state_of,
)
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

LEARNT = 0
"""Stands for a time so long ago that any window has passed."""


class Detections:
    """Answers what detections ask. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._begun: tuple[Detection, ...] = ()

    def begin(self, detections: tuple[Detection, ...]) -> None:
        """Have the rules that are new here learn from now on, whether or not events come."""
        if detections is self._begun:
            return
        states: list[str | int] = [state_of(rule) for rule, _ in _learners(detections)]
        if states:
            self._link.run("begin", [self._link.keys.begun], states)
        self._begun = detections

    def ask(self, event: Happening, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        """Return the answers, in the order of the asks, and remember the event."""
        if not asks:
            return ()
        names = [self._link.keys.begun]
        names += [name for ask in asks for name in self._series(ask)]
        args: list[str | int] = [event.id, to_ms(event.at), _ms(LATE), MOST_EVENTS, MOST_TERMS]
        args.append(json.dumps([_told(ask) for ask in asks]))
        replies = self._link.run("detect", names, args)
        return tuple(_answer(ask, *reply) for ask, reply in zip(asks, replies, strict=True))

    def learnt(self, detection: Detection) -> None:
        """Let the rule say what is new from now on: it was shown what was usual before."""
        self._link.call("HSET", self._link.keys.begun, state_of(detection), LEARNT)

    def learning(self, detections: Sequence[Detection]) -> list[Learning]:
        """Return which of the rules still learn, and until when. A rule never begun is not here."""
        rules = _learners(detections)
        if not rules:
            return []
        states = [state_of(rule) for rule, _ in rules]
        begun = self._link.call("HMGET", self._link.keys.begun, *states)
        now = from_ms(self._link.run("now", [], []))
        found = []
        for (rule, window), ms in zip(rules, begun, strict=True):
            since = from_ms(int(ms or LEARNT))
            if (until := since + window.span(since)) > now:
                found.append(Learning(rule, until))
        return found

    def _series(self, ask: Ask) -> list[str]:
        keys = self._link.keys
        of = ("terms",) if isinstance(ask, TermsAsk) else ask.keys
        return [name for key in of for name in keys.remembered(ask.state, key)]


def _told(ask: Ask) -> dict[str, Any]:
    """Return what the script is told of an ask."""
    told = {"state": ask.state, "window": _ms(ask.window)}
    match ask:
        case CountAsk():
            told |= {"kind": "count", "series": len(ask.keys), "value": ask.value}
            return told | {"needed": ask.needed, "varied": ask.varied}
        case TermsAsk():
            return told | {"kind": "terms", "terms": ask.keys}
        case ShownAsk():
            return told | {
                "kind": "shown",
                "series": len(ask.keys),
                "severity": ask.severity.rank,
            }
        case _:
            assert_never(ask)


def _answer(ask: Ask, matches: int, learning: int, count: int, by: str, *varied: int) -> Answer:
    return Answer(ask.detection, bool(matches), count, varied, by, bool(learning))


def _learners(detections: Sequence[Detection]) -> list[tuple[Detection, DateMath]]:
    """Return the rules that learn, each with how far back it knows what is usual."""
    return [
        (detection, date_math(detection.new_terms.since))
        for detection in detections
        if detection.new_terms is not None
    ]


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
