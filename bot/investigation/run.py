"""Asking: every question by its own asker, side by side, each with its own failure."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.alerts.alert import Alert
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.questions import subjects_of
from bot.aws.errors import AwsError
from bot.store.link import StoreError

log = logging.getLogger(__name__)

LIMIT = 8.0
"""Seconds for all questions together: less than a lease, and than a responder waits."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an asker found: at least one fact, even if it is that there is nothing."""

    facts: tuple[Fact, ...]
    signals: tuple[Signal, ...] = ()


class Asker(Protocol):
    """Answers one question about an alert.

    Raises AwsError; one that may be asked again is, another becomes the fact that it is unknown.
    """

    def __call__(self, alert: Alert, now: datetime, /) -> Answer:
        """Return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class Investigator:
    """Asks questions. Without a ``pool`` one after the other, as simulations need it."""

    askers: Mapping[Question, Asker]
    pool: Executor | None = None
    limit: float = LIMIT

    def ask(
        self, alert: Alert, questions: Sequence[Question], now: datetime
    ) -> Iterator[tuple[Question, Answer | AwsError]]:
        """Yield each answer as it comes, or why it is to be asked again."""
        if self.pool is None:
            yield from ((question, self._one(question, alert, now)) for question in questions)
            return
        asked = {self.pool.submit(self._one, q, alert, now): q for q in questions}
        yield from _as_answered(asked, self.limit)

    def _one(self, question: Question, alert: Alert, now: datetime) -> Answer | AwsError:
        found, why = Answer(()), "there was no answer"
        try:
            found = self.askers[question](alert, now)
        except AwsError as error:
            if error.retry:
                return error
            why = str(error)
        except StoreError:
            return AwsError("Redis did not answer", retry=True)
        except Exception:
            log.exception("asking %s for %s failed", question, alert.id)
            why = "sgwatch failed on it; the log says more"
        told = {fact.about for fact in found.facts}
        left = (about for about in subjects_of(alert, question) if about not in told)
        unknown = (Fact(question, about, unknown=why) for about in left)
        signals = (replace(signal, question=question) for signal in found.signals)
        return Answer((*found.facts, *unknown), tuple(signals))


def not_known_yet(alert: Alert, question: Question, error: AwsError) -> Answer:
    """Return what stands there while a question is asked again and again."""
    subjects = subjects_of(alert, question)
    return Answer(tuple(Fact(question, s, unknown=f"{error}; asked again") for s in subjects))


def _as_answered(
    asked: Mapping[Future[Answer | AwsError], Question], limit: float
) -> Iterator[tuple[Question, Answer | AwsError]]:
    left = dict(asked)
    try:
        for future in as_completed(asked, timeout=limit):
            yield left.pop(future), future.result()
    except TimeoutError:
        for future, question in left.items():
            future.cancel()
            yield question, AwsError(f"no answer within {limit:.0f} s", retry=True)
