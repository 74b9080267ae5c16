"""Who did it: how they came in, how old their credentials are, and which person that is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.evolve import evolve
from bot.alerts.fact import Question
from bot.aws.errors import AwsError
from bot.aws.identities import AccessKey, Role, Use
from bot.cloudtrail.principal import Principal, PrincipalKind
from bot.investigation.run import Answer, Investigator
from bot.investigation.who import Who
from tests.builders import NOON, a_change, a_principal, a_sighting, raised, seen

KEY, OTHER = "AKIAEXAMPLEOFALICE00", "AKIAEXAMPLEOFALICE01"
USED = "used here, last used 2026-03-02 12:00 UTC (ec2, eu-west-1) as IAM knows yet"
DENIED = AwsError("could not read: no permission for iam:ListAccessKeys", retry=False)
THROTTLED = AwsError("could not read: AWS asks for fewer calls", retry=True)
TIMED_OUT = AwsError("could not read: AWS did not answer (ReadTimeoutError)", retry=True)
SSO = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_1"

USER = a_principal(access_key=KEY)
CONSOLE = a_principal(access_key="ASIAEXAMPLE", console=True, mfa=False)
ROOT = a_principal("root", kind=PrincipalKind.ROOT, id="arn:aws:iam::123456789012:root")
CI = a_principal(
    kind=PrincipalKind.ROLE, role="ci", session="run-1", access_key="ASIACI", mfa=False
)
CAROL = a_principal(
    kind=PrincipalKind.ROLE,
    id=SSO,
    role="AWSReservedSSO_A_1",
    session="carol@example.com",
    person="carol@example.com",
    console=True,
    mfa=False,
)
STRANGER = a_principal(kind=PrincipalKind.ACCOUNT, id="999999999999/x", account="999999999999")
SISTER = a_principal(kind=PrincipalKind.ACCOUNT, id="210987654321/x", account="210987654321")
SERVICE = a_principal(kind=PrincipalKind.ROLE, invoked_by="cloudformation.amazonaws.com")


@dataclass
class Iam:
    """IAM as a test wants it. Every call is noted."""

    age: timedelta = timedelta(days=30)
    error: AwsError | None = None
    gone: bool = False
    others: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.error:
            raise self.error

    def access_keys(self, account: str, region: str, user: str) -> tuple[AccessKey, ...]:
        self._ask("access_keys")
        others = (AccessKey(key, active=True, made=NOON - self.age * 20) for key in self.others)
        own = AccessKey(KEY, active=True, made=NOON - self.age)
        return () if self.gone else (own, *others)

    def key_use(self, account: str, region: str, key: str) -> Use | None:
        self._ask("key_use")
        return None if self.gone else Use(NOON, "eu-west-1", "ec2")

    def role(self, account: str, region: str, name: str) -> Role | None:
        self._ask("role")
        return None if self.gone else Role(NOON - self.age, Use(NOON, "eu-west-1"))


def nobody(principal: Principal) -> str:
    return ""


def alert_by(principal: Principal) -> Alert:
    return evolve(None, (raised(), seen(a_sighting(principal=principal))))


def ask(principal: Principal, iam: Iam, name: str = "", now: datetime = NOON) -> Answer:
    who = Who(iam, lambda _: name, {"123456789012", "210987654321"})
    ((_, found),) = Investigator({Question.WHO: who}).ask(alert_by(principal), (Question.WHO,), now)
    assert isinstance(found, Answer)
    return found


@pytest.mark.parametrize(
    ("principal", "iam", "value", "signals", "calls"),
    [
        pytest.param(
            USER, Iam(), "a long-lived access key; key 30 days old", [], 2, id="a user's key"
        ),
        pytest.param(
            USER,
            Iam(timedelta(hours=3)),
            "a long-lived access key; key 3 hours old",
            ["new_key"],
            2,
            id="a key made just now",
        ),
        pytest.param(
            USER,
            Iam(timedelta(seconds=3)),
            "a long-lived access key; key less than a minute old",
            ["new_key"],
            2,
            id="a key made this minute",
        ),
        pytest.param(
            USER,
            Iam(timedelta(days=412)),
            "a long-lived access key; key 412 days old",
            ["old_key"],
            2,
            id="an old key",
        ),
        pytest.param(
            USER,
            Iam(gone=True),
            "a long-lived access key; the access key is gone",
            [],
            1,
            id="a user that is gone",
        ),
        pytest.param(
            CONSOLE, Iam(), "a sign-in at the console", ["no_mfa"], 0, id="no second factor"
        ),
        pytest.param(ROOT, Iam(), "the account's root user", ["root"], 0, id="root"),
        pytest.param(
            CI, Iam(), "a role's session, of a role that somebody assumed", [], 1, id="a role"
        ),
        pytest.param(
            CI,
            Iam(timedelta(hours=1)),
            "a role's session, of a role that somebody assumed; the role was made today",
            [],
            1,
            id="a role made just now",
        ),
        pytest.param(
            CAROL,
            Iam(),
            "by IAM Identity Center",
            [],
            1,
            id="a person, whose provider asked for the second factor",
        ),
        pytest.param(
            STRANGER,
            Iam(),
            "another account, whose caller is not told; from account 999999999999",
            ["foreign_account"],
            0,
            id="an account that is not the organisation's",
        ),
        pytest.param(
            SISTER,
            Iam(),
            "another account, whose caller is not told; from account 210987654321",
            [],
            0,
            id="another account of the organisation's",
        ),
        pytest.param(
            SERVICE,
            Iam(),
            "an AWS service for them: cloudformation.amazonaws.com",
            [],
            0,
            id="a service on somebody's behalf",
        ),
        pytest.param(
            USER,
            Iam(error=DENIED),
            f"a long-lived access key; {DENIED}",
            [],
            1,
            id="no permission: the rest is told all the same",
        ),
    ],
)
def test_who_is_told_in_a_line(
    principal: Principal, iam: Iam, value: str, signals: list[str], calls: int
) -> None:
    answer = ask(principal, iam)
    (fact,) = answer.facts
    assert (fact.value, fact.about) == (value, principal.id)
    assert [signal.name for signal in answer.signals] == signals
    assert len(iam.asked) == calls


@pytest.mark.parametrize(
    "error",
    [pytest.param(THROTTLED, id="throttled"), pytest.param(TIMED_OUT, id="timed out")],
)
def test_what_passes_is_asked_again(error: AwsError) -> None:
    who = Who(Iam(error=error), nobody)
    ((_, found),) = Investigator({Question.WHO: who}).ask(alert_by(USER), (Question.WHO,), NOON)
    assert found is error


def test_a_person_is_named_as_in_slack() -> None:
    (fact,) = ask(CAROL, Iam(), "Carol Diaz").facts
    assert fact.value == "by IAM Identity Center; in Slack: Carol Diaz"
    assert "Person in Slack: Carol Diaz" in fact.more


def test_the_details_name_every_key_and_its_use() -> None:
    (fact,) = ask(USER, Iam()).facts
    assert f"Key {KEY}: active, made 2026-01-31, {USED}" in fact.more
    assert f"Access key {KEY}, second factor (MFA): the record does not tell" in fact.more


def by(*keys: str) -> Alert:
    """Return an alert whose changes were made with several keys."""
    sightings = (
        a_sighting(a_change(f"event-{key}"), principal=a_principal(access_key=key)) for key in keys
    )
    return evolve(None, (raised(), *map(seen, sightings)))


def test_every_key_of_the_worst_changes_is_looked_at() -> None:
    iam = Iam(timedelta(hours=12), others=(OTHER,))
    answer = Who(iam, nobody)(by(KEY, OTHER, KEY), NOON)
    (fact,) = answer.facts
    assert fact.value == "a long-lived access key; 2 keys, 12 hours and 10 days old"
    assert [line for line in fact.more if line.startswith(("Access key", "Key"))] == [
        f"Access key {KEY}, second factor (MFA): the record does not tell",
        f"Access key {OTHER}, second factor (MFA): the record does not tell",
        f"Key {KEY}: active, made 2026-03-02, {USED}",
        f"Key {OTHER}: active, made 2026-02-20, {USED}",
    ]
    assert [signal.name for signal in answer.signals] == ["new_key"]
    assert iam.asked == ["access_keys", "key_use", "key_use"]


def test_a_key_beside_a_sign_in_is_told_too() -> None:
    both = (seen(a_sighting(principal=CONSOLE)), seen(a_sighting(principal=USER)))
    answer = Who(Iam(timedelta(hours=3)), nobody)(evolve(None, (raised(), *both)), NOON)
    told = "a sign-in at the console, also a long-lived access key; key 3 hours old"
    assert answer.facts[0].value == told
    assert {signal.name for signal in answer.signals} == {"no_mfa", "new_key"}


def test_many_keys_are_asked_about_up_to_a_limit_and_the_rest_is_told() -> None:
    iam, keys = Iam(gone=True), [f"AKIA{number:016}" for number in range(20)]
    (fact,) = Who(iam, nobody)(by(*keys), NOON).facts
    assert fact.value == ("a long-lived access key; all 3 access keys are gone; 17 more keys used")
    assert "… and 10 more keys and sessions" in fact.more
    assert "IAM was not asked about 17 more keys." in fact.more
    assert iam.asked == ["access_keys"]


def test_changes_that_are_not_among_the_worst_are_told_as_not_looked_at() -> None:
    many = [seen(a_sighting(a_change(f"event-{number}"))) for number in range(60)]
    (fact,) = Who(Iam(), nobody)(evolve(None, (raised(), *many)), NOON).facts
    assert "The keys of 10 lesser changes were not looked at." in fact.more


def test_a_storm_reads_once() -> None:
    iam = Iam()
    who = Who(iam, nobody)
    for _ in range(50):
        who(alert_by(USER), NOON)
    assert len(iam.asked) == 2


def test_a_hostile_name_stays_one_line() -> None:
    hostile = a_principal(
        kind=PrincipalKind.ROLE, role="ci", session="run\n\u202e<!channel>" * 500, id="x\n" * 900
    )
    (fact,) = ask(hostile, Iam(), "Rosa\u202e\n<!here>").facts
    assert all(line.isprintable() and len(line) < 300 for line in (fact.value, *fact.more))


def test_a_role_that_is_gone_is_told() -> None:
    role = a_principal(kind=PrincipalKind.ROLE, role="deploy", session="x")
    assert ask(role, Iam(gone=True)).facts[0].value.endswith("; the role is gone")


def test_what_one_call_told_is_kept_where_the_next_is_denied() -> None:
    class Half(Iam):
        def key_use(self, account: str, region: str, key: str) -> Use | None:
            raise DENIED

    (fact,) = ask(USER, Half(timedelta(hours=3))).facts
    assert fact.value == f"a long-lived access key; key 3 hours old; {DENIED}"
