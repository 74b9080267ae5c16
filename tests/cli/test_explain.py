"""``sgwatch explain``: what it says of records, and how it ends."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.explaining import Json, answers, explained, lines
from tests.records import (
    GROUP,
    a_record,
    authorize,
    create_group,
    failed,
    modify_rules,
    move_instance,
    permission,
    revoke,
)

DOCUMENTED = {
    "event_id",
    "sentence",
    "principal",
    "change",
    "exposure",
    "severity",
    "severity_reasons",
    "detections",
    "not_matched",
    "exempted_by",
    "not_exempted",
    "facts",
    "errors",
}
CONFIGURATION_CHANGE = "6457f6cc-0ac4-422c-91b1-6d33dbf3bb90"
SSH = {
    "direction": "ingress",
    "protocol": "tcp",
    "from_port": 22,
    "to_port": 22,
    "peer": "0.0.0.0/0",
    "description": "for a moment",
    "rule_id": "sgr-00000000000000001",
}
EVERYTHING = SSH | {"protocol": "-1", "from_port": None, "to_port": None, "description": ""}
BY_ID = EVERYTHING | {"protocol": "", "peer": "", "rule_id": "sgr-0123"}


def test_an_opened_port_is_told_whole() -> None:
    (told,) = answers(authorize(permission(22, description="for a moment")))
    assert told.keys() == DOCUMENTED
    assert told["change"] | {"group_id": GROUP, "added": [SSH], "removed": []} == told["change"]
    exposure = {"reach": "world", "direction": "ingress", "ports": ["22/tcp"]}
    assert told["exposure"] | exposure == told["exposure"]
    assert told["severity"] == "critical"
    assert CONFIGURATION_CHANGE in told["detections"]
    assert told["principal"]["id"] == "arn:aws:iam::123456789012:user/alice"
    assert not {missed["id"] for missed in told["not_matched"]} & set(told["detections"])
    assert all(missed["why"] for missed in told["not_matched"])
    assert told["errors"] == told["exempted_by"] == []


@pytest.mark.parametrize(
    ("record", "key", "rules"),
    [
        pytest.param(
            authorize(permission(None, protocol="-1")), "added", [EVERYTHING], id="all traffic"
        ),
        pytest.param(
            authorize(permission(22, to_port=80, description="for a moment")),
            "added",
            [SSH | {"to_port": 80}],
            id="a range of ports",
        ),
        pytest.param(
            revoke(permission(22)),
            "removed",
            [SSH | {"description": "", "rule_id": ""}],
            id="a rule removed",
        ),
        pytest.param(
            a_record(
                "RevokeSecurityGroupIngress",
                requestParameters={
                    "groupId": GROUP,
                    "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-0123"}]},
                },
            ),
            "removed",
            [BY_ID],
            id="a rule removed by its id",
        ),
        pytest.param(
            modify_rules(
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}
            ),
            "modified",
            [SSH | {"direction": "unknown", "description": ""}],
            id="a rule edited",
        ),
        pytest.param(
            failed(authorize(permission(22))),
            "asked",
            [SSH | {"description": "", "rule_id": ""}],
            id="a rule asked for in vain",
        ),
    ],
)
def test_rules_are_told_by_what_became_of_them(record: Json, key: str, rules: list[Any]) -> None:
    (told,) = answers(record)
    assert told["change"][key] == rules
    others = {"added", "removed", "modified", "asked"} - {key}
    assert not any(told["change"][other] for other in others)


def test_what_is_no_change_of_a_group_has_none() -> None:
    (told,) = answers(a_record("CreateVolume"))
    assert told["change"] is told["exposure"] is None
    assert told["severity"] == "low"
    assert told["detections"] == []


def test_a_run_that_puts_default_egress_back_opens_nothing() -> None:
    default = permission(None, protocol="-1")
    run = (
        create_group(eventID="1", eventTime="2026-03-02T12:00:00Z"),
        revoke(default, egress=True, eventID="2", eventTime="2026-03-02T12:00:05Z"),
        authorize(default, egress=True, eventID="3", eventTime="2026-03-02T12:00:10Z"),
    )
    assert [told["exposure"] for told in answers(*run)] == [None, None, None]
    assert [told["exposure"] for told in answers(*reversed(run))] == [None] * 3, "in any order"
    late = run[2] | {"eventTime": "2026-03-02T13:00:00Z"}
    (*_, told) = answers(*run[:2], late)
    assert told["severity"] == "medium", "another run"
    (*_, told) = answers(*run[:2], run[2] | {"userIdentity": {"type": "Root", "arn": "r"}})
    assert told["severity"] == "medium", "somebody else"


def test_what_a_run_opened_later_was_not_open_before() -> None:
    steps = (
        create_group(eventID="1", eventTime="2026-03-02T12:00:00Z"),
        authorize(eventID="2", eventTime="2026-03-02T12:00:09Z"),
        authorize(eventID="3", eventTime="2026-03-02T12:00:05Z"),
    )
    _, *told = answers(*steps)
    assert [each["exposure"] is None for each in told] == [True, False]


def test_a_record_of_the_first_year_is_told() -> None:
    (told,) = answers(authorize(eventTime="0001-01-01T00:00:00Z"))
    assert told["severity"] == "critical"


def test_a_person_sees_sentence_table_reasons_and_detections() -> None:
    result = explained("-", given=json.dumps(authorize(permission(22))))
    assert result.exit_code == 0
    shown = result.stdout
    assert "CRITICAL  alice opened SSH (22/tcp) to the whole internet on" in shown
    assert "+  in tcp 22 ← 0.0.0.0/0" in shown
    assert "EC2 security group configuration change" in shown
    assert "event.provider:rds.amazonaws.com does not hold" in " ".join(shown.split())
    assert "\x1b" not in shown


MOVE = a_record(
    "ModifyInstanceAttribute",
    requestParameters={"instanceId": "i-1", "groupSet": {"items": [{"groupId": GROUP}]}},
)
DRY_RUN = failed(authorize(permission(22)), "Client.DryRunOperation") | {
    "errorMessage": "It would."
}
DENIED = failed(authorize(permission(22))) | {"errorMessage": "You may \x1b[31mnot."}


@pytest.mark.parametrize(
    ("record", "line"),
    [
        pytest.param(
            authorize(permission(22)),
            "Opens     incoming 22/tcp (SSH), open to the internet (world): to 0.0.0.0/0",
            id="to the world",
        ),
        pytest.param(
            authorize(permission(22)),
            "Severity  critical: SSH open to the world",
            id="what was said of the exposure is not said again",
        ),
        pytest.param(
            authorize(permission(0, to_port=65535)),
            "0-65535/tcp (SSH, RDP, WinRM, Telnet, VNC and 15 more), open to the internet",
            id="many services",
        ),
        pytest.param(
            modify_rules(
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}
            ),
            "Opens     incoming or outgoing 22/tcp",
            id="either way",
        ),
        pytest.param(revoke(permission(22)), "Opens     nothing\n", id="tightening"),
        pytest.param(create_group(), "Opens     nothing\n", id="a new group"),
        pytest.param(
            MOVE, "Opens     not known: the record does not tell\n", id="moved into groups"
        ),
        pytest.param(
            authorize() | {"requestParameters": None, "responseElements": None},
            "Opens     not known: the record does not tell\n",
            id="rules that are not told",
        ),
        pytest.param(
            a_record("CreateVolume"),
            "Opens     nothing: it changes no security group\n",
            id="another call, which may well open something else",
        ),
        pytest.param(DENIED, "Opens     nothing\n", id="denied"),
        pytest.param(
            DENIED, "Failed    Client.UnauthorizedOperation: You may [31mnot.", id="why it failed"
        ),
        pytest.param(DRY_RUN, "Dry run   it would have succeeded", id="a dry run did not fail"),
        pytest.param(
            DENIED, "created, EC2 security group configuration change: event.outcome", id="one why"
        ),
    ],
)
def test_a_person_reads(record: Json, line: str) -> None:
    shown = explained("-", given=json.dumps(record)).stdout
    assert line in shown + " ".join(shown.split())


def test_a_long_sentence_goes_on_under_its_beginning_and_no_line_ends_in_blanks() -> None:
    longest = a_record("CreateVolume", requestParameters={"volumeId": "v", "a": "x " * 90})
    shown = explained("-", given=json.dumps(longest)).stdout
    first, second, *_ = shown.splitlines()
    assert first.startswith(" LOW  alice called")
    assert second.startswith(" " * 6 + "x x")
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_colour_is_kept_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = explained("-", given=json.dumps(authorize(permission(22)))).stdout
    assert "\x1b[1;37;41m CRITICAL \x1b[0m" in shown


@pytest.mark.parametrize("content", ["[]", '{"Records": []}', '{"Events": []}'])
def test_a_file_without_records_is_told_as_such(content: str) -> None:
    for options in ((), ("--json",)):
        result = explained("-", *options, given=content)
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "there are no records in it\n"


def test_text_of_a_caller_is_never_markup_nor_a_control() -> None:
    hostile = permission(22, description="[bold red]x[/] \x1b[2J :smile: \u202e")
    shown = explained("-", given=json.dumps(authorize(hostile))).stdout
    assert "[bold red]x[/] [2J :smile:" in shown
    assert "\x1b" not in shown


def test_who_is_unreadable_is_told_between_the_others_and_ends_in_1() -> None:
    good = json.dumps(authorize())
    result = explained("-", "--json", given=f'{good}\n{{"eventName": "x"}}\nno JSON\n{good}\n')
    assert result.exit_code == 1
    told = lines(result)
    assert [bool(each["errors"]) for each in told] == [False, True, True, False]
    assert all(each.keys() == DOCUMENTED for each in told)
    assert told[1]["event_id"] is told[1]["severity"] is None
    assert "UNREADABLE" in explained("-", given="no JSON").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="no file"),
        pytest.param(("no-such-file.json",), id="a file that is not there"),
        pytest.param(("-", "--xml"), id="an unknown option"),
        pytest.param(("-", "--exemptions", "no-such-file.toml"), id="exemptions not there"),
    ],
)
def test_wrong_usage_ends_in_2(arguments: tuple[str, ...]) -> None:
    assert explained(*arguments, given="{}").exit_code == 2


@pytest.mark.parametrize("option", ["--exemptions", "--accounts", "--policy", "--detections"])
def test_the_help_names_what_an_option_takes_as_people_do(option: str) -> None:
    assert re.search(rf"{option} +(FILE|PATH) +\w", explained("--help").stdout)


def test_more_detections_are_asked_and_what_is_none_is_told(tmp_path: Path) -> None:
    rule = """
    [rule]
    rule_id = "d-volumes"
    name = "Volumes"
    description = "x"
    severity = "high"
    risk_score = 73
    type = "query"
    query = 'event.action:CreateVolume'
    """
    (tmp_path / "volumes.toml").write_text(rule)
    (told,) = answers(a_record("CreateVolume"), arguments=("--detections", str(tmp_path)))
    assert told["detections"] == ["d-volumes"]
    assert told["severity"] == "high"
    assert told["severity_reasons"] == ["the detection “Volumes” is high"]
    (tmp_path / "broken.toml").write_text("rule = [")
    result = explained("-", "--detections", str(tmp_path), given="{}")
    assert "broken.toml is invalid: not TOML" in result.stderr


def test_accounts_give_names_and_say_what_is_the_organisations_own(tmp_path: Path) -> None:
    file = tmp_path / "accounts.toml"
    file.write_text(
        "[organisation]\ncidrs = ['203.0.113.0/24']\n"
        "[[accounts]]\nid = '123456789012'\nname = 'prod'\n"
    )
    office = authorize(permission(22, "203.0.113.7/32"))
    (told,) = answers(office)
    assert (told["exposure"]["reach"], told["severity"]) == ("external", "medium")
    (told,) = answers(office, arguments=("--accounts", str(file)))
    assert (told["exposure"]["reach"], told["severity"]) == ("organisation", "low")
    assert "prod (123456789012)" in [fact["text"] for fact in told["facts"]]


def test_the_policy_says_how_bad_it_is(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text("[severity]\nworld_web = 'high'")
    web = authorize(permission(443))
    assert [told["severity"] for told in answers(web)] == ["medium"]
    told = answers(web, arguments=("--policy", str(file)))
    assert [each["severity"] for each in told] == ["high"]
    file.write_text("[severity]\nworld_web = 'bad'")
    result = explained("-", "--policy", str(file), given="{}")
    assert result.exit_code == 2
    assert "severity.world_web: must be low, medium, high or critical" in result.stderr


def test_it_needs_no_settings_and_loads_no_aws_redis_or_slack(tmp_path: Path) -> None:
    program = """
import sys
from typer.testing import CliRunner
from bot.cli.main import app
result = CliRunner().invoke(app, ["explain", sys.argv[1]])
print(result.stdout)
loaded = {"boto3", "botocore", "redis", "slack_bolt", "slack_sdk"} & set(sys.modules)
sys.exit(f"loaded {loaded}" if loaded else result.exit_code)
"""
    file = tmp_path / "record.json"
    file.write_text(json.dumps(authorize()))
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SGWATCH_", "AWS_"))}
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        env=kept,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "alice opened SSH" in done.stdout


def test_a_move_into_a_group_that_the_file_opened_is_told_as_open() -> None:
    opened, moved = authorize(permission(22)), move_instance(eventTime="2026-03-02T13:00:00Z")
    told = {each["change"]["action"]: each for each in answers(moved, opened)}[
        "ModifyInstanceAttribute"
    ]
    assert told["severity"] == "high"
    assert told["severity_reasons"][0] == "moved into a group with SSH open to the world"
    (alone,) = answers(moved)
    assert alone["severity"] == "low"
