"""What may be decided on an exemption by itself: by whom, until when, and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.life import Deed, Edit, End, Extend, LifeCommand, Make, decide_life
from bot.alerts.people import Person, Right
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from tests.builders import ALICE, NOON, OSCAR, ROSA

POLICY = ExemptionPolicy()
LONGEST = POLICY.longest
WEEK = timedelta(days=7)
CI = "arn:aws:iam::123456789012:role/ci"
HELD = Exemption("EX-1", Scope(principals=(CI,)), "a reason", "U1", NOON, NOON + WEEK)
OWN = replace(HELD, scope=Scope(principals=ALICE.principals))
BY_PATTERN = replace(HELD, scope=Scope(principal_patterns=("arn:aws:iam::*:user/ali*",)))
BY_PERSON = replace(HELD, scope=Scope(principals=(CI,), persons=(ALICE.email,)))
OTHER = replace(HELD, reason="another reason")
FILED = replace(HELD, file="team")
VIEWER = replace(ROSA, right=Right.VIEWER)


def test_it_is_ended_now() -> None:
    decided = decide_life(HELD, End(" done "), ROSA, NOON, POLICY)
    assert not isinstance(decided, Refusal)
    ended, lived = decided
    assert ended == replace(HELD, expires_at=NOON, version=2)
    assert (lived.did, lived.reason, lived.until) == (Deed.ENDED, "done", NOON)
    assert (lived.by.slack_id, lived.by.right) == (ROSA.slack_id, ROSA.right)


def test_it_is_extended_from_now_on() -> None:
    decided = decide_life(HELD, Extend(2 * WEEK, "takes longer"), ROSA, NOON, POLICY)
    assert not isinstance(decided, Refusal)
    assert decided[0] == replace(HELD, expires_at=NOON + 2 * WEEK, version=2)
    assert decided[1].did is Deed.EXTENDED


def test_an_edit_keeps_what_was_before_and_what_is_not_its_to_change() -> None:
    wanted = Edit(replace(OTHER, id="EX-2", version=9, file="x"), "mended", 1)
    decided = decide_life(HELD, wanted, ROSA, NOON, POLICY)
    assert not isinstance(decided, Refusal)
    assert decided[0] == replace(OTHER, version=2)
    assert (decided[1].did, decided[1].before) == (Deed.EDITED, HELD)


def test_somebody_may_end_what_hides_their_own_changes() -> None:
    assert not isinstance(decide_life(OWN, End("no more"), ALICE, NOON, POLICY), Refusal)


@pytest.mark.parametrize(
    ("held", "command", "person", "said"),
    [
        pytest.param(HELD, End("done"), OSCAR, "right of a responder", id="an outsider"),
        pytest.param(HELD, End("done"), VIEWER, "right of a responder", id="a viewer"),
        pytest.param(HELD, Make(HELD), VIEWER, "right of a responder", id="a viewer who makes"),
        pytest.param(HELD, End("ok"), ROSA, "in six months", id="no reason"),
        pytest.param(None, End("done"), ROSA, "no such exemption", id="none"),
        pytest.param(
            replace(HELD, expires_at=NOON), Extend(WEEK, "again"), ROSA, "ended", id="it has ended"
        ),
        pytest.param(HELD, Extend(WEEK, "again"), ROSA, "no sooner", id="no longer than it is"),
        pytest.param(
            HELD, Extend(LONGEST + WEEK, "again"), ROSA, "longest allowed", id="over the ceiling"
        ),
        pytest.param(FILED, End("done"), ROSA, "by the file “team”", id="a file's, ended"),
        pytest.param(FILED, Extend(2 * WEEK, "more"), ROSA, "by the file", id="a file's, longer"),
        pytest.param(FILED, Edit(HELD, "more", 1), ROSA, "by the file", id="a file's, edited"),
        pytest.param(
            FILED, Edit(HELD, "more", 1, file="web"), ROSA, "by the file", id="by another file"
        ),
        pytest.param(HELD, Edit(OTHER, "more", 1), VIEWER, "a responder", id="a viewer's edit"),
        pytest.param(
            replace(HELD, version=3), Edit(OTHER, "more", 2), ROSA, "version 3 now", id="the second"
        ),
        pytest.param(HELD, Edit(HELD, "more", 1), ROSA, "all that already", id="nothing new"),
        pytest.param(HELD, Edit(OTHER, "ok", 1), ROSA, "in six months", id="an edit without why"),
        pytest.param(HELD, Edit(OWN, "more", 1), ALICE, "your own", id="widened to oneself"),
        pytest.param(
            HELD, Edit(OTHER, "more", 1, ALICE.principals), ALICE, "your own", id="it hides theirs"
        ),
        pytest.param(
            replace(HELD, expires_at=NOON), Edit(OTHER, "more", 1), ROSA, "ended", id="over"
        ),
        pytest.param(OWN, Extend(2 * WEEK, "again"), ALICE, "your own", id="their own, longer"),
        pytest.param(None, Make(OWN), ALICE, "your own", id="their own"),
        pytest.param(None, Make(BY_PATTERN), ALICE, "your own", id="their own, by a pattern"),
        pytest.param(None, Make(BY_PERSON), ALICE, "your own", id="their own, as a person"),
        pytest.param(
            None, Make(HELD, ALICE.principals), ALICE, "your own", id="it would hide their own"
        ),
        pytest.param(None, Make(replace(HELD, scope=Scope())), ROSA, "hide everything", id="empty"),
    ],
)
def test_what_is_refused(
    held: Exemption | None, command: LifeCommand, person: Person, said: str
) -> None:
    decided = decide_life(held, command, person, NOON, POLICY)
    assert isinstance(decided, Refusal)
    assert said in decided.why
