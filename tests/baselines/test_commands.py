"""The commands as they are called, on the sandbox's AWS."""

import json
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.main import app
from bot.settings import Settings
from bot.store.link import Link
from bot.store.store import connect, open_store
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.baselines.conftest import PROD, REGION

READ = "arn:aws:iam::{account}:role/sgwatch-read"
CLOSED = "999999999999"
ACCOUNTS = f"""
[[accounts]]
id = "{PROD}"
name = "prod"

[[accounts]]
id = "{CLOSED}"
name = "closed"
"""
_numbers = count()


class Terminal:
    """A terminal in the world of the test."""

    def __init__(self, server: AwsServer, redis_url: str, folder: Path) -> None:
        accounts = folder / "accounts.toml"
        accounts.write_text(ACCOUNTS)
        self.prefix = f"{{reading-{next(_numbers)}}}"
        given = {
            "redis_url": redis_url,
            "redis_prefix": self.prefix,
            "queue_url": f"{server.url}/queue",
            "dead_letter_queue_url": f"{server.url}/dead",
            "channel": "C0ALERTS",
            "accounts": str(accounts),
            # Without {account}: so every other account is refused.
            "read_role": READ.replace("{account}", PROD),
            "aws_endpoint_url": server.url,
            "regions": "eu-west-1,eu-west-2",
        }
        blank = {f"SGWATCH_{name.upper()}": None for name in Settings.model_fields}
        ours = {f"SGWATCH_{name.upper()}": value for name, value in given.items()}
        self.env = {**blank, **ours, "AWS_DEFAULT_REGION": REGION}
        self.store = open_store(Link(connect(redis_url), self.prefix))

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["baseline", *words], env=self.env)


@pytest.fixture
def terminal(server: AwsServer, root: Actor, redis_url: str, tmp_path: Path) -> Terminal:
    return Terminal(server, redis_url, tmp_path)


def test_refresh_reads_what_it_can_and_tells_what_it_cannot(
    terminal: Terminal, groups: list[str]
) -> None:
    result = terminal.run("refresh")
    assert result.exit_code == 1, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("prod    ")
    assert lines[0].endswith(" groups in 2 regions")
    assert lines[1].startswith(f"closed  NOT READ: could not enter account {CLOSED}")
    assert {t.place.account for t in terminal.store.baselines.troubles()} == {CLOSED}
    shown = terminal.run("show", groups[0])
    assert shown.exit_code == 0, shown.output
    assert f"group     {groups[0]} (app-0)" in shown.stdout
    assert "where     prod/eu-west-1" in shown.stdout
    assert "in tcp 22 ← 10.0.0.0/8" in shown.stdout
    assert "“jump host”" in shown.stdout


def test_refresh_of_one_account_and_region(terminal: Terminal, groups: list[str]) -> None:
    result = terminal.run("refresh", "--account", "prod", "--region", "eu-west-1", "--json")
    assert result.exit_code == 0, result.output
    (account,) = json.loads(result.stdout)["accounts"]
    assert (account["name"], account["regions"], account["failed"]) == ("prod", 1, [])
    assert account["groups"] >= len(groups)
    where = ("--account", "prod", "--region", "eu-west-1")
    (shown,) = json.loads(terminal.run("show", groups[0], *where, "--json").stdout)
    assert (shown["group"], shown["name"]) == (groups[0], "app-0")
    assert [r["description"] for r in shown["rules"] if r["direction"] == "ingress"] == [
        "jump host"
    ]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(("show", "sg-none"), 1, "sg-none was not read", id="a group nobody read"),
        pytest.param(("refresh", "--account", "x"), 2, "no account is named x", id="no account"),
        pytest.param(("refresh", "--region", "moon"), 2, "moon is no region", id="no region"),
        pytest.param(("show", "sg-1", "--account", "x"), 2, "no account", id="nor to show"),
    ],
)
def test_what_cannot_be_done_is_told(
    terminal: Terminal, words: tuple[str, ...], code: int, says: str
) -> None:
    result = terminal.run(*words)
    assert result.exit_code == code
    assert says in result.stderr
