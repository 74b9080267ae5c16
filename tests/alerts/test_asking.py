"""Asking the actor: who may be asked, who may answer, and what an answer changes."""

from dataclasses import replace

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.asking import AskPolicy, Whom, closes, to_be_asked, whom
from bot.alerts.commands import AnswerAsActor, AskActor, CloseOnYes, Command, Refusal
from bot.alerts.decide import author, decide
from bot.alerts.entries import ActorAnswered, ActorAsked, Entry, Found, Reopened, Reply
from bot.alerts.evolve import evolve
from bot.alerts.fact import Signal
from bot.alerts.people import SGWATCH, Person
from bot.changes.change import Change, Verb
from bot.changes.exposure import Exposure, Reach
from bot.changes.rules import Direction, Peer, PeerKind
from bot.changes.severity import Severity
from bot.cloudtrail.principal import Principal, PrincipalKind
from tests.alerts.test_evolve import acknowledged, benign
from tests.builders import (
    ALICE,
    OSCAR,
    ROSA,
    a_change,
    a_principal,
    a_rule,
    a_sighting,
    an_alert,
    later,
    raised,
    seen,
)

ASK = AskActor(ALICE.slack_id, ALICE.name)
ASKED = ActorAsked(at=later(1), by=SGWATCH, slack_id=ALICE.slack_id, name=ALICE.name)
YES, NO = AnswerAsActor(Reply.YES, "CHG-7, the vendor tests"), AnswerAsActor(Reply.NO)
UNSURE = AnswerAsActor(Reply.UNSURE)
CLOSE = CloseOnYes("p1")
USER = a_principal()
SSO = a_principal(
    kind=PrincipalKind.ROLE,
    id="arn:aws:iam::123456789012:role/Admin",
    role="Admin",
    session="alice@example.com",
    person="alice@example.com",
)


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
        pytest.param((ASKED, benign()), YES, ALICE, "settled", id="no yes to what is resolved"),
        pytest.param((ASKED,), CLOSE, ROSA, "Only sgwatch", id="nobody closes on a yes by hand"),
        pytest.param((ASKED,), CLOSE, None, "does not close", id="nor sgwatch without one"),
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


@pytest.mark.parametrize(
    ("principal", "people", "expected"),
    [
        pytest.param(SSO, {}, Whom(email="alice@example.com"), id="a person's e-mail address"),
        pytest.param(SSO, {"U1": ["ALICE@example.com"]}, Whom(slack_id="U1"), id="policy first"),
        pytest.param(
            SSO, {"U1": [SSO.id]}, Whom(email="alice@example.com"), id="never a role for its people"
        ),
        pytest.param(USER, {"U1": [USER.id]}, Whom(slack_id="U1"), id="a user it names"),
        pytest.param(USER, {}, None, id="a user that nobody names"),
        pytest.param(USER, {"U1": [USER.id], "U2": [USER.id]}, None, id="one of two"),
        pytest.param(
            a_principal(id="arn:x:role/Admin", role="Admin", session="rosa@example.com"),
            {},
            None,
            id="a session name that the caller chose",
        ),
        pytest.param(replace(SSO, person="alice"), {}, None, id="a name that is no address"),
        pytest.param(replace(SSO, person="@example"), {}, None, id="half an address"),
        pytest.param(None, {}, None, id="nobody"),
    ],
)
def test_who_can_be_asked(
    principal: Principal | None, people: dict[str, list[str]], expected: Whom | None
) -> None:
    assert whom(principal, people) == expected


@pytest.mark.parametrize(
    ("entries", "minutes", "asks"),
    [
        pytest.param((), 1, True, id="at once"),
        pytest.param((), 59, True, id="while they remember"),
        pytest.param((), 61, False, id="not of what is long past"),
        pytest.param((ASKED,), 1, False, id="once"),
        pytest.param((benign(),), 1, False, id="not of what is resolved"),
    ],
)
def test_whom_the_policy_asks(entries: tuple[Entry, ...], minutes: int, asks: bool) -> None:
    policy = AskPolicy(severities=[Severity.CRITICAL], people={"U1": [USER.id]})
    found = to_be_asked(an_alert(*entries), policy, later(minutes))
    assert found == (Whom(slack_id="U1") if asks else None)
    others = replace(policy, severities=[Severity.LOW])
    assert to_be_asked(an_alert(*entries), others, later(minutes)) is None


WAS_ME = ActorAnswered(at=later(2), by=author(ALICE), reply=Reply.YES, reason="CHG-7", seen=1)


