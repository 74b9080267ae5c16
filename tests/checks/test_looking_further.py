"""``sgwatch doctor`` on real parts: what can be amiss with Slack, roles, files and workers."""

from pathlib import Path

import pytest

from bot.checks.check import Status
from bot.checks.run import SUBJECTS, examine
from bot.detections.loader import load
from bot.settings_given import settings_as_given
from sandbox.slack.people import ONCALL
from tests.checks.amiss import (
    NOWHERE,
    Amiss,
    assert_told,
    failing,
    happened,
    late,
    outside,
    scopes,
    setting,
    slack_fails,
    unseen,
)
from tests.checks.conftest import PATIENT, Surroundings, named

OK, WARN, FAIL = Status


@pytest.mark.parametrize(
    ("amiss", "name", "status", "said", "mend"),
    [
        pytest.param(
            setting(slack_bot_token="xoxb-of-another-app"),
            "slack",
            FAIL,
            "invalid_auth",
            "SGWATCH_SLACK_BOT_TOKEN: copy it again",
            id="another app's token",
        ),
        pytest.param(
            slack_fails, "slack", FAIL, "Slack does not answer", "later", id="Slack is down"
        ),
        pytest.param(
            setting(slack_api_url=f"{NOWHERE}/api/"),
            "slack",
            FAIL,
            "does not answer",
            "open the way",
            id="Slack is not there",
        ),
        pytest.param(
            scopes("usergroups:read", "users:read"),
            "slack scopes",
            FAIL,
            "users:read (for who presses",
            "add users:read, usergroups:read",
            id="scopes are missing",
        ),
        pytest.param(
            setting(channel="C0NOWHERE"),
            "slack channel",
            FAIL,
            "channel_not_found",
            "SGWATCH_CHANNEL",
            id="no such channel",
        ),
        pytest.param(
            outside,
            "slack channel",
            FAIL,
            "not_in_channel",
            "/invite",
            id="the app is not in the channel",
        ),
        pytest.param(
            scopes("channels:history"),
            "slack channel",
            FAIL,
            "missing_scope",
            "channels:history",
            id="the channel may not be read",
        ),
        pytest.param(
            setting(slack_app_token="xapp-old"),
            "slack sockets",
            FAIL,
            "refuses the app's token: invalid_auth",
            "SGWATCH_SLACK_APP_TOKEN",
            id="a token for sockets that is not ours",
        ),
        pytest.param(
            late(2),
            "attention",
            WARN,
            "alert:SGW-LATE0001 is 2 min late",
            "run a worker",
            id="workers lag",
        ),
        pytest.param(
            late(200),
            "attention",
            FAIL,
            "1 due; alert:SGW-LATE0001 is 3 h 20 min late",
            "run a worker",
            id="no worker runs",
        ),
        pytest.param(
            unseen,
            "unseen alerts",
            FAIL,
            "Slack says is_archived",
            "Slack",
            id="an alert that cannot be shown",
        ),
        pytest.param(
            failing,
            "keeps failing",
            WARN,
            "AWS denies ec2:Describe",
            "log",
            id="what operators are told",
        ),
        pytest.param(
            happened,
            "has happened",
            WARN,
            "was deleted in Slack (1 time, last 0 min ago)",
            "nothing is lost",
            id="what operators were told has happened",
        ),
        pytest.param(
            setting(aws_endpoint_url=NOWHERE),
            "read role",
            FAIL,
            "could not enter account 123456789012",
            "trust policy",
            id="a role cannot be assumed",
        ),
        pytest.param(
            setting(read_role=""),
            "read role",
            WARN,
            "our own credentials",
            "SGWATCH_READ_ROLE",
            id="no role to read with",
        ),
        pytest.param(
            setting(accounts="/nowhere/accounts.toml"),
            "accounts",
            FAIL,
            "cannot be read",
            "mend the file",
            id="no such accounts file",
        ),
        pytest.param(
            setting(policy="/nowhere/policy.toml"),
            "policy",
            FAIL,
            "cannot be read",
            "mend the file",
            id="no such policy file",
        ),
        pytest.param(
            setting(detections="/nowhere"),
            "detections",
            FAIL,
            "there is no /nowhere",
            "SGWATCH_DETECTIONS",
            id="no such rule file",
        ),
    ],
)
def test_what_is_amiss_with_the_rest_is_named_with_its_mend(
    around: Surroundings, amiss: Amiss, name: str, status: Status, said: str, mend: str
) -> None:
    assert_told(around, amiss, name, status, said, mend)


