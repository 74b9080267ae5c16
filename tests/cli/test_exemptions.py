"""``sgwatch exemptions``, as it is called, on a real Redis."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.alerts.life import Make
from bot.alerts.outcome import Fate
from bot.cli.exemption_file import load_exemptions, written
from bot.cli.main import app
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from bot.store.link import Link
from bot.store.store import Store
from tests.builders import ALICE, NOON, ROSA
from tests.store.events import an_outcome

SCOPE = Scope(principals=("arn:aws:iam::123456789012:role/ci",), accounts=("123456789012",))
Run = Callable[..., Result]


@pytest.fixture
def run(link: Link, redis_url: str, store: Store) -> Run:
    now = store.attention.now()
    ends = now + timedelta(days=7)
    made = Exemption("EX-1", SCOPE, "CHG-1 \x1b[31mrollout", "U0ROSA", now, ends)
    store.exemptions.decide("EX-1", Make(made), ROSA, now, ExemptionPolicy())
    hidden = replace(an_outcome("event-h", Fate.HIDDEN), alert="", at=now, hidden_by=("EX-1",))
    store.events.write(hidden)
    env = {"SGWATCH_REDIS_URL": redis_url, "SGWATCH_REDIS_PREFIX": link.keys.prefix}
    return lambda *words: CliRunner().invoke(app, ("exemptions", *words), env=env)


def test_those_in_force_are_listed(run: Run) -> None:
    told = run("list")
    assert told.exit_code == 0
    assert "EX-1  until " in told.output
    assert "hid 1 change" in told.output
    assert "principal=role/ci account=123456789012" in told.output
    assert "\x1b" not in told.output
    assert json.loads(run("list", "--json").output)["hid"] == 1


def test_one_is_ended_and_its_life_shown(run: Run) -> None:
    assert run("end", "ex-1", "--because", "it is done", "--by", "Rosa").exit_code == 0
    assert run("list").output == "No exemption is in force.\n"
    assert "EX-1" in run("list", "--ended").output
    shown = run("show", "EX-1").output
    assert "made by U0ROSA" in shown
    assert "ended by Rosa: “it is done”" in shown
    assert "event-h  AuthorizeSecurityGroupIngress sg-0a1b" in shown
    found = json.loads(run("show", "EX-1", "--json").output)
    assert found["hidden"] == ["event-h"]
    assert found["decided"][-1]["by"]["policy"] == "the command line"


def test_some_are_looked_for(run: Run) -> None:
    assert "EX-1" in run("list", "principal=role/ci", "rollout").output
    assert run("list", "principal=role/web").output == "No such exemption is in force.\n"
    wrong = run("list", "grup=sg-1")
    assert (wrong.exit_code, "did you mean group?" in wrong.output) == (2, True)


def test_what_was_refused_is_told(run: Run, store: Store) -> None:
    assert run("refused").output == "Nobody was refused to make one.\n"
    [held] = store.exemptions.current()
    own, now = Make(held, ALICE.principals), store.attention.now()
    store.exemptions.decide("EX-2", own, ALICE, now, ExemptionPolicy())
    told = run("refused").output
    assert "Alice Moreau: This would exempt your own changes" in told
    assert "    principal=role/ci account=123456789012" in told
    assert json.loads(run("refused", "--json").output)["wanted"] == "make"
    run("extend", "EX-1", "--for", "1h", "--because", "shorter", "--by", "Rosa")
    assert "Rosa was refused to extend it: EX-1 is in force until" in run("show", "EX-1").output


def test_one_is_extended(run: Run, store: Store) -> None:
    [began] = store.exemptions.current()
    told = run("extend", "ex-1", "--for", "30d", "--because", "takes longer", "--by", "Rosa")
    assert told.output.startswith("EX-1 is extended until ")
    [longer] = store.exemptions.current()
    assert longer.expires_at - began.expires_at > timedelta(days=22)
    assert "extended by Rosa, until " in run("show", "EX-1").output


def test_one_is_edited_and_what_differs_is_told_first(run: Run, store: Store) -> None:
    words = ("edit", "EX-1", "--scope", "principal=role/ci account=123456789012 ports=443")
    why = ("--because", "too wide", "--by", "Rosa")
    told = run(*words, *why, "--dry-run").output
    assert "scope: principal=role/ci account=123456789012 → principal=role/ci" in told
    assert "there was no alert by role/ci to try it on" in told
    assert {e.version for e in store.exemptions.current()} == {1}
    told = run(*words, "--allow-world", "--for", "2d", *why).output
    assert "EX-1 is edited: it is version 2 now." in told
    [edited] = store.exemptions.current()
    assert (edited.version, edited.allow_world) == (2, True)
    shown = run("show", "EX-1").output
    assert "edited by Rosa: “too wide”\n    scope: " in shown
    assert "    opens to the world: never hidden → hidden too" in shown


def test_what_is_exported_can_be_read(run: Run, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "exemptions.toml"
    file.write_text(run("export").output)
    [read], [stored] = load_exemptions(file), store.exemptions.current()
    assert read == stored


def test_hostile_text_survives_a_file(tmp_path: Path) -> None:
    nasty = "a \"quote\", \\ \x7f\x00\n[[exemptions]]\nid = '☃ 🔥'"
    exemption = Exemption("EX-1", SCOPE, nasty, nasty, NOON, NOON, allow_world=True)
    file = tmp_path / "exemptions.toml"
    file.write_text(written([exemption, replace(exemption, id="EX-2")]), encoding="utf-8")
    read = load_exemptions(file)
    assert [replace(one, created_at=NOON, id="EX-1") for one in read] == [exemption] * 2


def test_hostile_text_breaks_no_line(run: Run, store: Store) -> None:
    [held] = store.exemptions.current()
    nasty = replace(held, id="EX-2", owner="x\n\x1b[31mEX-3  for ever", reason="why\nnot")
    store.exemptions.decide("EX-2", Make(nasty), ROSA, held.created_at, ExemptionPolicy())
    for words in (("list",), ("show", "EX-2")):
        told = run(*words).output
        assert "\x1b" not in told
        assert not any(line.startswith("EX-3") for line in told.splitlines())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(("show", "EX-9"), 1, "There is no exemption EX-9.", id="none"),
        pytest.param(
            ("end", "EX-9", "--because", "gone", "--by", "Rosa"), 1, "no exemption", id="end none"
        ),
        pytest.param(
            ("end", "EX-1", "--because", "ok", "--by", "Rosa"), 1, "in six months", id="no reason"
        ),
        pytest.param(
            ("edit", "EX-1", "--scope", "grup=sg-1", "--because", "more", "--by", "Rosa"),
            2,
            "did you mean group?",
            id="a typo",
        ),
        pytest.param(
            ("edit", "EX-1", "--because", "more", "--by", "Rosa"), 1, "all that already", id="same"
        ),
        pytest.param(("end", "EX-1"), 2, "--because", id="nothing said"),
        pytest.param(
            ("extend", "EX-1", "--for", "3m", "--because", "more", "--by", "Rosa"),
            2,
            "write how long",
            id="no time",
        ),
        pytest.param(
            ("extend", "EX-1", "--for", "91d", "--because", "more", "--by", "Rosa"),
            1,
            "longest allowed is 90d",
            id="too long",
        ),
    ],
)
def test_what_is_refused_says_why(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    told = run(*words)
    assert told.exit_code == code
    assert said in told.output