@pytest.mark.parametrize(
    ("entries", "severities", "is_closed"),
    [
        pytest.param((ASKED, WAS_ME), [Severity.LOW], True, id="where the policy says so"),
        pytest.param((ASKED, WAS_ME), [Severity.HIGH], False, id="not another severity"),
        pytest.param((ASKED, WAS_ME), [], False, id="not by default"),
        pytest.param((ASKED,), [Severity.LOW], False, id="not without an answer"),
        pytest.param(
            (ASKED, replace(WAS_ME, reply=Reply.UNSURE)), [Severity.LOW], False, id="not on unsure"
        ),
        pytest.param(
            (ASKED, WAS_ME, replace(WAS_ME, reply=Reply.NO)),
            list(Severity),
            False,
            id="not if it was taken back",
        ),
        pytest.param(
            (seen(a_sighting(a_change("event-3"), Severity.LOW, None)), ASKED, WAS_ME),
            [Severity.LOW],
            False,
            id="not for changes that they were not shown",
        ),
        pytest.param(
            (seen(a_sighting(a_change("event-3"))), ASKED, replace(WAS_ME, seen=2)),
            list(Severity),
            False,
            id="never what opens to the world",
        ),
        pytest.param(
            (ASKED, WAS_ME, acknowledged()),
            [Severity.LOW],
            False,
            id="not what people hold",
        ),
        pytest.param((ASKED, WAS_ME, benign()), [Severity.LOW], False, id="not twice"),
        pytest.param(
            (ASKED, WAS_ME, benign(), Reopened(at=later(4), by=author(ROSA), reason="Look again")),
            [Severity.LOW],
            False,
            id="never again what people reopened",
        ),
    ],
)
def test_what_a_yes_closes(
    entries: tuple[Entry, ...], severities: list[Severity], is_closed: bool
) -> None:
    alert = evolve(None, (*an_alert_of_low(), *entries))
    assert closes(alert, AskPolicy(close_on_yes=severities)) is is_closed
    decided = decide(alert, CLOSE, None, later(5))
    if is_closed:
        assert not isinstance(decided, Refusal)
        end = evolve(alert, decided).resolution
        assert end is not None
        assert (end.kind, end.reason) == (ResolutionKind.BENIGN, "Alice Moreau says: CHG-7")
        assert (end.by.name, end.by.policy) == ("sgwatch", "p1")


def an_alert_of_low() -> tuple[Entry, ...]:
    return (raised(), seen(a_sighting(severity=Severity.LOW, exposure=None)))


LIST = replace(a_rule(), peer=Peer(PeerKind.PREFIX_LIST, "pl-0a1b"))
MOVED = a_change(
    added=(), action="ModifyInstanceAttribute", verb=Verb.MOVE, target="i-1", groups_after=("sg-9",)
)
INSIDE = Exposure(Reach.PRIVATE, Direction.INGRESS, ("22/tcp",))


@pytest.mark.parametrize(
    ("change", "exposure", "is_closed"),
    [
        pytest.param(MOVED, None, False, id="into a group whose rules nobody knows"),
        pytest.param(MOVED, INSIDE, True, id="into a group that is known to be private"),
        pytest.param(replace(MOVED, error="AccessDenied"), None, True, id="a move that failed"),
        pytest.param(a_change(added=(LIST,)), None, False, id="a list that may hold anything"),
        pytest.param(
            a_change(added=(), verb=Verb.MODIFY), None, False, id="an edit that is not told"
        ),
        pytest.param(
            a_change(added=(), action="RestoreManagedPrefixListVersion", verb=Verb.PREFIX_LIST),
            None,
            False,
            id="a list as it once was",
        ),
        pytest.param(a_change(added=(), removed=(a_rule(),)), None, True, id="a removal"),
    ],
)
def test_a_yes_closes_nothing_that_may_be_open_to_the_world(
    change: Change, exposure: Exposure | None, is_closed: bool
) -> None:
    low = seen(a_sighting(change, severity=Severity.LOW, exposure=exposure))
    policy = AskPolicy(close_on_yes=[Severity.LOW])
    assert closes(evolve(None, (raised(), low, ASKED, WAS_ME)), policy) is is_closed
    reachable = Found(at=later(1), facts=(), signals=(Signal("reachable_now", 2, "reachable"),))
    assert not closes(evolve(None, (raised(), low, reachable, ASKED, WAS_ME)), policy)
