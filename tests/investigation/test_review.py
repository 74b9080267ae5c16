"""The review: who did, who could lose it, what is open since when, which exemptions to end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.outcome import Outcome
from bot.changes.rules import Direction, GroupRule
from bot.exemptions.model import Exemption, PortRange, Scope
from bot.investigation.grants import Grant, Kind
from bot.investigation.review import doers_of, open_group, removals_of, to_end
from tests.builders import NOON, a_change, a_rule, a_sighting, later
from tests.store.events import an_outcome

ACCOUNT = "123456789012"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
GRANT = Grant(ALICE, "alice", Kind.USER, ("CreateSecurityGroup",), ("p",), sure=True)


def outcome(event: str = "e-1", **fields: object) -> Outcome:
    return replace(an_outcome(event), **fields)  # type: ignore[arg-type]


def test_each_event_counts_once_and_only_what_changed_groups_here() -> None:
    outcomes = [
        outcome(),
        outcome(),
        outcome("e-2", at=later(5)),
        outcome("e-3", error="Client.UnauthorizedOperation"),
        outcome("e-4", action="RunInstances"),
        outcome("e-5", account="210987654321"),
    ]
    (doer,) = doers_of(outcomes, ACCOUNT)
    assert (doer.principal, doer.label, doer.changes, doer.last) == (ALICE, "alice", 2, later(5))


@pytest.mark.parametrize(
    ("grant", "did", "suggested"),
    [
        pytest.param(GRANT, False, True, id="can, and did not"),
        pytest.param(GRANT, True, False, id="did"),
        pytest.param(replace(GRANT, sure=False), False, False, id="only perhaps can"),
        pytest.param(replace(GRANT, of_service=True), False, False, id="AWS's own role"),
        pytest.param(replace(GRANT, arn="arn:ours"), False, False, id="the role that contains"),
    ],
)
def test_who_could_lose_it(grant: Grant, did: bool, suggested: bool) -> None:
    doers = doers_of([outcome()] if did else [], ACCOUNT)
    assert bool(removals_of([grant], doers, {"arn:ours"})) is suggested


OTHER = a_rule(22, "10.0.0.0/8")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        pytest.param([a_rule(), OTHER], ["SSH (22/tcp)"], id="one among others"),
        pytest.param([OTHER, a_rule()], ["SSH (22/tcp)"], id="in any order"),
        pytest.param(
            [a_rule(443), a_rule()], ["SSH (22/tcp)", "HTTPS (443/tcp)"], id="the gravest first"
        ),
        pytest.param([OTHER], [], id="private"),
        pytest.param([a_rule(22, "sg-1")], [], id="a group"),
        pytest.param([a_rule(direction=Direction.EGRESS)], [], id="outgoing"),
        pytest.param([a_rule(), a_rule(22, "::/0")], ["SSH (22/tcp)"], id="both versions once"),
        pytest.param(
            [a_rule(22, "0.0.0.0/1"), a_rule(22, "128.0.0.0/1")], ["SSH (22/tcp)"], id="by halves"
        ),
    ],
)
def test_what_is_open(rules: list[GroupRule], expected: list[str]) -> None:
    found = open_group("eu-west-1", "sg-1", "web", rules, ())
    assert [ports.what for ports in found.ports] == expected if found else not expected


def test_since_when_it_is_open() -> None:
    made = outcome(at=later(3), sighting=a_sighting(a_change(added=(a_rule(rule_id="sgr-9"),))))
    failed = replace(made, event_id="e-2", at=later(9), error="Client.Invalid")
    found = open_group("eu-west-1", "sg-1", "web", [OTHER, a_rule(), a_rule(443)], [failed, made])
    assert found is not None
    assert {ports.what: ports.since for ports in found.ports} == {
        "SSH (22/tcp)": later(3),
        "HTTPS (443/tcp)": None,
    }


LONG_AGO = NOON - timedelta(days=100)
NARROW = Scope(principals=(ALICE,), groups=("sg-1",), ports=(PortRange("tcp", 22, 22),))
EXEMPTION = Exemption("EX-1", NARROW, "nightly", "U0ROSA", LONG_AGO, later(60))


@pytest.mark.parametrize(
    ("exemption", "hid", "why"),
    [
        pytest.param(EXEMPTION, 3, (), id="one that is of use"),
        pytest.param(EXEMPTION, None, (), id="one of which nothing is known"),
        pytest.param(EXEMPTION, 0, ("it hid nothing in 90 days",), id="idle"),
        pytest.param(replace(EXEMPTION, expires_at=NOON), 3, ("it has expired",), id="expired"),
        pytest.param(
            replace(EXEMPTION, scope=replace(NARROW, principals=())),
            3,
            ("it is for everybody",),
            id="for everybody",
        ),
        pytest.param(
            replace(EXEMPTION, scope=Scope(principals=(ALICE,)), allow_world=True),
            3,
            ("it is for every rule of every group", "it lets things open to the world"),
            id="broad",
        ),
    ],
)
def test_which_exemptions_to_end(
    exemption: Exemption, hid: int | None, why: tuple[str, ...]
) -> None:
    found = to_end([exemption], {exemption.id: hid}, later(1), LONG_AGO.date())
    assert tuple(each.why for each in found) == ((why,) if why else ())


@pytest.mark.parametrize(
    ("made", "known", "why"),
    [
        pytest.param(100, 100, "it hid nothing in 90 days", id="for as long as is looked at"),
        pytest.param(45, 100, "it hid nothing in 45 days", id="since it was made"),
        pytest.param(100, 50, "it hid nothing in 50 days", id="since we began to watch"),
        pytest.param(2, 100, "", id="one of yesterday is not idle"),
        pytest.param(100, 2, "", id="nor is one that nobody watched"),
    ],
)
def test_for_how_long_an_exemption_is_known_to_be_idle(made: int, known: int, why: str) -> None:
    exemption = replace(EXEMPTION, created_at=NOON - timedelta(days=made))
    since = (NOON - timedelta(days=known)).date()
    found = to_end([exemption], {exemption.id: 0}, NOON, since)
    assert [each.why for each in found] == ([(why,)] if why else [])
