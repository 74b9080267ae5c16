"""Settings and policy: what is wrong is named, with what to do; the examples load."""

import re
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.alerts.aside import DigestPolicy, Every, Instead
from bot.alerts.asking import AskPolicy
from bot.alerts.people import Right
from bot.alerts.storm import StormPolicy
from bot.alerts.terms import Automatic, ContainmentPolicy
from bot.changes.severity import Severity, SeverityPolicy
from bot.policy import load_policy, read_policy
from bot.settings import Settings, SettingsError, load_settings
from bot.tables import FileError

ROOT = Path(__file__).parents[2]
GOOD = {
    "redis_url": "redis://localhost:6379/0",
    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    "dead_letter_queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
    "slack_bot_token": "xoxb-1",
    "slack_app_token": "xapp-1",
    "channel": "C0ALERTS",
}


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SGWATCH_{name.upper()}", raising=False)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_missing_is_named_with_its_meaning(name: str) -> None:
    given = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(SettingsError, match=rf"^SGWATCH_{name.upper()} is not set\. Set it: "):
        load_settings(**given)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("redis_url", "localhost:6379", "must begin with redis://", id="no scheme"),
        pytest.param("slack_bot_token", "xapp-1", "must begin with xoxb-", id="tokens swapped"),
        pytest.param("slack_app_token", "xoxb-1", "must begin with xapp-", id="tokens swapped too"),
        pytest.param("channel", "#alerts", "channel where alerts are shown", id="a channel's name"),
        pytest.param("containment", "maybe", "'off', 'ask' or 'on'", id="an unknown mode"),
        pytest.param("contain_role", "sgwatch", "must be a role's ARN", id="a role's name"),
        pytest.param("workers", "0", "greater than or equal to 1", id="no worker"),
        pytest.param("queue_url", "my-queue", "URL of the SQS queue", id="a queue's name"),
        pytest.param("regions", "eu-west-1, Ireland", "Ireland is no region", id="no region"),
        pytest.param("reconcile_minutes", "61", "less than or equal to 60", id="too seldom"),
        pytest.param("redis_prefix", "sgwatch", "a hash tag in braces", id="no hash tag"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**(GOOD | {name: value}))
    assert str(caught.value).startswith(f"SGWATCH_{name.upper()} is wrong: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mode", ["ask", "on"])
def test_reverting_needs_a_role_of_its_own(mode: str) -> None:
    says = rf"^SGWATCH_CONTAIN_ROLE is not set: SGWATCH_CONTAINMENT={mode} needs"
    with pytest.raises(SettingsError, match=says):
        load_settings(**(GOOD | {"containment": mode}))


def test_a_dry_run_needs_no_role() -> None:
    settings = load_settings(**(GOOD | {"containment": "on", "containment_dry_run": "on"}))
    assert not settings.changes_aws


def test_over_http_a_signing_secret_takes_the_app_tokens_place() -> None:
    over_http = {k: v for k, v in GOOD.items() if k != "slack_app_token"} | {
        "slack_address": "127.0.0.1:3000"
    }
    for secret in ({}, {"slack_signing_secret": " "}):
        with pytest.raises(SettingsError, match=r"^SGWATCH_SLACK_SIGNING_SECRET is not set\."):
            load_settings(**over_http, **secret)
    assert load_settings(**over_http, slack_signing_secret="s").slack_app_token is None


def test_no_secret_is_shown_in_an_error_or_in_print() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(**(GOOD | {"slack_bot_token": "hunter2"}))
    assert "hunter2" not in str(caught.value)
    secrets = GOOD | {"slack_bot_token": "xoxb-hunter2", "redis_url": "redis://:hunter2@localhost"}
    assert "hunter2" not in repr(load_settings(**secrets))


