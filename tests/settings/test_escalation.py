"""Escalation in the policy file: the examples load, and each fault is named with its mend."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.changes.severity import Severity
from bot.escalation.ladder import EscalationPolicy
from bot.escalation.target import Target, Way
from bot.policy import read_policy
from bot.tables import FileError

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/*.toml"))
MONDAY_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2026, 3, 1, 23, tzinfo=UTC)

LADDER = """
[[escalation.ladders]]
name = "night"
severities = ["critical"]
[[escalation.ladders.levels]]
name = "first"
call = ["dm:U0ROSA"]
[[escalation.ladders.levels]]
name = "second"
after_minutes = 5
call = ["mention:here"]
"""
ROTA = """
[escalation.rotas.primary]
people = ["U0ROSA"]
starts = 2026-01-05
"""
OVERRIDE = """
[[escalation.rotas.primary.overrides]]
person = "U0ROSA"
from = 2026-12-24T15:00:00+01:00
until = 2026-12-27T09:00:00+01:00
"""
HOOK = '[escalation.webhooks]\noncall = \'{"title": "{{summary}}"}\'\n'


def escalation(text: str) -> EscalationPolicy:
    return read_policy(text.encode(), "p.toml", "C0").alerts.escalation


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_load(path: Path) -> None:
    policy = read_policy(path.read_bytes(), path.name, "C0").alerts.escalation
    assert all(rule.ladder.levels for rule in policy.rules)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 3


def test_as_shipped_on_call_is_mentioned_at_once_and_paged_at_5_minutes() -> None:
    policy = escalation('[rights]\nresponders = ["S0ONCALL"]')
    for severity in (Severity.CRITICAL, Severity.HIGH):
        ladder = policy.ladder(severity, "123456789012", MONDAY_NOON)
        assert ladder is not None
        first, second = ladder.levels
        assert first.calls == (Target(Way.MENTION, "S0ONCALL"),)
        assert first.after == timedelta(0)
        assert second.calls == (Target(Way.PAGERDUTY, "default"),)
        assert second.fallback == (Target(Way.DM, "S0ONCALL"),)
        assert second.after == timedelta(minutes=5)
        assert ladder.remind == timedelta(minutes=30)
    for severity in (Severity.MEDIUM, Severity.LOW):
        assert policy.ladder(severity, "123456789012", MONDAY_NOON) is None


def test_no_ladders_is_nobody() -> None:
    assert escalation("[escalation]\nladders = []").rules == ()


def test_the_first_ladder_that_fits_by_environment_and_hour_is_climbed() -> None:
    path = next(path for path in EXAMPLES if path.name == "pagerduty.toml")
    file = read_policy(path.read_bytes(), "p.toml", "C0").alerts.escalation
    policy = EscalationPolicy(file.rules, file.hours, environments={"1" * 12: "prod"})

    def climbed(severity: Severity, account: str, at: datetime) -> str:
        ladder = policy.ladder(severity, account, at)
        return ladder.name if ladder else ""

    assert climbed(Severity.HIGH, "1" * 12, SUNDAY_NIGHT) == "production"
    assert climbed(Severity.HIGH, "2" * 12, SUNDAY_NIGHT) == ""
    assert climbed(Severity.HIGH, "2" * 12, MONDAY_NOON) == "elsewhere, while people work"
    assert climbed(Severity.MEDIUM, "1" * 12, MONDAY_NOON) == "elsewhere, while people work"


def test_a_rota_is_kept_with_the_ladder_that_calls_it() -> None:
    ladder = LADDER.replace("dm:U0ROSA", "dm:rota:primary")
    policy = escalation(ROTA + ladder)
    assert policy.rules[0].ladder.rotas == policy.rotas
    assert escalation(ROTA + LADDER).rules[0].ladder.rotas == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (LADDER.replace('"critical"', '"low"'), "low alerts call nobody"),
        (LADDER.replace('"critical"', '"bad"'), "must be low, medium, high or critical"),
        (LADDER.replace("dm:U0ROSA", "sms:U0ROSA"), "“sms:U0ROSA”: a call begins with mention:"),
        (LADDER.replace("dm:U0ROSA", "dm:rosa"), "“dm:rosa”: after dm: comes on-call, a person"),
        (LADDER.replace("dm:U0ROSA", "mention:all"), "after mention: comes here, channel"),
        (LADDER.replace("dm:U0ROSA", "sns:topic"), "after sns: comes the ARN of a topic"),
        (LADDER.replace("dm:U0ROSA", "pagerduty:A B"), "after pagerduty: comes a name"),
        (LADDER.replace("dm:U0ROSA", "webhook:A B"), "after webhook: comes a name"),
        (LADDER.replace("dm:U0ROSA", "webhook:x"), "night, first: “webhook:x”: there is no x"),
        (ROTA + LADDER.replace("dm:U0ROSA", "dm:rota:primry"), "did you mean primary?"),
        (LADDER.replace("after_minutes = 5", ""), "“second” must come later than “first”"),
        (LADDER.replace("after_minutes", "after"), "there is no such setting"),
        ('[escalation]\non_call = ["rosa"]', "escalation.on_call: “rosa”: name a person"),
        ('[escalation]\non_call = ["rota:x"]', "there is no [escalation.rotas.x]"),
        ("[escalation]\nmost_pages_an_hour = 0", "greater than or equal to 1"),
        (ROTA.replace("primary", "Primary"), "“Primary”: a rota's name is of small letters"),
        (ROTA.replace("U0ROSA", "rosa"), "“rosa”: a person is written as their Slack id"),
        (ROTA.replace('"U0ROSA"', ""), "rotas.primary.people: name at least one"),
        (ROTA + 'zone = "Europe/Stokholm"', "did you mean Europe/Stockholm?"),
        (ROTA + 'zone = "CEST"', "“CEST” is no time zone"),
        (ROTA + OVERRIDE.replace("12-27", "12-23"), "the override ends before it begins"),
        (ROTA + OVERRIDE.replace("+01:00", ""), "from and until need an offset"),
        ('[escalation.working_hours]\ndays = ["monday"]', "“monday”: the days are mon, tue"),
        ("[escalation.working_hours]\nfrom = 18:00:00", "ends before it begins"),
        (HOOK.replace("summary", "sumary"), "oncall: there is no {{sumary}}"),
        (HOOK.replace('"}', ""), "oncall is not JSON once it is filled in"),
    ],
)
def test_each_fault_is_named(content: str, says: str) -> None:
    with pytest.raises(FileError) as raised:
        escalation(content)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
