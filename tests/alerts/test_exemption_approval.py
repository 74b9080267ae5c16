"""What waits for a second person hides nothing until one approves it, never their own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.exemption_approval import Approve, ExemptionCommand, Lapse, decide_exemption
from bot.alerts.life import Deed, Edit, End, Extend, Life, Make
from bot.alerts.people import Person, Right
from bot.changes.severity import Severity
from bot.exemptions.matching import covering
from bot.exemptions.model import FOREVER, Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy, approval_needed
from tests.builders import ALICE, MARCUS, NOON, ROSA, a_change, a_principal

WEEK = timedelta(days=7)
CI = a_principal()
POLICY = ExemptionPolicy(approve_world=True)
WORLD = Exemption(
    "EX-1",
    Scope(principals=(CI.id,)),
    "a reason",
    ROSA.slack_id,
    NOON,
    NOON + WEEK,
    allow_world=True,
)
NARROW = replace(WORLD, allow_world=False)


def decided(
    held: Exemption | None, command: ExemptionCommand, person: Person, at: timedelta = timedelta(0)
) -> Life:
    life = decide_exemption(held, command, person, NOON + at, POLICY)
    assert not isinstance(life, Refusal), life
    return life


ASKED = decided(None, Make(WORLD), ROSA)[0]


def hides(exemption: Exemption, at: timedelta) -> bool:
    return covering(a_change(), CI, ["d"], [exemption], NOON + at, None).hidden


def test_what_is_asked_hides_nothing_until_it_is_approved() -> None:
    assert not any(hides(ASKED, at) for at in (timedelta(0), timedelta(seconds=1), 2 * WEEK))
    assert (ASKED.is_in_force(NOON), ASKED.is_asked(NOON), ASKED.is_over(NOON)) == (
        False,
        True,
        False,
    )
    approved, line = decided(ASKED, Approve(ASKED.version), MARCUS)
    assert approved == replace(WORLD, version=ASKED.version + 1)
    assert hides(approved, timedelta(seconds=1))
    assert (line.did, line.by.slack_id, line.by.right, line.by.policy) == (
        Deed.APPROVED,
        MARCUS.slack_id,
        Right.APPROVER,
        MARCUS.policy,
    )
    assert "opens to the world" in line.reason


def test_nobody_approves_in_time_and_it_lapses() -> None:
    after = POLICY.request
    assert ASKED.is_over(NOON + after)
    lapsed, line = decided(ASKED, Lapse(), ROSA, after)
    assert (lapsed.pending, line.did, line.by.name) == (None, Deed.LAPSED, "sgwatch")
    early = decide_exemption(ASKED, Lapse(), ROSA, NOON, POLICY)
    assert isinstance(early, Refusal)


def test_one_in_force_stays_as_it_is_until_its_new_version_is_approved() -> None:
    held = decided(None, Make(NARROW), ROSA)[0]
    asked, line = decided(held, Edit(WORLD, "the rollout is public", held.version), ROSA)
    assert line.did is Deed.ASKED
    assert asked.is_in_force(NOON)
    assert not asked.allow_world
    approved, line = decided(asked, Approve(asked.version), MARCUS)
    assert approved.allow_world
    assert line.before == replace(asked, pending=None)


def test_what_is_asked_can_be_taken_back() -> None:
    ended, line = decided(ASKED, End("not needed"), ROSA)
    assert (ended.pending, ended.is_over(NOON), line.did) == (None, True, Deed.ENDED)


FILED = replace(NARROW, file="team")
FILED_ASKED = decided(FILED, Edit(WORLD, "as in the file", 1, file="team"), ROSA)[0]


def test_a_files_request_is_taken_back_by_the_file_alone() -> None:
    ended, line = decided(FILED_ASKED, End("taken out", file="team"), ROSA)
    assert (ended.is_over(NOON), line.did) == (True, Deed.ENDED)


OWN = replace(WORLD, scope=Scope(principals=ALICE.principals))
APPROVER = replace(ALICE, right=Right.APPROVER)
BOSS = replace(ROSA, right=Right.ADMIN)


@pytest.mark.parametrize(
    ("held", "command", "person", "said"),
    [
        pytest.param(ASKED, Approve(2), ALICE, "right of an approver", id="a responder"),
        pytest.param(ASKED, Approve(2), BOSS, "for yourself", id="who asked"),
        pytest.param(
            decided(None, Make(replace(WORLD, owner=MARCUS.slack_id)), ROSA)[0],
            Approve(2),
            MARCUS,
            "for yourself",
            id="whose it is",
        ),
        pytest.param(
            decided(None, Make(OWN), ROSA)[0], Approve(2), APPROVER, "your own", id="covers theirs"
        ),
        pytest.param(
            ASKED, Approve(2, ALICE.principals), APPROVER, "your own", id="hid theirs of late"
        ),
        pytest.param(ASKED, Approve(1), MARCUS, "version 2 now", id="another version"),
        pytest.param(NARROW, Approve(1), MARCUS, "waits for approval", id="nothing is asked"),
        pytest.param(
            replace(ASKED, pending=replace(ASKED.pending, until=NOON)) if ASKED.pending else ASKED,
            Approve(2),
            MARCUS,
            "no longer asked",
            id="too late",
        ),
        pytest.param(ASKED, Extend(WEEK, "more"), ROSA, "waits for approval", id="extended"),
        pytest.param(ASKED, Edit(NARROW, "more", 2), ROSA, "waits for approval", id="edited"),
        pytest.param(FILED_ASKED, End("done"), ROSA, "by the file", id="a file's, ended"),
    ],
)
def test_what_is_refused(
    held: Exemption, command: ExemptionCommand, person: Person, said: str
) -> None:
    refusal = decide_exemption(held, command, person, NOON, POLICY)
    assert isinstance(refusal, Refusal)
    assert said in refusal.why


PROD, TEST = "123456789012", "210987654321"


@pytest.mark.parametrize(
    ("policy", "exemption", "why"),
    [
        pytest.param(ExemptionPolicy(), WORLD, "", id="no policy"),
        pytest.param(
            ExemptionPolicy(), replace(NARROW, expires_at=FOREVER), "no end", id="for ever"
        ),
        pytest.param(POLICY, WORLD, "opens to the world", id="the world"),
        pytest.param(POLICY, NARROW, "", id="not the world"),
        pytest.param(
            ExemptionPolicy(approve_severity=Severity.HIGH), NARROW, "what is high", id="any"
        ),
        pytest.param(
            ExemptionPolicy(approve_severity=Severity.HIGH),
            replace(NARROW, scope=replace(NARROW.scope, max_severity=Severity.MEDIUM)),
            "",
            id="medium at most",
        ),
        pytest.param(ExemptionPolicy(approve_accounts=(PROD,)), NARROW, PROD, id="in all accounts"),
        pytest.param(
            ExemptionPolicy(approve_accounts=(PROD,)),
            replace(NARROW, scope=replace(NARROW.scope, accounts=(TEST,))),
            "",
            id="in another account",
        ),
        pytest.param(
            ExemptionPolicy(approve_longer_than=timedelta(days=3)), NARROW, "3 days", id="long"
        ),
    ],
)
def test_what_needs_a_second_person(
    policy: ExemptionPolicy, exemption: Exemption, why: str
) -> None:
    found = approval_needed(exemption, policy, NOON)
    assert (why in found) if why else found == ""
