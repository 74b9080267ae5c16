"""Asking the actor: who may be asked, who may answer, and what an answer changes."""

import pytest

from bot.alerts.alert import Status
from bot.alerts.commands import AnswerAsActor, AskActor, Command, Refusal
from bot.alerts.decide import decide
from bot.alerts.entries import ActorAsked, Entry, Reply
from bot.alerts.evolve import evolve
from bot.alerts.people import SGWATCH, Person
from bot.changes.severity import Severity
from tests.alerts.test_evolve import acknowledged, benign
from tests.builders import ALICE, OSCAR, ROSA, a_sighting, an_alert, later, raised, seen

ASK = AskActor(ALICE.slack_id, ALICE.name)
ASKED = ActorAsked(at=later(1), by=SGWATCH, slack_id=ALICE.slack_id, name=ALICE.name)
YES, NO = AnswerAsActor(Reply.YES, "CHG-7, the vendor tests"), AnswerAsActor(Reply.NO)
UNSURE = AnswerAsActor(Reply.UNSURE)


@pytest.mark.parametrize(
    ("entries", "command", "person", "refused"),
    [
        pytest.param((), ASK, ROSA, "", id="a responder has the actor asked"),
        pytest.param((), ASK, None, "", id="so does the policy"),
        pytest.param((), ASK, OSCAR, "responder", id="an outsider does not"),
        pytest.param((), ASK, ALICE, "your own change", id="nor the actor"),
        pytest.param((ASKED,), ASK, ROSA, "asked already", id="only once"),
        pytest.param((benign(),), ASK, ROSA, "resolved", id="not of what is resolved"),
        pytest.param((), YES, ALICE, "Only the person", id="nobody answers unasked"),
        pytest.param((ASKED,), YES, ALICE, "", id="yes, with a reason"),
        pytest.param(
            (ASKED,), AnswerAsActor(Reply.YES, " "), ALICE, "what it was for", id="yes, without"
        ),
        pytest.param((ASKED,), NO, ALICE, "", id="no needs none"),
        pytest.param((ASKED,), NO, ROSA, "Only the person", id="nobody answers for another"),
    ],
)
def test_who_may(
    entries: tuple[Entry, ...], command: Command, person: Person | None, refused: str
) -> None:
    decided = decide(an_alert(*entries), command, person, later(2))
    assert isinstance(decided, Refusal) is bool(refused)
    if isinstance(decided, Refusal):
        assert refused in decided.why


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        pytest.param(YES, NO, True, id="a yes can be taken back"),
        pytest.param(UNSURE, NO, True, id="so can not sure"),
        pytest.param(NO, YES, False, id="a no cannot"),
        pytest.param(YES, UNSURE, False, id="nor can a yes be softened"),
        pytest.param(NO, NO, False, id="a no counts once"),
    ],
)
def test_changing_an_answer(first: Command, second: Command, counts: bool) -> None:
    answered = decide(an_alert(ASKED), first, ALICE, later(2))
    assert not isinstance(answered, Refusal)
    again = decide(an_alert(ASKED, *answered), second, ALICE, later(3))
    assert isinstance(again, Refusal) is not counts


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((ASKED,), id="open"),
        pytest.param((ASKED, acknowledged()), id="held, though it is critical already"),
        pytest.param((ASKED, benign()), id="resolved"),
    ],
)
def test_no_makes_it_critical_and_needs_somebody_anew(before: tuple[Entry, ...]) -> None:
    decided = decide(an_alert(*before), NO, ALICE, later(5))
    assert not isinstance(decided, Refusal)
    alert = an_alert(*before, *decided)
    assert (alert.severity, alert.status, alert.hold) == (Severity.CRITICAL, Status.OPEN, None)
    if len(before) > 1:
        assert alert.reopened == "Alice Moreau says it was not them"


def test_no_raises_what_was_low() -> None:
    entries = (*an_alert_of_low(), ASKED)
    decided = decide(evolve(None, entries), NO, ALICE, later(5))
    assert not isinstance(decided, Refusal)
    alert = evolve(None, (*entries, *decided))
    assert alert.severity is Severity.CRITICAL
    assert alert.rises


def test_yes_resolves_nothing_by_itself() -> None:
    decided = decide(an_alert(ASKED), YES, ALICE, later(5))
    assert not isinstance(decided, Refusal)
    alert = an_alert(ASKED, *decided)
    assert (alert.status, alert.resolution) == (Status.OPEN, None)
    assert alert.actor is not None
    assert (alert.actor.answer, alert.actor.reason) == (Reply.YES, "CHG-7, the vendor tests")


def an_alert_of_low() -> tuple[Entry, ...]:
    return (raised(), seen(a_sighting(severity=Severity.LOW, exposure=None)))
