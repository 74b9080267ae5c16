"""Which questions an alert has, when they are asked again, and what signals do to its severity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import Status
from bot.alerts.entries import Acknowledged, Entry, Found
from bot.alerts.fact import Fact, Question, Signal
from bot.alerts.progress import Trouble
from bot.alerts.questions import open_questions
from bot.alerts.signals import SignalPolicy, raised
from bot.changes.change import GroupRef
from bot.changes.severity import Severity
from tests.alerts.test_evolve import ROSA
from tests.builders import a_change, a_principal, a_sighting, an_alert, later, seen

WHO = a_principal().id
GROUP = "sg-0a1b"


def found(question: Question, minute: float, about: str) -> Found:
    return Found(at=later(minute), facts=(Fact(question, about, "told"),))


@pytest.mark.parametrize(
    ("question", "entries", "minute", "asked_now", "next_minute"),
    [
        pytest.param(Question.WHO, (), 0, True, None, id="at once"),
        pytest.param(
            Question.WHO, (found(Question.WHO, 0.1, WHO),), 60, False, None, id="and once"
        ),
        pytest.param(
            Question.ACTIVITY,
            (found(Question.ACTIVITY, 1.1, WHO),),
            2,
            False,
            3,
            id="activity again after three minutes",
        ),
        pytest.param(
            Question.ACTIVITY, (found(Question.ACTIVITY, 0.1, WHO),), 3, True, None, id="then"
        ),
        pytest.param(
            Question.ACTIVITY,
            (found(Question.ACTIVITY, 40, WHO),),
            60,
            False,
            None,
            id="and at last no more",
        ),
        pytest.param(
            Question.ACTIVITY,
            (
                seen(a_sighting(a_change("event-2", later(20), group=GroupRef(GROUP)))),
                found(Question.ACTIVITY, 40, WHO),
            ),
            45,
            False,
            52,
            id="but once more after the last change",
        ),
        pytest.param(
            Question.BEHIND,
            (
                found(Question.BEHIND, 0.1, "sg-9"),
                seen(a_sighting(a_change("event-2", later(-1), group=GroupRef(GROUP)))),
            ),
            1,
            True,
            None,
            id="anew when another group is the worst",
        ),
    ],
)
def test_when_a_question_is_asked(
    question: Question,
    entries: tuple[Entry, ...],
    minute: float,
    asked_now: bool,
    next_minute: float | None,
) -> None:
    asking, waits = open_questions(an_alert(*entries), {}, {question}, later(minute))
    assert asking == ((question,) if asked_now else ())
    assert waits == ([] if next_minute is None else [later(next_minute)])


def test_a_question_that_failed_waits_and_holds_up_no_other() -> None:
    troubles = {Question.WHO: Trouble(1, later(5), "throttled")}
    both = {Question.WHO, Question.HABIT}
    assert open_questions(an_alert(), troubles, both, later(1)) == (
        (Question.HABIT,),
        [later(5)],
    )


def test_signals_raise_an_alert_and_what_is_raised_needs_somebody_again() -> None:
    medium = an_alert()
    held = Acknowledged(at=later(1), by=ROSA, severity=Severity.HIGH)
    entry = Found(at=later(2), facts=(), signals=(Signal("x", 5, "x"),), severity=Severity.CRITICAL)
    alert = an_alert(held, entry)
    assert (alert.severity, medium.base) == (Severity.CRITICAL, Severity.CRITICAL)
    assert (alert.status, alert.reopened) == (Status.OPEN, "signals say worse")


SIGNALS = st.lists(st.builds(Signal, st.text(max_size=3), st.integers(-5, 5), st.just("")))


@given(st.sampled_from(Severity), SIGNALS)
def test_signals_never_lower_what_the_changes_have(base: Severity, signals: list[Signal]) -> None:
    assert raised(base, signals, SignalPolicy()) >= base


@pytest.mark.parametrize(
    ("weights", "severity"),
    [
        pytest.param((3,), Severity.MEDIUM, id="too little"),
        pytest.param((2, 2), Severity.HIGH, id="in sum"),
        pytest.param((9,), Severity.CRITICAL, id="two steps"),
        pytest.param((40,), Severity.CRITICAL, id="there is nothing above"),
        pytest.param((4, -1), Severity.MEDIUM, id="the familiar takes from the sum"),
    ],
)
def test_how_much_signals_raise(weights: tuple[int, ...], severity: Severity) -> None:
    signals = [Signal(f"s{n}", weight, "") for n, weight in enumerate(weights)]
    assert raised(Severity.MEDIUM, signals, SignalPolicy()) is severity


def test_a_policy_may_weigh_a_signal_otherwise() -> None:
    policy = SignalPolicy(weights={"new_country": 0})
    assert raised(Severity.LOW, [Signal("new_country", 4, "")], policy) is Severity.LOW


def test_a_later_answer_takes_its_signals_with_it() -> None:
    fact = Fact(Question.BEHIND, GROUP, "nothing uses this group")
    nothing = Signal("nothing_behind", -2, "nothing uses it", Question.BEHIND)
    other = Signal("new_country", 2, "new country", Question.PLACE)
    first = Found(at=later(1), facts=(fact,), signals=(nothing, other))
    second = Found(at=later(2), facts=(fact,), signals=())
    assert an_alert(first).signals == (nothing, other)
    assert an_alert(first, second).signals == (other,)


@pytest.mark.parametrize("question", [Question.BEHIND, Question.GROUP, Question.PLACE])
def test_what_more_changes_make_untrue_is_asked_anew_once_they_pause(question: Question) -> None:
    about = WHO if question is Question.PLACE else GROUP
    first = found(question, 0.1, about)
    # Seen late, and made before the answer: what was asked of one change says nothing of it.
    late = seen(a_sighting(a_change("event-2", later(0.05), group=GroupRef(GROUP))))
    grown = an_alert(first, late)
    assert open_questions(grown, {}, {question}, later(0.5)) == ((), [later(1.1)])
    assert open_questions(grown, {}, {question}, later(2)) == ((question,), [])
    again = an_alert(first, late, found(question, 2, about))
    assert open_questions(again, {}, {question}, later(60)) == ((), [])


def test_a_change_that_came_while_it_was_asked_is_not_taken_for_seen() -> None:
    more = seen(a_sighting(a_change("event-2", group=GroupRef(GROUP))))
    fact = Fact(Question.BEHIND, GROUP, "nothing uses this group")
    alert = an_alert(more, Found(at=later(1), facts=(fact,), seen=1))
    assert open_questions(alert, {}, {Question.BEHIND}, later(3)) == ((Question.BEHIND,), [])


def test_a_storm_that_goes_on_asks_nothing_anew() -> None:
    first = found(Question.BEHIND, 0.1, GROUP)
    storm = [
        seen(a_sighting(a_change(f"event-{n}", later(n / 2), group=GroupRef(GROUP))))
        for n in range(1, 20)
    ]
    asked = [
        open_questions(an_alert(first, *storm[:n]), {}, {Question.BEHIND}, later(n / 2))[0]
        for n in range(1, 20)
    ]
    assert not any(asked)
