"""What a file of exemptions would change: nothing, where it is what was exported."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.alerts.commands import Refusal
from bot.alerts.life import Edit, End, Make, decide_life
from bot.cli.exemption_file import load_file, written
from bot.exemptions.file_diff import UNTOLD, Act, changes_told, differences, import_faults
from bot.exemptions.model import Exemption, Scope
from bot.exemptions.policy import ExemptionPolicy
from tests.builders import NOON, ROSA
from tests.exemptions.strategies import rule_scopes, windows

LONGEST, WEEK = timedelta(days=90), timedelta(days=7)
CI = Scope(principals=("arn:aws:iam::123456789012:role/ci",))
WEB = Exemption("web", CI, "a reason", "Rosa", NOON, NOON + WEEK, file="team")

texts = st.text(min_size=3, max_size=20).filter(lambda text: text.strip() == text)
scopes = st.builds(
    lambda rules, during, tool: replace(
        rules, principals=CI.principals, windows=during, tools=(tool,)
    ),
    rule_scopes,
    st.lists(windows, max_size=1).map(tuple),
    texts,
)
hours = st.integers(1, 24 * 89).map(lambda n: timedelta(hours=n, microseconds=n))
exemptions = st.builds(
    lambda scope, reason, owner, ago, ahead, world, alert: Exemption(
        "", scope, reason, owner, NOON - ago, NOON + ahead, world, alert, file="team"
    ),
    scopes,
    texts,
    texts,
    hours,
    hours,
    st.booleans(),
    st.sampled_from(("", "SGW-1")),
)
stores = st.lists(exemptions, max_size=4).map(
    lambda found: [replace(e, id=f"x-{number}") for number, e in enumerate(found)]
)


@given(stores)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_what_is_exported_is_imported_as_it_is(tmp_path: Path, stored: list[Exemption]) -> None:
    file = tmp_path / "team.toml"
    file.write_text(written(stored, "team"), encoding="utf-8")
    read = load_file(file)
    assert read.exemptions == tuple(stored)
    assert len(read.places) == len(stored)
    assert {d.act for d in differences("team", read.exemptions, stored, NOON)} <= {Act.KEEP}


@given(stores, stores)
@settings(max_examples=25)
def test_after_the_import_the_file_is_what_is_in_force(
    before: list[Exemption], wanted: list[Exemption]
) -> None:
    """The commands of one import bring about the file, and the next one finds nothing to do."""
    stored = {exemption.id: exemption for exemption in before}
    for found in differences("team", wanted, before, NOON):
        match found.act:
            case Act.ADD:
                command: Make | Edit | End = Make(found.after or WEB)
            case Act.EDIT:
                command = Edit(found.after or WEB, "as in the file", 1, file="team")
            case Act.END:
                command = End("taken out", file="team")
            case _:
                continue
        decided = decide_life(found.before, command, ROSA, NOON, ExemptionPolicy())
        assert not isinstance(decided, Refusal), decided
        stored[found.id] = decided[0]
    acts = {d.act for d in differences("team", wanted, stored.values(), NOON)}
    assert acts <= {Act.KEEP}
    in_force = [e for e in stored.values() if e.expires_at > NOON]
    assert [replace(e, version=1) for e in in_force] == wanted


ENDED = replace(WEB, expires_at=NOON)
UNDATED = replace(WEB, created_at=UNTOLD)


@pytest.mark.parametrize(
    ("wanted", "stored", "acts"),
    [
        pytest.param([WEB], [], [Act.ADD], id="new"),
        pytest.param([UNDATED], [WEB], [Act.KEEP], id="it need not say when it was made"),
        pytest.param([WEB], [replace(WEB, file="")], [Act.EDIT], id="taken over"),
        pytest.param([WEB], [ENDED], [Act.REVIVE], id="it had ended"),
        pytest.param([ENDED], [WEB], [Act.END], id="ended by its file"),
        pytest.param([ENDED], [ENDED], [Act.OVER], id="ended in both"),
        pytest.param([ENDED], [], [Act.OVER], id="ended before it was imported"),
        pytest.param([], [WEB], [Act.END], id="taken out"),
        pytest.param([], [ENDED], [], id="taken out once ended"),
        pytest.param([], [replace(WEB, file="other")], [], id="another file's"),
        pytest.param([], [replace(WEB, file="")], [], id="nobody's file"),
    ],
)
def test_what_becomes_of_each(
    wanted: Sequence[Exemption], stored: Sequence[Exemption], acts: list[Act]
) -> None:
    assert [d.act for d in differences("team", wanted, stored, NOON)] == acts


@pytest.mark.parametrize(
    ("wanted", "stored", "said"),
    [
        pytest.param(replace(WEB, id="a b"), None, "such as web-https", id="an id of two words"),
        pytest.param(WEB, replace(WEB, file="other"), "by the file “other”", id="another file's"),
        pytest.param(WEB, replace(ENDED, file=""), "give it a new id", id="ended by somebody"),
        pytest.param(
            replace(WEB, expires_at=NOON + 2 * LONGEST), None, "longest allowed is 90d", id="long"
        ),
        pytest.param(replace(WEB, scope=Scope()), None, "hide everything", id="all"),
    ],
)
def test_what_is_no_good_is_told(wanted: Exemption, stored: Exemption | None, said: str) -> None:
    found = differences("team", [wanted], [stored] if stored else [], NOON)
    assert said in import_faults(found, "team", NOON, LONGEST)[wanted.id]


def test_another_file_may_have_what_one_let_go() -> None:
    found = differences("team", [WEB], [replace(ENDED, file="other")], NOON)
    assert import_faults(found, "team", NOON, LONGEST) == {}


def test_what_differs_is_told() -> None:
    changed = replace(WEB, reason="another", allow_world=True, expires_at=NOON + 2 * WEEK)
    assert list(changes_told(WEB, changed)) == [
        "reason: “a reason” → “another”",
        "ends: 2026-03-09 12:00 UTC → 2026-03-16 12:00 UTC",
        "opens to the world: never hidden → hidden too",
    ]