def test_roles_that_may_not_be_assumed_are_told(
    around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    around.root.iam.create_user(UserName="nobody")
    key = around.root.iam.create_access_key(UserName="nobody")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    around.undo.append(lambda: around.aws.enforce_policies(on=False))
    around.aws.enforce_policies()
    told = named(around.look("containment"), "containment", FAIL)
    assert told.count("no permission for sts:AssumeRole") == 2
    assert "could not enter account 210987654321" in told


@pytest.mark.parametrize("mode", ["ask", "on"])
def test_the_doctor_tells_the_mode_of_containment(around: Surroundings, mode: str) -> None:
    checks = around.look("containment", containment=mode)
    assert f"{mode}: " in named(checks, "containment", OK)


def test_the_doctor_warns_of_a_dry_run(around: Surroundings) -> None:
    checks = around.look("containment", containment_dry_run="on", contain_role="")
    assert "no call that changes AWS is made" in named(checks, "containment", WARN)


def test_containment_that_is_off_is_well(around: Surroundings) -> None:
    checks = around.look("containment", containment="off", contain_role="")
    assert "off" in named(checks, "containment", OK)


def test_where_nobody_may_approve_the_doctor_warns(around: Surroundings, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('[rights]\nresponders = ["U0ROSA"]\n', encoding="utf-8")
    told = named(around.look("policy", policy=str(file)), "policy", WARN)
    assert "nobody may approve what takes two people" in told
    assert not [c for c in around.look("policy", policy=str(file), containment="off") if c.mend]


def test_without_a_policy_nobody_may_decide(around: Surroundings, tmp_path: Path) -> None:
    values = around.settings()
    del values["policy"]
    checks = examine(settings_as_given(**values), SUBJECTS[:1], limit=PATIENT)
    assert "nobody may decide" in named(checks, "policy", WARN)
    (tmp_path / "policy.toml").write_text("[rights]\n", encoding="utf-8")
    checks = around.look("policy", policy=str(tmp_path / "policy.toml"))
    assert "nobody the right to decide" in named(checks, "policy", WARN)


@pytest.mark.parametrize(
    ("rule", "status", "said"),
    [
        pytest.param("[rule", FAIL, "invalid: ", id="no TOML"),
        pytest.param(
            '[rule]\nrule_id = "1"\nname = "n"\ntype = "eql"\nlanguage = "eql"\n',
            WARN,
            "type eql",
            id="a type that does not run",
        ),
        pytest.param(
            '[rule]\nrule_id = "1"\nname = "n"\ntype = "query"\nseverity = "low"\n'
            'query = "@timestamp >= now-1d"\n',
            WARN,
            "never holds: now-1d is no date",
            id="a clause that never holds",
        ),
    ],
)
def test_rule_files_that_do_not_run_are_told(
    around: Surroundings, tmp_path: Path, rule: str, status: Status, said: str
) -> None:
    (tmp_path / "mine.toml").write_text(rule, encoding="utf-8")
    told = named(around.look("detections", detections=str(tmp_path)), "detections", status)
    assert "mine.toml" in told
    assert said in told


@pytest.mark.parametrize(
    ("group", "status", "said"),
    [
        pytest.param(ONCALL.id, OK, "2 people", id="a group with people in it"),
        pytest.param("S0GONE", WARN, "no_such_subteam", id="a group that is gone"),
    ],
)
def test_user_groups_of_the_policy_are_looked_for(
    around: Surroundings, tmp_path: Path, group: str, status: Status, said: str
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f'[rights]\nresponders = ["{group}", "U0ROSA"]\n', encoding="utf-8")
    checks = around.look("slack groups", policy=str(path))
    assert f"{group}: " in named(checks, "slack groups", status)
    assert said in named(checks, "slack groups", status)


def test_doctor_says_that_what_a_broken_file_held_may_still_run(
    around: Surroundings, tmp_path: Path
) -> None:
    (tmp_path / "mine.toml").write_text("[rule", encoding="utf-8")
    (told,) = (
        check
        for check in around.look("detections", detections=str(tmp_path))
        if check.status is FAIL
    )
    assert told.mend.endswith("a poller that could read it runs what it held")


def test_all_that_is_wrong_with_a_rule_file_is_in_the_line_but_no_drawing_of_it(
    around: Surroundings, tmp_path: Path
) -> None:
    start = '[rule]\nrule_id = "{0}"\nname = "n"\ntype = "query"\n'
    query = start.format(1) + 'severity = "low"\nquery = "a: )"\n'
    (tmp_path / "1-query.toml").write_text(query, encoding="utf-8")
    two = start.format(2) + 'query = "a: b"\nrisk_score = "high"\n'
    (tmp_path / "2-two.toml").write_text(two, encoding="utf-8")
    checks = around.look("detections", detections=str(tmp_path))
    query_told, two_told = (check.said for check in checks if check.status is FAIL)
    assert query_told.endswith("query, line 1, column 4: expected a value, found ')'")
    assert "rule.severity: Field required; " in two_told
    assert "rule.risk_score: " in two_told


def test_a_rule_that_learns_is_told_with_its_end(around: Surroundings, tmp_path: Path) -> None:
    rule = """[rule]
rule_id = "00000000-0000-0000-0000-000000000001"
name = "A new hand"
description = "d"
risk_score = 21
severity = "low"
type = "new_terms"
language = "kuery"
query = "event.provider : ec2.amazonaws.com"
[rule.new_terms]
field = "new_terms_fields"
value = ["user.name"]
[[rule.new_terms.history_window_start]]
field = "history_window_start"
value = "now-14d"
"""
    (tmp_path / "mine.toml").write_text(rule, encoding="utf-8")
    around.store.detections.begin(load([tmp_path]).detections)
    told = named(around.look("learning", detections=str(tmp_path)), "learning", OK)
    assert "“A new hand” learns what is usual until 20" in told
