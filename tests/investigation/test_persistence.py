"""Persistence: what stays when the session ends, where else they were, and what they may do."""

from dataclasses import replace

import pytest

from bot.alerts.entries import Found
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.alerts.judge import unmatched_outcome
from bot.alerts.outcome import Outcome
from bot.aws.errors import AwsError
from bot.aws.permissions import Decided
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.investigation.allowed import ANOTHER, CHANGES, EVERYTHING, Allowed, allowed, unasked
from bot.investigation.run import Answer
from tests.builders import a_principal, a_sighting, later, raised, seen
from tests.investigation.history import DENIED, GONE, THROTTLED, TIMED_OUT, World, called
from tests.investigation.test_activity import ALERT, ALICE, ATTACH, STOP
from tests.records import ACCOUNT, sso_session

GROUP = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/sg-0a1b"
OPEN, CLOSE = CHANGES[1], CHANGES[-1]
ANY = tuple(Decided(action, EVERYTHING, allowed=True) for action in CHANGES)


def changed(group: str, minute: float = -10, **fields: object) -> Outcome:
    """Return what we remember of a change of another group."""
    record = called("AuthorizeSecurityGroupIngress", minute, "ec2", **fields)
    return replace(unmatched_outcome(record), event_id=f"{group}-{minute}", group=group)


def ask(world: World, minute: float = 3) -> Answer:
    return world.ask(Question.PERSISTENCE, ALERT, later(minute))


@pytest.mark.parametrize(
    ("world", "value", "signals"),
    [
        pytest.param(
            World(decided=ANY),
            "nothing made that stays; no other group in 24 h; may change any group",
            [],
            id="nothing",
        ),
        pytest.param(
            World(told=(ATTACH,), decided=ANY),
            "stays: AttachUserPolicy AdministratorAccess 12:01; no other group in 24 h; "
            "may change any group",
            ["persistence_made"],
            id="an administrator",
        ),
        pytest.param(
            World(delivered=(STOP,), decided=ANY),
            "logging off: StopLogging org-trail 12:02; no other group in 24 h; "
            "may change any group",
            ["logging_disabled"],
            id="logging is off",
        ),
        pytest.param(
            World(delivered=(called("CreateUser", -300),), decided=ANY),
            "stays: CreateUser 07:00; no other group in 24 h; may change any group",
            [],
            id="hours ago, which is told and is no signal",
        ),
        pytest.param(
            World(
                outcomes=(changed("sg-1"), changed("sg-1", -9), changed("sg-2", -200)), decided=ANY
            ),
            "nothing made that stays; 2 other groups in 24 h (1 within 1 h); may change any group",
            [],
            id="other groups",
        ),
        pytest.param(
            World(outcomes=[changed(f"sg-{n}") for n in range(4)], decided=ANY),
            "nothing made that stays; 4 other groups in 24 h (4 within 1 h); may change any group",
            ["many_groups"],
            id="many groups",
        ),
        pytest.param(
            World(outcomes=(changed("sg-1", awsRegion="us-west-2"),), decided=ANY),
            "nothing made that stays; 1 other group in 24 h (1 within 1 h), 1 other region; "
            "may change any group",
            [],
            id="another region",
        ),
        pytest.param(
            World(outcomes=(replace(changed("sg-1"), error="Client.Denied"),), decided=ANY),
            "nothing made that stays; no other group in 24 h; may change any group",
            [],
            id="a change that failed is none",
        ),
        pytest.param(
            World(outcomes=(replace(changed("sg-1"), alert=ALERT.id),), decided=ANY),
            "nothing made that stays; no other group in 24 h; may change any group",
            [],
            id="the alert's own changes are not elsewhere",
        ),
    ],
)
def test_what_stays(world: World, value: str, signals: list[str]) -> None:
    answer = ask(world)
    assert len(value) <= 100
    assert answer.facts[0].value == value
    assert [signal.name for signal in answer.signals] == signals
    assert world.simulated == 1


