"""The commands as they are called, on the sandbox's AWS and Redis."""

import json
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner, Result

from bot.aws.deadletters import Look
from bot.aws.sessions import Sessions
from bot.cli import replaying, trace_text
from bot.cli.main import app
from sandbox.aws.world import PROD, REGION
from tests.detections.rules import NEW_TERMS, a_rule_file
from tests.gaps.conftest import READ_ROLE, Gaps
from tests.simulation.edges import eventbridge

ACCOUNTS = f"""
[[accounts]]
id = "{PROD}"
name = "prod"

[[accounts]]
id = "999999999999"
name = "closed"
"""


LIST = ("deadletters", "list", "--json")


class Terminal:
    """A terminal in the world of the test."""

    def __init__(self, gaps: Gaps, redis_url: str, folder: Path) -> None:
        accounts = folder / "accounts.toml"
        accounts.write_text(ACCOUNTS)
        queues = gaps.world.queues
        given = {
            "redis_url": redis_url,
            "redis_prefix": gaps.link.keys.prefix,
            "queue_url": queues.url,
            "dead_letter_queue_url": queues.dead_letter_url,
            "channel": "C0ALERTS",
            "accounts": str(accounts),
            "read_role": READ_ROLE.format(account=PROD),
            "contain_role": "arn:aws:iam::{account}:role/sgwatch-contain",
            "aws_endpoint_url": gaps.server.url,
        }
        self.env = {f"SGWATCH_{name.upper()}": value for name, value in given.items()}

    def run(self, *words: str, **env: str) -> Result:
        return CliRunner().invoke(app, words, env={**gaps_env(), **self.env, **env})


@dataclass
class Passing:
    """Time that passes while somebody waits; the poller works meanwhile."""

    gaps: Gaps
    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.gaps.poll()


def gaps_env() -> dict[str, str | None]:
    return {"COLUMNS": "200", "SGWATCH_DETECTIONS": None}


@pytest.fixture(scope="module")
def session(sessions: Sessions) -> boto3.Session:
    return sessions._base


@pytest.fixture
def terminal(
    gaps: Gaps,
    session: boto3.Session,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    for name, value in gaps.world.environment().items():
        monkeypatch.setenv(name, value)
    for module in (replaying, trace_text):
        monkeypatch.setattr(module, "Look", partial(Look, wait=0))
    monkeypatch.setattr("bot.cli.replaying.time", Passing(gaps))
    # AWS's models are slow to read, and the same for all.
    monkeypatch.setattr("boto3.Session", lambda: session)
    return Terminal(gaps, redis_url, tmp_path)


def bury(gaps: Gaps, body: str) -> None:
    gaps.world.as_root().sqs.send_message(QueueUrl=gaps.world.queues.url, MessageBody=body)
    gaps.poll()


def objects(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_dead_letters_are_listed_shown_and_replayed(gaps: Gaps, terminal: Terminal) -> None:
    assert terminal.run("deadletters", "list").stdout == "there are no dead letters\n"
    bury(gaps, "first \x1b[2J\u202e letter")
    bury(gaps, "second")
    listed = terminal.run("deadletters", "list")
    assert (listed.exit_code, listed.stdout.count("the message is no JSON")) == (0, 2)
    assert listed.stdout.replace("\n", "").isprintable()
    ids = {
        each["body"]: each["id"] for each in objects(terminal.run("deadletters", "list", "--json"))
    }
    (first,) = [ids[body] for body in ids if body.startswith("first")]
    shown = terminal.run("deadletters", "show", first[:10])
    assert "first \\u001b[2J\\u202e letter" in shown.stdout
    assert re.search(r"received +\d+ times", shown.stdout)
    told = objects(terminal.run("deadletters", "replay", ids["second"], "--json"))
    assert told == [{"id": ids["second"], "state": "replayed"}]
    assert [each["id"] for each in objects(terminal.run("deadletters", "list", "--json"))] == [
        first
    ]


def test_one_page_says_that_there_are_more(gaps: Gaps, terminal: Terminal) -> None:
    for number in range(3):
        bury(gaps, f"letter {number}")
    listed = terminal.run("deadletters", "list", "--limit", "2")
    assert listed.stdout.count("letter ") == 2
    assert "there are about 3: see more with --limit" in listed.stderr
    assert terminal.run("deadletters", "list").stdout.count("letter ") == 3


def test_waiting_tells_what_became_of_each(gaps: Gaps, terminal: Terminal) -> None:
    (event_id,) = gaps.history(1)
    body = eventbridge(gaps.server.trail.records[-1])
    gaps.world.as_root().sqs.send_message(
        QueueUrl=gaps.world.queues.dead_letter_url, MessageBody=body
    )
    replayed = terminal.run("deadletters", "replay", "--all", "--wait", "5")
    assert replayed.exit_code == 0
    assert re.search(rf"read: {event_id} alerted \(SGW-", replayed.stdout)


def test_waiting_tells_what_is_dead_again(gaps: Gaps, terminal: Terminal) -> None:
    bury(gaps, "poison")
    replayed = terminal.run("deadletters", "replay", "--all", "--wait", "1")
    assert replayed.exit_code == 1
    (again,) = objects(terminal.run("deadletters", "list", "--json"))
    assert f"dead again as {again['id'][:8]}: the message is no JSON" in replayed.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param("deadletters replay", 2, "say --all", id="replay nothing"),
        pytest.param("deadletters show zz", 1, "no dead letter begins with zz", id="no such one"),
        pytest.param("backfill", 2, "--since 2h", id="no time"),
        pytest.param("backfill --since soon", 2, "neither a span", id="no such time"),
        pytest.param("backfill --since 91d", 2, "90 days", id="longer than AWS keeps"),
        pytest.param("backfill --since 1h --until 2h", 2, "nothing between", id="the wrong way"),
        pytest.param("backfill --since 1h --account x", 2, "no account is named x", id="account"),
        pytest.param("backfill --resume", 2, "nothing was interrupted", id="nothing to resume"),
        pytest.param("backfill --learn 7d", 2, "new_terms", id="nobody learns"),
    ],
)
def test_wrong_usage_says_what_to_do(terminal: Terminal, words: str, code: int, says: str) -> None:
    result = terminal.run(*words.split())
    assert (result.exit_code, says in result.stderr) == (code, True), result.output


