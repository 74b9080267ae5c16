"""A containment from the request to the approval: who may, who may not, and what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.alerts.alert import ALERT, Alert, Status
from bot.alerts.approval import Approval, ContainmentApproved, ContainmentDeclined, Standing, Terms
from bot.alerts.closed import balance
from bot.alerts.closing import Closing
from bot.alerts.commands import (
    Approve,
    AskRevert,
    AskUndo,
    Command,
    Decline,
    Expire,
    MarkBenign,
    PlanAgain,
    Refusal,
    Reopen,
)
from bot.alerts.decide import author, decide
from bot.alerts.due import Expire as ExpireStep
from bot.alerts.due import due
from bot.alerts.entries import (
    ENTRY,
    CallBegun,
    ClosedAtSource,
    ContainmentAsked,
    ContainmentEnded,
    Entry,
)
from bot.alerts.evolve import evolve
from bot.alerts.people import SGWATCH, Person, Right
from bot.alerts.policy import AlertPolicy
from bot.alerts.progress import Progress
from bot.containment.action import Action
from bot.containment.digest import digest_of
from bot.containment.plan import Plan
from tests.alerts.test_evolve import PLAN, asked, benign, ended
from tests.builders import ALICE, MARCUS, OSCAR, ROSA, a_rule, an_alert, later, seen

TWO = Terms(two=True)
ID = "SGW-TEST0001-c1"
ADMIN = replace(ROSA, right=Right.ADMIN)
ASK = AskRevert(PLAN, "not us", seen=1, terms=TWO)
YES = Approve(digest_of(PLAN))
GLASS = Approve(digest_of(PLAN), glass=True, reason="nobody answers")
OTHER = replace(PLAN, leaves=("something else",))
UNDO = AskUndo(ID, PLAN, "the vendor needs it", Terms(ask=Right.APPROVER))

OPEN = an_alert()
WAITING = an_alert(replace(asked(), by=author(ROSA), approval=Approval(Right.APPROVER, later(32))))
REVERTED = an_alert(asked(), ended())


def after(alert: Alert, command: Command, person: Person | None, at: datetime) -> Alert:
    decided = decide(alert, command, person, at)
    assert not isinstance(decided, Refusal), decided.why
    return evolve(alert, decided)


@pytest.mark.parametrize(
    ("alert", "command", "person", "why", "who"),
    [
        pytest.param(OPEN, ASK, ROSA, "", None, id="a responder asks"),
        pytest.param(
            OPEN,
            replace(ASK, terms=Terms(ask=Right.APPROVER)),
            ROSA,
            "right of an approver",
            Right.APPROVER,
            id="the policy wants more than a responder",
        ),
        pytest.param(OPEN, ASK, ALICE, "your own change", Right.RESPONDER, id="the actor asks"),
        pytest.param(
            OPEN, replace(ASK, terms=Terms(off=True)), ROSA, "switched off", None, id="off"
        ),
        pytest.param(WAITING, ASK, MARCUS, "waits for approval", None, id="two responders at once"),
        pytest.param(
            WAITING, MarkBenign("fine", 1), MARCUS, "waits for approval", None, id="benign"
        ),
        pytest.param(WAITING, YES, MARCUS, "", None, id="an approver approves"),
        pytest.param(
            WAITING, YES, replace(OSCAR, right=Right.RESPONDER), "an approver", Right.APPROVER,
            id="a responder does not approve",
        ),
        pytest.param(
            WAITING, YES, replace(ROSA, right=Right.APPROVER), "You asked for this yourself",
            Right.APPROVER, id="nobody approves their own request",
        ),
        pytest.param(
            WAITING, YES, ADMIN, "You asked for this yourself", Right.APPROVER,
            id="nor does an admin, without breaking the glass",
        ),
        pytest.param(
            WAITING, YES, replace(ALICE, right=Right.ADMIN), "your own change", Right.APPROVER,
            id="nobody approves what undoes their own change",
        ),
        pytest.param(
            WAITING, Approve(digest_of(OTHER)), MARCUS, "made again since you looked", None,
            id="another plan than was shown",
        ),
        pytest.param(OPEN, YES, MARCUS, "Nothing waits", None, id="nothing to approve"),
        pytest.param(WAITING, GLASS, ADMIN, "", None, id="an admin breaks the glass"),
        pytest.param(
            WAITING, GLASS, MARCUS, "right of an admin", Right.ADMIN, id="an approver does not"
        ),
        pytest.param(
            WAITING, replace(GLASS, reason=""), ADMIN, "Give a reason", None,
            id="nobody breaks the glass without a reason",
        ),
        pytest.param(
            WAITING, GLASS, replace(ALICE, right=Right.ADMIN), "your own change", Right.APPROVER,
            id="nor for their own change",
        ),
        pytest.param(WAITING, Decline("no need"), MARCUS, "", None, id="an approver declines"),
        pytest.param(WAITING, Decline("my mistake"), ROSA, "", None, id="who asked takes it back"),
        pytest.param(
            WAITING, Decline("no need"), replace(OSCAR, right=Right.RESPONDER), "an approver",
            Right.APPROVER, id="a responder does not decline another's",
        ),
        pytest.param(
            WAITING, Decline("it was me"), replace(ALICE, right=Right.ADMIN), "your own change",
            Right.APPROVER, id="the actor does not decline it",
        ),
        pytest.param(WAITING, Decline(" "), MARCUS, "Give a reason", None, id="without a reason"),
        pytest.param(REVERTED, UNDO, MARCUS, "", None, id="an approver undoes a revert"),
        pytest.param(
            REVERTED, UNDO, ROSA, "an approver", Right.APPROVER, id="a responder does not open"
        ),
        pytest.param(
            REVERTED, UNDO, replace(ALICE, right=Right.ADMIN), "your own change", Right.APPROVER,
            id="nobody opens again what they opened",
        ),
        pytest.param(OPEN, UNDO, MARCUS, "no revert", None, id="nothing to undo"),
        pytest.param(
            REVERTED, replace(UNDO, plan=Plan(())), MARCUS, "nothing to undo", None, id="undone"
        ),
        pytest.param(WAITING, Expire(ID), MARCUS, "Only sgwatch", None, id="nobody lets it expire"),
        pytest.param(
            WAITING, PlanAgain(ID, OTHER), MARCUS, "Only sgwatch", None, id="nor changes the plan"
        ),
    ],
)  # fmt: skip
def test_who_may(
    alert: Alert, command: Command, person: Person, why: str, who: Right | None
) -> None:
    decided = decide(alert, command, person, later(5))
    if not why:
        assert not isinstance(decided, Refusal), decided
    else:
        assert isinstance(decided, Refusal)
        assert (why in decided.why, decided.needs) == (True, who)


def test_a_request_waits_and_is_cleared_by_the_second_person() -> None:
    alert = after(OPEN, ASK, ROSA, later(2))
    assert alert.running is None
    assert alert.waiting is not None
    assert alert.waiting.approval == Approval(Right.APPROVER, later(2) + TWO.lasting)
    alert = after(alert, YES, MARCUS, later(3))
    assert alert.waiting is None
    assert alert.running is not None
    assert alert.running.settled_by == author(MARCUS)


def test_without_a_second_person_nothing_waits() -> None:
    alert = after(OPEN, AskRevert(PLAN, "not us", seen=1), ROSA, later(2))
    assert alert.running is not None


def test_what_was_declined_is_over_and_may_be_asked_for_again() -> None:
    alert = after(WAITING, Decline("no need"), MARCUS, later(3))
    assert (alert.running, alert.waiting) == (None, None)
    assert alert.containments[0].standing is Standing.DECLINED
    assert after(alert, ASK, ROSA, later(4)).containments[1].id == "SGW-TEST0001-c2"


def test_two_approvers_at_once_make_one_approval() -> None:
    approved = after(WAITING, YES, MARCUS, later(3))
    second = decide(approved, YES, replace(MARCUS, slack_id="U0OTHER"), later(3))
    assert isinstance(second, Refusal)
    assert second.why == "Marcus Hale approved the revert already."


def test_a_broken_glass_is_kept_with_its_reason() -> None:
    decided = decide(WAITING, GLASS, ADMIN, later(3))
    assert isinstance(decided, tuple)
    [entry] = decided
    assert isinstance(entry, ContainmentApproved)
    assert (entry.glass, entry.reason, entry.by) == (True, "nobody answers", author(ADMIN))
    assert evolve(WAITING, decided).containments[0].glass


def test_a_request_expires_when_it_is_due_and_not_before() -> None:
    shown = Progress(queued=WAITING.position)
    policy = AlertPolicy(channel="C0ALERTS", questions=frozenset())
    early, late = later(31), later(32)
    assert due(WAITING, shown, policy, early) == due(WAITING, shown, policy, early)
    assert due(WAITING, shown, policy, early).next == late
    assert due(WAITING, shown, policy, late).steps == (ExpireStep(ID),)
    assert isinstance(decide(WAITING, Expire(ID), None, early), Refusal)
    expired = after(WAITING, Expire(ID), None, late)
    assert (expired.waiting, expired.running) == (None, None)
    approved = decide(WAITING, YES, MARCUS, late)
    assert isinstance(approved, Refusal)
    assert "expired" in approved.why


def test_a_plan_that_was_made_again_is_what_is_approved() -> None:
    again = after(WAITING, PlanAgain(ID, OTHER), None, later(3))
    assert isinstance(decide(again, YES, MARCUS, later(4)), Refusal)
    cleared = after(again, Approve(digest_of(OTHER)), MARCUS, later(4))
    assert cleared.running is not None
    assert cleared.running.plan == OTHER


def test_a_request_of_which_nothing_is_left_is_over() -> None:
    decided = decide(WAITING, PlanAgain(ID, Plan(())), None, later(3))
    assert isinstance(decided, tuple)
    assert isinstance(decided[0], ContainmentDeclined)
    assert evolve(WAITING, decided).waiting is None


def test_an_undone_revert_is_open_again() -> None:
    alert = after(REVERTED, UNDO, MARCUS, later(5))
    assert alert.running is not None
    assert (alert.running.action, alert.running.of) == (Action.UNDO, ID)
    done = ContainmentEnded(
        at=later(6), by=SGWATCH, containment=alert.running.id, verified=True, told="open"
    )
    alert = evolve(alert, [done])
    assert (alert.status, alert.resolution) == (Status.OPEN, None)
    assert alert.reopened == "Marcus Hale undid the revert"
    assert isinstance(decide(alert, UNDO, MARCUS, later(7)), Refusal)


def test_what_a_revert_closed_is_not_closed_once_it_was_undone() -> None:
    """The revert's own record may have been noted as a closing at source."""
    gone = Closing("event-9", later(4), "sg-0a1b", "sgwatch", (a_rule(),))
    noted = evolve(REVERTED, [ClosedAtSource(at=later(4.5), closing=gone)])
    alert = after(noted, UNDO, MARCUS, later(5))
    undo = alert.containments[1].id
    begun = CallBegun(at=later(6), by=SGWATCH, containment=undo, call=0)
    assert balance(evolve(alert, [begun])).all
    done = ContainmentEnded(at=later(7), by=SGWATCH, containment=undo, verified=True, told="open")
    assert not balance(evolve(alert, [begun, done])).closed


