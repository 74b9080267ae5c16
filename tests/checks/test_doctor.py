"""``sgwatch doctor`` as it is called, and what holds whatever is looked at."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.checks import files, queue, redis, slack
from bot.checks.check import Check, Status, fail, ok, warn
from bot.checks.run import HIDDEN, Subject, examine, worst
from bot.cli.main import app
from bot.settings import Settings
from bot.settings_given import settings_as_given
from bot.slack.scopes import APP_SCOPE, BOT_SCOPES
from sandbox.stage import SCOPES
from tests.checks.conftest import PATIENT, Surroundings
from tests.settings.test_settings import GOOD

ROOT = Path(__file__).parents[2]
OK, WARN, FAIL = Status


def the_environment(around: Surroundings, **given: str) -> dict[str, str]:
    return {f"SGWATCH_{k.upper()}": v for k, v in around.settings(**given).items()}


def called(environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    given = ["doctor", "--wait", str(PATIENT), *arguments]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "100", **environment})
    return result.exit_code, result.output


def test_it_ends_well_where_nothing_fails(around: Surroundings) -> None:
    code, said = called(the_environment(around))
    assert code == 0
    assert re.search(r"^ok    redis persistence  an append-only file is kept$", said, re.MULTILINE)
    assert re.search(r"^\d+ ok, \d warn, 0 fail$", said.splitlines()[-1])


def test_it_ends_badly_where_anything_fails_and_says_so_to_programs(around: Surroundings) -> None:
    code, said = called(the_environment(around, channel="C0NOWHERE"), "--json")
    assert code == 1
    told = json.loads(said)
    assert told.keys() == {"checks", "status"}
    assert told["status"] == "fail"
    assert all(check.keys() == {"name", "status", "said", "mend"} for check in told["checks"])
    assert [c["name"] for c in told["checks"] if c["status"] == "fail"] == ["slack channel"]


def test_wrong_usage_is_told_from_what_fails() -> None:
    assert called({}, "--colour")[0] == 2


def test_without_any_setting_all_are_named_at_once(around: Surroundings) -> None:
    code, said = called({}, "--json")
    checks = json.loads(said)["checks"]
    assert code == 1
    missing = [c["said"] for c in checks if c["name"] == "settings" and c["status"] == "fail"]
    assert missing == [f"SGWATCH_{name.upper()} is not set" for name in GOOD]
    unseen = {c["name"] for c in checks if c["said"].startswith("not looked at: SGWATCH_")}
    assert unseen >= {"redis", "queue", "slack", "slack sockets", "attention"}
    assert HIDDEN not in said
    assert {"name": "detections", "status": "ok", "said": "9 loaded", "mend": ""} in checks


def test_a_region_that_is_missing_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    (check,) = look_at(Subject("queue", queue.look), queue_url="http://127.0.0.1:1/q")
    assert check == fail(
        "queue", "AWS_DEFAULT_REGION is not set", "set it to the region of the queue"
    )


def test_settings_that_nobody_reads_are_told() -> None:
    environment = {"SGWATCH_CHANNEL": "C1", "SGWATCH_CHANEL": "C1", "OTHER": "1"}
    told, rest = files.settings(settings_as_given(**GOOD), environment)
    assert told.status is WARN
    assert "SGWATCH_CHANEL is no setting" in told.said
    assert told.mend == "did you mean SGWATCH_CHANNEL?"
    assert rest == ok("settings", "1 set, none wrong")


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        pytest.param({}, [], id="none"),
        pytest.param(
            {"workers": "0", "channel": "#x"}, ["SGWATCH_CHANNEL", "SGWATCH_WORKERS"], id="two"
        ),
        pytest.param({"containment": "on"}, ["SGWATCH_CONTAIN_ROLE"], id="a role is missing"),
        pytest.param(
            {"containment": "on", "channel": "#x"},
            ["SGWATCH_CHANNEL", "SGWATCH_CONTAIN_ROLE"],
            id="what shows only once the rest is right",
        ),
        pytest.param(
            {"containment": "on", "contain_role": "x"},
            ["SGWATCH_CONTAIN_ROLE"],
            id="a wrong role is told once",
        ),
    ],
)
def test_every_problem_with_the_settings_is_told_once(
    around: Surroundings, changed: dict[str, str], problems: list[str]
) -> None:
    given = settings_as_given(**(GOOD | changed))
    assert [problem.split()[0] for problem in given.problems] == problems
    assert given.settings.redis_url.get_secret_value() == GOOD["redis_url"]


def look_at(*subjects: Subject, limit: float = PATIENT, **given: str) -> list[Check]:
    return examine(settings_as_given(**(GOOD | given)), subjects, limit=limit)[1:]


def test_a_check_that_breaks_is_a_line_and_takes_no_other_along() -> None:
    def breaks(_: Settings) -> Iterator[Check]:
        yield ok("one", "was well")
        raise ZeroDivisionError("by nought")

    checks = look_at(Subject("one", breaks), Subject("two", lambda _: [ok("two", "is well")]))
    assert [(c.name, c.status) for c in checks] == [("one", OK), ("one", FAIL), ("two", OK)]
    assert "ZeroDivisionError: by nought" in checks[1].said


def test_a_check_without_an_answer_is_left_behind() -> None:
    forever = Event()

    def hangs(_: Settings) -> Iterator[Check]:
        yield ok("one", "so far")
        forever.wait(20)

    checks = look_at(Subject("one", hangs), limit=0.05)
    forever.set()
    assert [c.said for c in checks] == ["so far", "no answer within 0.05 s"]


def test_secrets_are_shown_nowhere() -> None:
    secret = {"slack_bot_token": "xoxb-open-sesame", "external_id": "ext-sesame"}
    url = "redis://me:p%40ss-sesame@127.0.0.1:1/0"

    def tells(settings: Settings) -> Iterator[Check]:
        said = f"{settings.slack_bot_token.get_secret_value()} p@ss-sesame p%40ss-sesame"
        yield fail("it", said, "ext-sesame and\x1b[31m a line\n")

    given = settings_as_given(**(GOOD | secret | {"redis_url": url}))
    (check,) = examine(given, [Subject("it", tells)], limit=PATIENT)[1:]
    assert "sesame" not in f"{check.said}{check.mend}"
    assert check.said == " ".join([HIDDEN] * 3)
    assert "\x1b" not in check.mend
    assert "\n" not in check.mend


@pytest.mark.parametrize("who", ["me:open-sesame@", ""])
def test_where_redis_is_may_be_shown(who: str) -> None:
    url = f"redis://{who}127.0.0.1:1/0"
    (check,) = look_at(Subject("redis", redis.look), redis_url=url)
    assert check.said.startswith("redis://127.0.0.1:1/0 does not answer: ")


def test_the_worst_counts() -> None:
    checks = [ok("a", ""), warn("b", "", "")]
    assert worst(checks[:1]) is OK
    assert worst(checks) is WARN
    assert worst([*checks, fail("c", "", "")]) is FAIL


@pytest.mark.parametrize(
    ("check", "status"),
    [
        pytest.param(redis.version({"redis_version": "6.0.16"}), FAIL, id="Redis 6.0"),
        pytest.param(redis.version({"redis_version": "6.2.0"}), OK, id="Redis 6.2"),
        pytest.param(
            redis.version({"redis_version": "7.2.4", "valkey_version": "9.1.0"}), OK, id="Valkey"
        ),
        pytest.param(redis.version({}), OK, id="a version that is not told"),
        pytest.param(
            redis.eviction({"maxmemory_policy": "noeviction", "evicted_keys": 3}),
            FAIL,
            id="keys were evicted",
        ),
        pytest.param(redis.memory({"used_memory": 70, "maxmemory": 100}), OK, id="room is left"),
        pytest.param(
            redis.memory({"used_memory": 80, "maxmemory": 100}), WARN, id="little room is left"
        ),
        pytest.param(
            redis.memory({"used_memory": 95, "maxmemory": 100}), FAIL, id="no room is left"
        ),
        pytest.param(redis.latency(0.002), OK, id="near"),
        pytest.param(redis.latency(0.2), WARN, id="far"),
        pytest.param(redis.clock(timedelta(seconds=-2)), OK, id="clocks agree"),
        pytest.param(redis.clock(timedelta(seconds=-9)), WARN, id="our clock is late"),
        pytest.param(redis.clock(timedelta(seconds=9)), WARN, id="our clock is early"),
        pytest.param(queue.redrive({}), WARN, id="no redrive policy"),
        pytest.param(slack.scopes(""), WARN, id="scopes that are not told"),
        pytest.param(
            slack.scopes(", ".join([*BOT_SCOPES, "admin"])), OK, id="more scopes than needed"
        ),
    ],
)
def test_how_bad_it_is(check: Check, status: Status) -> None:
    assert check.status is status
    assert bool(check.mend) is (status is not OK)


@pytest.mark.parametrize(
    ("info", "statuses"),
    [
        pytest.param({"aof_enabled": 1, "aof_last_write_status": "err"}, [FAIL], id="a full disk"),
        pytest.param({"aof_enabled": 1, "rdb_last_bgsave_status": "err"}, [FAIL], id="no snapshot"),
        pytest.param({"aof_enabled": 1, "aof_last_write_status": "ok"}, [OK], id="all is kept"),
    ],
)
def test_what_redis_says_of_its_files(info: dict[str, Any], statuses: list[Status]) -> None:
    assert [check.status for check in redis.persistence(info)] == statuses


def test_dead_letters_that_are_thrown_away_first_are_told() -> None:
    (check,) = queue.retention(
        {"MessageRetentionPeriod": "1209600"}, {"MessageRetentionPeriod": "345600"}
    )
    assert "after 4.0 days" in check.said
    assert list(queue.retention({}, {"MessageRetentionPeriod": "345600"})) == []


def test_the_scopes_are_those_of_the_documentation_and_of_the_sandbox() -> None:
    documented = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    table = documented.partition("| scope |")[2].partition("\n\n")[0]
    named = {
        scope
        for line in table.splitlines()
        for scope in re.findall(r"`([a-z:.]+)`", line.split("|")[1] if "|" in line else "")
    }
    assert named == set(BOT_SCOPES) == SCOPES
    assert f"`{APP_SCOPE}`" in documented