def test_the_example_lists_every_setting_and_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / ".env.example").read_text()
    listed = dict(re.findall(r"^#?(SGWATCH_[A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert listed.keys() == {f"SGWATCH_{name.upper()}" for name in Settings.model_fields}
    for name, value in listed.items():
        if value:
            monkeypatch.setenv(name, value)
    assert load_settings().redis_prefix == "{sgwatch}"


def test_the_example_policy_loads() -> None:
    policy = load_policy(ROOT / "policy.example.toml", "C0ALERTS")
    assert policy.rights.responders == ("S0123ONCALL",)
    assert policy.rights.principals == {"U0123ALICE": ("arn:aws:iam::123456789012:user/alice",)}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("rights = [", "p.toml is not TOML", id="no TOML"),
        pytest.param("[right]", "p.toml, right: there is no such setting", id="a misspelt table"),
        pytest.param(
            "[rights]\nresponders = ['@oncall']",
            "rights.responders.#1: must be a Slack id",
            id="a name",
        ),
        pytest.param("[people]\nalice = []", "people.alice: must be a Slack id", id="no Slack id"),
        pytest.param("[severity]\nwrold = 'low'", "“wrold”: did you mean world?", id="a situation"),
        pytest.param(
            "[severity]\nworld = 'bad'",
            "severity.world: must be low, medium, high or critical",
            id="a severity",
        ),
        pytest.param(
            "[grouping]\nidle_minutes = 0", "grouping.idle_minutes: ", id="no time at all"
        ),
        pytest.param(
            "[ask]\nseverities = ['grave']",
            "ask.severities.#1: must be low, medium, high or critical",
            id="asking of no severity",
        ),
        pytest.param(
            "[ask]\nclose_on_yes = ['grave']",
            "ask.close_on_yes.#1: must be low, medium, high or critical",
            id="closing of no severity",
        ),
        pytest.param("[ask]\nclose_on_yes = 'low'", "ask.close_on_yes: ", id="no list"),
        pytest.param("[storm]\nalerts = 1", "storm.alerts: ", id="a storm of one alert"),
        pytest.param(
            "[[containment.rules]]\nactions = ['revret']\nask = 'admin'",
            "containment.rules.#1.actions.#1: “revret”: did you mean revert?",
            id="a misspelt action",
        ),
        pytest.param(
            "[[containment.rules]]\nask = 'viewer'",
            "containment.rules.#1.ask: must be responder, approver or admin",
            id="a viewer asks for containment",
        ),
        pytest.param(
            "[[containment.rules]]\naccounts = ['prod']\ntwo_people = true",
            "containment.rules.#1.accounts.#1: “prod”: an account is written as its 12 digits",
            id="an account's name",
        ),
        pytest.param(
            "[[containment.rules]]\nenvironments = ['prod']",
            "containment.rules.#1: it changes nothing: give it ask, approve or two_people",
            id="a rule that says nothing",
        ),
        pytest.param(
            "[containment.automatic]\ndetections = ['d-1']",
            "containment.automatic: name the accounts",
            id="reverting by itself everywhere",
        ),
        pytest.param(
            "[containment]\nexpires_minutes = 0", "containment.expires_minutes: ", id="no time"
        ),
    ],
)
def test_a_wrong_policy_names_the_place(content: str, says: str) -> None:
    with pytest.raises(FileError) as caught:
        read_policy(content.encode(), "p.toml", "C0ALERTS")
    assert says in str(caught.value)


def test_the_policy_says_who_may_have_aws_changed() -> None:
    text = """
    [containment]
    expires_minutes = 15
    [[containment.rules]]
    actions = ["revert"]
    environments = ["prod"]
    severities = ["critical"]
    ask = "responder"
    approve = "admin"
    two_people = true
    [containment.automatic]
    detections = ["d-1"]
    accounts = ["123456789012"]
    """
    policy = read_policy(text.encode(), "p.toml", "C0ALERTS").containment
    [rule] = policy.rules
    assert (rule.approve, rule.two, policy.lasting) == (Right.ADMIN, True, timedelta(minutes=15))
    assert policy.automatic == Automatic(frozenset({"d-1"}), frozenset({"123456789012"}), 3)
    example = read_policy((ROOT / "policy.example.toml").read_bytes(), "p", "C0").containment
    assert replace(example, version="") == ContainmentPolicy()