def test_a_person_is_known_in_another_account_by_the_provider_and_the_address() -> None:
    session = sso_session("alice@example.com")
    issuer = session["sessionContext"]["sessionIssuer"]["arn"]
    person = replace(
        ALICE,
        kind=PrincipalKind.ROLE,
        id=issuer,
        person="alice@example.com",
        session="alice@example.com",
        access_key="ASIAHERE",
    )
    alert = evolve(None, (raised(), seen(a_sighting(principal=person))))
    there = replace(
        changed("sg-9", userIdentity=session),
        account="210987654321",
        principal=issuer.replace(ACCOUNT, "210987654321"),
        access_key="ASIATHERE",
    )
    bob = replace(there, event_id="other", session="bob@example.com")
    answer = World(outcomes=(there, bob)).ask(Question.PERSISTENCE, alert, later(3))
    assert [signal.name for signal in answer.signals] == ["other_accounts"]
    assert "1 other group in 24 h (1 within 1 h), 1 other account" in answer.facts[0].value


@pytest.mark.parametrize(
    ("decided", "words"),
    [
        pytest.param(ANY, "may change any group", id="everything"),
        pytest.param(
            (Decided(OPEN, f"sg/{ANOTHER}", allowed=True),), "may change any group", id="any group"
        ),
        pytest.param(
            (Decided(OPEN, EVERYTHING, allowed=False), Decided(OPEN, GROUP, allowed=True)),
            "may change this group, not any",
            id="this one",
        ),
        pytest.param(
            (Decided(OPEN, EVERYTHING, allowed=False), Decided(CLOSE, GROUP, allowed=False)),
            "may change no group now",
            id="nothing any more",
        ),
    ],
)
def test_how_wide_permissions_are(decided: tuple[Decided, ...], words: str) -> None:
    assert allowed(decided, GROUP).words() == words


def test_which_actions_are_allowed_is_told() -> None:
    found = Allowed(("ec2:CreateSecurityGroup",), (OPEN,), (CLOSE,))
    assert list(found.lines())[:3] == [
        "Allowed on any group (*): CreateSecurityGroup",
        "Allowed on this group, not on any: AuthorizeSecurityGroupIngress",
        "Not allowed: RevokeSecurityGroupIngress",
    ]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(
            AwsError("no permission for iam:SimulatePrincipalPolicy", retry=False), id="denied"
        ),
        pytest.param(THROTTLED, id="throttled"),
        pytest.param(TIMED_OUT, id="timed out"),
        pytest.param(GONE, id="gone"),
    ],
)
def test_permissions_that_are_not_known_are_told_so(error: AwsError) -> None:
    (fact,) = ask(World(told=(ATTACH,), errors={"iam": error})).facts
    assert fact.value.startswith("stays: AttachUserPolicy AdministratorAccess 12:01; ")
    assert fact.value.endswith("permissions not known")
    assert f"What lets them change groups is not known: {error}" in fact.more


def test_a_history_that_is_not_read_is_told() -> None:
    (fact,) = ask(World(errors={"lookups": DENIED})).facts
    assert fact.value.startswith("nothing that stays was delivered; history not read; ")
    assert any(f"us-east-1 not read: {DENIED}" in line for line in fact.more)


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        pytest.param(a_principal(kind=PrincipalKind.ROOT), "root may do everything", id="root"),
        pytest.param(a_principal(kind=PrincipalKind.SERVICE), "users and roles only", id="service"),
        pytest.param(a_principal(id="unknown"), "users and roles only", id="nobody"),
    ],
)
def test_whom_iam_cannot_be_asked_about(principal: Principal, why: str) -> None:
    assert unasked(principal).endswith(why)


def test_an_answer_that_says_the_same_is_the_same() -> None:
    before = ask(World(told=(ATTACH,), decided=ANY))
    alert = evolve(ALERT, (Found(at=later(3), facts=before.facts),))
    again = World(told=(ATTACH,), decided=ANY).ask(Question.PERSISTENCE, alert, later(10))
    assert again.facts == before.facts


def test_where_there_is_more_than_was_looked_at_no_day_is_spoken_for() -> None:
    busy = World(outcomes=[replace(changed("sg-0a1b"), event_id=f"e-{n}") for n in range(500)])
    value = ask(busy).facts[0].value
    assert "no other group in their latest 500 events" in value