def test_a_rehearsal_changes_nothing() -> None:
    dry = replace(ended(verified=False), dry=True)
    alert = an_alert(asked(), dry)
    assert (alert.status, alert.reopened, alert.running) == (Status.OPEN, "", None)


def test_a_reverted_alert_waits_for_its_undoing() -> None:
    alert = after(REVERTED, replace(UNDO, terms=replace(UNDO.terms, two=True)), MARCUS, later(5))
    progress = Progress(queued=alert.position)
    policy = AlertPolicy(channel="C0ALERTS", retention=timedelta(0), questions=frozenset())
    assert due(alert, progress, policy, later(6)).steps == ()
    assert alert.waiting is not None


def test_entries_from_before_approvals_are_read_as_cleared() -> None:
    stored = ENTRY.dump_python(asked(), mode="json")
    for name in ("action", "of", "approval"):
        del stored[name]
    read = ENTRY.validate_python(stored)
    assert isinstance(read, ContainmentAsked)
    assert an_alert(read).running is not None


def test_an_alert_is_stored_and_read_with_all_of_it() -> None:
    story: tuple[Entry, ...] = (
        replace(asked(), approval=Approval(Right.APPROVER, later(30))),
        ContainmentApproved(at=later(3), by=author(MARCUS), containment=ID, digest="d", glass=True),
        CallBegun(at=later(4), by=SGWATCH, containment=ID, call=0),
    )
    for entry in story:
        assert ENTRY.validate_json(ENTRY.dump_json(entry)) == entry
    alert = an_alert(*story, seen())
    assert ALERT.validate_json(ALERT.dump_json(alert)) == alert


def test_nothing_waits_once_it_is_resolved_and_reopened() -> None:
    alert = an_alert(benign())
    assert after(alert, Reopen("it is not fine"), MARCUS, later(5)).waiting is None
