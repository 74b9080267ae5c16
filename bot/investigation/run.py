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

AGAIN = "Asked again: "
"""How the line begins that says why an answer is not newer."""


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
        return standing(alert, question, Answer((*found.facts, *unknown), tuple(signals)))


def standing(alert: Alert, question: Question, answer: Answer) -> Answer:
    """Return the answer, with what was known before where it says that this is not known now."""
    known = {fact.about: fact for fact in alert.facts if fact.question is question and fact.value}
    lost = [fact for fact in answer.facts if not fact.value and fact.about in known]
    if not lost:
        return answer
    facts = (
        _kept(alert, known[fact.about], fact.unknown) if fact in lost else fact
        for fact in answer.facts
    )
    told = {signal.name for signal in answer.signals}
    before = (s for s in alert.signals if s.question is question and s.name not in told)
    return Answer(tuple(facts), (*answer.signals, *before))


def _kept(alert: Alert, fact: Fact, why: str) -> Fact:
    """Return an earlier answer with when it was so, and why there is no later one."""
    asked = next((asked.at for asked in alert.asked if asked.question is fact.question), None)
    more = (line for line in fact.more if not line.startswith(AGAIN))
    return replace(fact, as_of=fact.as_of or asked, more=(*more, f"{AGAIN}{why}"))


def not_known_yet(alert: Alert, question: Question, error: AwsError) -> Answer:
    """Return what stands there while a question is asked again and again."""
    subjects = subjects_of(alert, question)
    unknown = tuple(Fact(question, s, unknown=f"{error}; asked again") for s in subjects)
    return standing(alert, question, Answer(unknown))


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