def test_a_policy_that_cannot_be_read_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="check SGWATCH_POLICY"):
        load_policy(tmp_path / "none.toml", "C0ALERTS")


def test_the_policy_has_a_version_that_changes_with_it() -> None:
    one, two = (read_policy(text, "p", "C0").rights.version for text in (b"", b"[rights]"))
    assert one != two


def test_a_policy_changes_the_severity_that_it_names() -> None:
    policy = read_policy(b"[severity]\nworld_web = 'low'", "p", "C0")
    assert policy.severity == SeverityPolicy(world_web=Severity.LOW)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", AskPolicy(), id="nobody is asked"),
        pytest.param(
            "severities = ['high', 'critical']",
            AskPolicy((Severity.HIGH, Severity.CRITICAL)),
            id="of what is grave",
        ),
        pytest.param("close_on_yes = ['low']", AskPolicy((), (Severity.LOW,)), id="of low ones"),
        pytest.param("close_on_yes = true", AskPolicy((), tuple(Severity)), id="of all"),
        pytest.param("close_on_yes = false", AskPolicy(), id="of none"),
    ],
)
def test_a_policy_says_who_is_asked(content: str, expected: AskPolicy) -> None:
    people = "[people]\nU1ALICE = ['arn:aws:iam::123456789012:user/alice']"
    policy = read_policy(f"{people}\n[ask]\n{content}".encode(), "p", "C0")
    assert policy.alerts.ask == replace(
        expected, people=policy.rights.principals, version=policy.rights.version
    )


def test_a_policy_says_whether_there_is_a_monthly_review() -> None:
    assert not read_policy(b"", "p", "C0").monthly_review
    assert read_policy(b"[review]\nmonthly = true", "p", "C0").monthly_review


def test_a_policy_says_whether_exemptions_are_reviewed_each_week() -> None:
    assert read_policy(b"", "p", "C0").weekly_review
    assert not read_policy(b"[review]\nweekly = false", "p", "C0").weekly_review


def test_a_policy_says_what_the_digest_tells_alone() -> None:
    assert read_policy(b"", "p", "C0").alerts.digest == DigestPolicy()
    table = b'[digest]\nevery = "day"\n[[digest.instead]]\naccounts = ["123456789012"]'
    policy = DigestPolicy(Every.DAY, (Instead(("123456789012",)),))
    assert read_policy(table, "p", "C0").alerts.digest == policy


@pytest.mark.parametrize(
    ("table", "says"),
    [
        pytest.param('every = "month"', 'must be "day", "week" or "never"', id="how often"),
        pytest.param("[[digest.instead]]", "would be told nowhere", id="told nowhere"),
        pytest.param(
            'every = "day"\n[[digest.instead]]\naccounts = ["prod"]', "12 digits", id="a name"
        ),
    ],
)
def test_a_digest_that_cannot_be_is_refused(table: str, says: str) -> None:
    with pytest.raises(FileError, match=says):
        read_policy(f"[digest]\n{table}".encode(), "p", "C0")


def test_a_policy_says_what_a_storm_is() -> None:
    policy = read_policy(b"[storm]\nalerts = 7\ncalm_minutes = 3", "p", "C0")
    assert policy.alerts.storm == StormPolicy(7, timedelta(minutes=3))
    example = read_policy((ROOT / "policy.example.toml").read_bytes(), "p", "C0")
    assert example.alerts.storm == StormPolicy()


@pytest.mark.parametrize(
    ("file", "row"),
    [
        pytest.param("policy.example.toml", r'^#(\w+) = "(\w+)"$', id="the example"),
        pytest.param("docs/severity.md", r"^\| `(\w+)` \| (\w+) \|", id="the page"),
    ],
)
def test_every_default_severity_is_written_down(file: str, row: str) -> None:
    listed = re.findall(row, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(listed) == {f.name: str(f.default) for f in fields(SeverityPolicy)}
