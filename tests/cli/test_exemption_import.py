"""``sgwatch exemptions import``, as it is called, on a real Redis."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.alerts.life import Deed, Make
from bot.cli.main import app
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from bot.store.link import Link
from bot.store.store import Store
from tests.builders import ROSA

Run = Callable[..., Result]
BY = ("--by", "Rosa")


@pytest.fixture
def run(link: Link, redis_url: str) -> Run:
    env = {"SGWATCH_REDIS_URL": redis_url, "SGWATCH_REDIS_PREFIX": link.keys.prefix}
    return lambda *words: CliRunner().invoke(app, ("exemptions", *map(str, words)), env=env)


@pytest.fixture
def file(tmp_path: Path, store: Store) -> Path:
    path = tmp_path / "web.toml"
    path.write_text(table("web", store) + table("api", store))
    return path


def table(name: str, store: Store, ports: str = "443", days: int = 30) -> str:
    ends = (store.attention.now() + timedelta(days=days)).isoformat()
    head = 'name = "team-web"\n' if name == "web" else ""
    return (
        f'{head}\n[[exemptions]]\nid = "{name}"\nreason = "CHG-1"\nowner = "Team"\n'
        f'expires = {ends}\nscope = "principal=role/ci account=123456789012 ports={ports}"\n'
    )


def ids(store: Store) -> set[str]:
    now = store.attention.now()
    return {e.id for e in store.exemptions.current() if e.expires_at > now}


def test_a_dry_run_tells_and_changes_nothing(run: Run, file: Path, store: Store) -> None:
    told = run("import", file, *BY, "--dry-run")
    assert told.exit_code == 0
    assert "+ web until " in told.output
    assert "ports=443/tcp" in told.output
    assert "Nothing is changed" in told.output
    assert ids(store) == set()


def test_what_a_file_says_is_in_force_and_what_it_no_longer_says_ends(
    run: Run, file: Path, store: Store
) -> None:
    assert run("import", file, *BY).exit_code == 0
    assert ids(store) == {"web", "api"}
    assert "Nothing differs: 2 exemptions" in run("import", file, *BY).output
    assert {e.version for e in store.exemptions.current()} == {1}

    file.write_text(table("web", store, ports="443,8443"))
    told = run("import", file, *BY, "--because", "commit 1a2b")
    assert "~ web\n    scope: " in told.output
    assert "- api ends now: it is no longer in the file" in told.output
    assert ids(store) == {"web"}
    ended = store.exemptions.lived("api")[-1]
    assert (ended.did, ended.reason, ended.by.name) == (
        Deed.ENDED,
        "taken out of the file team-web: commit 1a2b",
        "Rosa",
    )
    shown = run("show", "web").output
    assert "managed by the file team-web" in shown
    assert "edited by Rosa: “as in the file team-web: commit 1a2b”" in shown
    assert "ports=443/tcp → " in shown


def test_what_a_file_manages_is_not_ended_otherwise(run: Run, file: Path, store: Store) -> None:
    run("import", file, *BY)
    told = run("end", "web", "--because", "no more", *BY)
    assert told.exit_code == 1
    assert "managed by the file “team-web”: change it there" in told.output
    assert ids(store) == {"web", "api"}


def test_what_was_made_in_slack_is_taken_over(run: Run, store: Store, tmp_path: Path) -> None:
    now = store.attention.now()
    scope = Scope(principals=("arn:aws:iam::123456789012:role/ci",))
    made = Exemption("EX-1", scope, "a reason", "U0ROSA", now, now + timedelta(days=7))
    store.exemptions.decide("EX-1", Make(made), ROSA, now, ExemptionPolicy())
    file = tmp_path / "all.toml"
    file.write_text(run("export", "--name", "team", "--take-over").output)
    told = run("import", file, *BY)
    assert "~ EX-1\n    managed by: no file → team\n" in told.output
    assert run("export", "--name", "team").output == file.read_text()
    assert run("export", "--name", "other").output == 'name = "other"\n'
    [stored] = store.exemptions.current()
    assert (stored.file, stored.created_at, stored.owner) == ("team", now, "U0ROSA")


def test_what_needs_a_second_person_is_asked_once(
    run: Run, file: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text("[exemptions]\napprove_world = true\n")
    monkeypatch.setenv("SGWATCH_POLICY", str(policy))
    file.write_text(table("web", store) + "allow_world = true\n" + table("api", store))
    told = run("import", file, *BY)
    assert "web waits for approval in Slack: it hides also what opens" in told.output
    assert ids(store) == {"api"}
    assert "web  waits for approval" in run("list").output
    assert "Nothing differs: 2 exemptions" in run("import", file, *BY).output
    assert run("export", "--name", "team-web").output.count("[[exemptions]]") == 2
    run("import", file, *BY)
    assert [line.did for line in store.exemptions.lived("web")] == [Deed.ASKED]
    file.write_text(table("web", store) + table("api", store))
    run("import", file, *BY)
    assert ids(store) == {"web", "api"}


def test_one_without_an_end_is_written_as_never(
    run: Run, file: Path, store: Store, tmp_path: Path
) -> None:
    content = file.read_text().splitlines()
    never = ['expires = "never"' if line.startswith("expires") else line for line in content]
    file.write_text("\n".join(never))
    told = run("import", file, *BY).output
    assert "+ web for ever" in told
    assert "web waits for approval in Slack: it has no end" in told
    file.write_text(run("export", "--name", "team-web").output)
    assert 'expires = "never"' in file.read_text()
    assert "Nothing differs: 2" in run("import", file, *BY).output


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(('name = "team-web"', ""), "name: write at its top", id="no name"),
        pytest.param(("role/ci", "rol/c*"), "line 3, web: scope:", id="a scope, with its line"),
        pytest.param(('reason = "CHG-1"\n', ""), "line 3, web: reason: write it", id="missing"),
        pytest.param(('id = "web"', ""), "line 3: id: write it", id="no id"),
        pytest.param(('"web"', '"w b"'), "line 3: id: write up to 64 letters", id="a bad id"),
        pytest.param(
            ("[[exemptions]]\n", "[[exemptions]]\ncreated = 2999-01-01T00:00:00Z\n"),
            "line 3, web: created: it lies in the future",
            id="made later",
        ),
        pytest.param(("20", "30"), "line 3, web: expires: The longest allowed is 90d", id="long"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_changed(
    run: Run, file: Path, store: Store, change: tuple[str, str], says: str
) -> None:
    before, after = change
    file.write_text(file.read_text().replace(before, after, 1))
    told = run("import", file, *BY)
    assert told.exit_code == 2
    assert says in told.output
    assert ids(store) == set()