def test_what_is_missing_in_the_settings_is_named(terminal: Terminal) -> None:
    result = terminal.run("deadletters", "list", SGWATCH_QUEUE_URL="nowhere")
    assert result.exit_code == 2
    assert "SGWATCH_QUEUE_URL is wrong" in result.stderr
    assert "SLACK" not in result.stderr


def test_an_account_that_cannot_be_entered_is_told_and_the_others_are_read(
    gaps: Gaps, terminal: Terminal
) -> None:
    ids = gaps.history(2)
    gaps.history(1, eventName="PutObject")
    result = terminal.run("backfill", "--since", "1h", "--region", REGION)
    assert result.exit_code == 1
    told = f"prod/{REGION}    3 read, 0 known, 2 new (2 alerted), 1 passed over"
    assert told in result.stdout
    assert "NOT READ TO THE END: could not enter account 999999999999" in result.stdout
    assert gaps.store.events.find(ids[0]) is not None
    again = terminal.run("backfill", "--since", "1h", "--account", "prod", "--json")
    assert again.exit_code == 0
    (here, home) = json.loads(again.stdout)["places"]
    assert (here["region"], here["known"], here["new"]) == (REGION, 2, {})
    assert home["region"] == "us-east-1"


def test_what_was_interrupted_is_resumed_once(gaps: Gaps, terminal: Terminal) -> None:
    gaps.history(2)
    gaps.store.stretches.begin("backfill", [gaps.stretch()])
    resumed = terminal.run("backfill", "--resume")
    assert (resumed.exit_code, "2 new (2 alerted)" in resumed.stdout) == (0, True)
    assert terminal.run("backfill", "--resume").exit_code == 2


def test_only_the_events_named_are_asked_for(gaps: Gaps, terminal: Terminal) -> None:
    gaps.history(1)
    named = gaps.history(1, eventName="PutObject")
    words = ("backfill", "--since", "1h", "--account", "prod", "--region", REGION)
    result = terminal.run(*words, "--events", "PutObject")
    assert "1 new (1 unmatched)" in result.stdout
    assert gaps.store.events.find(named[0]) is not None


def test_a_rule_that_was_shown_its_whole_window_knows_what_is_usual(
    gaps: Gaps, terminal: Terminal, tmp_path: Path
) -> None:
    rule = tmp_path / "new.toml"
    text = a_rule_file('type = "query"', 'type = "new_terms"', NEW_TERMS)
    rule.write_text(text.replace('"A"', '"AuthorizeSecurityGroupIngress"'))
    gaps.history(1)
    (tmp_path / "accounts.toml").write_text("")
    one = {"SGWATCH_DETECTIONS": str(rule)}
    short = terminal.run("backfill", "--learn", "1d", **one)
    assert "learns on: not all was read" in short.stdout, short.output
    whole = terminal.run("backfill", "--learn", "90d", **one)
    assert "knows what is usual" in whole.stdout, whole.output
    assert gaps.store.events.counts() == {}


def test_a_trace_is_told_to_people_and_programs(gaps: Gaps, terminal: Terminal) -> None:
    (event_id,) = gaps.history(1)
    unknown = terminal.run("trace", event_id)
    assert (unknown.exit_code, "unknown" in unknown.stdout) == (1, True)
    gaps.read()
    known = terminal.run("trace", event_id)
    assert (known.exit_code, "in prod/eu-west-1" in known.stdout) == (0, True)
    told = json.loads(terminal.run("trace", event_id, "--json").stdout)
    assert (told["fate"], told["via"]) == ("alerted", "backfill")


def test_a_trace_finds_it_among_the_dead_letters(gaps: Gaps, terminal: Terminal) -> None:
    bury(gaps, "no json, but event-42")
    result = terminal.run("trace", "event-42")
    assert result.exit_code == 1
    assert "sgwatch deadletters replay" in result.stdout
