"""Asking side by side: no question holds up another, and none is asked for ever."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Event

import pytest

from bot.alerts.alert import Alert
from bot.alerts.entries import Found
from bot.alerts.fact import Fact, Question, Signal
from bot.aws.errors import AwsError
from bot.investigation.run import Answer, Asker, Investigator, not_known_yet
from tests.builders import NOON, a_principal, an_alert, later

WHO = a_principal().id
SIGNAL = Signal("new_country", 2, "from a new country")


def answering(alert: Alert, now: datetime, /) -> Answer:
    return Answer((Fact(Question.WHO, WHO, "alice"),), (SIGNAL,))


def refusing(error: Exception) -> Asker:
    def ask(alert: Alert, now: datetime, /) -> Answer:
        raise error

    return ask


def silent(alert: Alert, now: datetime, /) -> Answer:
    return Answer(())


@pytest.mark.parametrize(
    ("asker", "unknown"),
    [
        pytest.param(answering, "", id="an answer"),
        pytest.param(
            refusing(AwsError("no permission for iam:GetUser", retry=False)),
            "no permission for iam:GetUser",
            id="a denial",
        ),
        pytest.param(refusing(KeyError("Users")), "sgwatch failed on it", id="a defect of ours"),
        pytest.param(silent, "there was no answer", id="nothing"),
    ],
)
def test_every_question_gets_a_fact(asker: Asker, unknown: str) -> None:
    ((question, answer),) = Investigator({Question.WHO: asker}).ask(
        an_alert(), (Question.WHO,), NOON
    )
    assert question is Question.WHO
    assert isinstance(answer, Answer)
    (fact,) = answer.facts
    assert (fact.about, fact.unknown[: len(unknown)]) == (WHO, unknown)


def test_what_may_be_asked_again_is_no_fact() -> None:
    error = AwsError("AWS asks for fewer calls", retry=True)
    ((_, found),) = Investigator({Question.WHO: refusing(error)}).ask(
        an_alert(), (Question.WHO,), NOON
    )
    assert found is error


def test_a_slow_question_holds_up_no_other_and_is_asked_again() -> None:
    release = Event()

    def slow(alert: Alert, now: datetime, /) -> Answer:
        release.wait(10)
        return answering(alert, now)

    with ThreadPoolExecutor(2) as pool:
        askers = {Question.WHO: answering, Question.HABIT: slow}
        asked = Investigator(askers, pool, limit=0.1).ask(
            an_alert(), (Question.HABIT, Question.WHO), NOON
        )
        first, second = next(asked), next(asked)
        release.set()
    assert (first[0], second[0]) == (Question.WHO, Question.HABIT)
    assert isinstance(second[1], AwsError)
    assert second[1].retry


def test_what_was_known_is_not_forgotten_where_it_cannot_be_asked_anew() -> None:
    signal = replace(SIGNAL, question=Question.WHO)
    told = Found(at=later(1), facts=(Fact(Question.WHO, WHO, "alice"),), signals=(signal,))
    for minute, why in ((3, "no permission for iam:GetUser"), (5, "the role is closed")):
        alert = an_alert(told)
        refused = AwsError(why, retry=False)
        ((_, answer),) = Investigator({Question.WHO: refusing(refused)}).ask(
            alert, (Question.WHO,), later(minute)
        )
        assert isinstance(answer, Answer)
        (fact,) = answer.facts
        assert (fact.value, fact.unknown, fact.as_of) == ("alice", "", later(1))
        assert fact.more == (f"Asked again: {why}",)
        assert answer.signals == (signal,)
        told = Found(at=later(minute), facts=answer.facts, signals=answer.signals)
    throttled = AwsError("AWS asks for fewer calls", retry=True)
    assert not_known_yet(an_alert(told), Question.WHO, throttled).facts[0].value == "alice"
    assert not_known_yet(an_alert(), Question.WHO, throttled).facts[0].unknown
