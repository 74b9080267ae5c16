"""Who, how and from where: each clause must match, and unknown never does."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.changes.exposure import Exposure, Reach
from bot.changes.severity import Severity
from bot.exemptions.circumstances import UNTOLD, Circumstances
from bot.exemptions.filed import Filed
from bot.exemptions.matching import covering, why_not
from bot.exemptions.model import Scope
from bot.exemptions.window_text import parse_window
from tests.builders import NOON, WORLD_SSH, a_change, a_principal, a_rule
from tests.exemptions.atoms import atoms_of, is_inside
from tests.exemptions.strategies import numbered, rule_scopes, rules

CHANGE = a_change(added=[a_rule(443, "10.0.0.0/8")])
WHO = a_principal("ci-web", session="run-17", person="ana@example.com")
HOW = Circumstances(
    address="192.0.2.7",
    tool="Terraform 1.9",
    group_name="web-prod",
    group_tags=("env=prod", "team=web"),
    country="DE",
    severity=Severity.MEDIUM,
    ou="Workloads/Production",
)


def told(scope: Scope, around: Circumstances = HOW, change: Any = CHANGE, who: Any = WHO) -> str:
    (exemption,) = numbered([scope])
    reason = why_not(exemption, change, who, ("d-1",), NOON, None, around)
    hidden = covering(change, who, ("d-1",), [exemption], NOON, None, around).hidden
    assert hidden is (reason == "")
    return reason


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        pytest.param(
            {"principal_patterns": ("arn:aws:iam::*:user/ci-*",)},
            {"principal_patterns": ("arn:aws:iam::*:role/ci-*",)},
            "principal",
            id="principal",
        ),
        pytest.param(
            {"principals": ("else",), "principal_patterns": ("arn:aws:iam::*:user/ci-*",)},
            {"principals": ("else",), "principal_patterns": ("arn:aws:iam::*:user/cd-*",)},
            "principal",
            id="a principal or a pattern",
        ),
        pytest.param({"sessions": ("run-*",)}, {"sessions": ("run",)}, "session", id="session"),
        pytest.param(
            {"group_names": ("web-*",)}, {"group_names": ("WEB-*",)}, "group's name", id="group"
        ),
        pytest.param(
            {"group_tags": ("env=test", "team=web")}, {"group_tags": ("env=pro",)}, "tags", id="tag"
        ),
        pytest.param(
            {"persons": ("ana@example.com",)}, {"persons": ("run-17",)}, "person", id="person"
        ),
        pytest.param({"tools": ("terraform",)}, {"tools": ("terra",)}, "tool", id="tool"),
        pytest.param(
            {"tools": ("Terraform 1.9",)}, {"tools": ("Terraform 1",)}, "tool", id="its version"
        ),
        pytest.param(
            {"countries": ("DE",)},
            {"countries": ("BR", "FR")},
            "country",
            id="country",
        ),
        pytest.param(
            {"windows": (parse_window("Mon 12:00-12:01 UTC"),)},
            {"windows": (parse_window("Mon 11:00-12:00 UTC"),)},
            "time is Mon 12:00 UTC",
            id="window",
        ),
        pytest.param(
            {"max_severity": Severity.MEDIUM},
            {"max_severity": Severity.LOW},
            "low at most",
            id="severity",
        ),
        pytest.param(
            {"sources": ("192.0.2.0/24", "::/1")},
            {"sources": ("192.0.3.0/24",)},
            "source",
            id="from",
        ),
    ],
)
def test_a_clause_matches_or_tells_why_not(
    right: dict[str, Any], wrong: dict[str, Any], says: str
) -> None:
    assert told(Scope(**right)) == ""
    assert says in told(Scope(**wrong))
    if not {"principal_patterns", "windows"} & set(right):
        nobody = replace(WHO, session="", person="")
        assert "unknown" in told(Scope(**right), UNTOLD, who=nobody)


def test_the_name_in_a_record_is_the_callers_word() -> None:
    assert CHANGE.group.name == "web-prod"
    assert told(Scope(group_names=("web-*",)), replace(HOW, group_name="")) != ""


@pytest.mark.parametrize("address", ["cloudformation.amazonaws.com", "AWS Internal", "", "2001::1"])
def test_a_service_comes_from_no_range(address: str) -> None:
    assert "source" in told(Scope(sources=("192.0.2.0/24",)), replace(HOW, address=address))


def test_an_unknown_principal_fits_no_pattern_nor_name() -> None:
    nobody = replace(WHO, id="unknown")
    assert told(Scope(principal_patterns=("unk*",)), who=nobody) != ""
    assert told(Scope(principals=("unknown",)), who=nobody) != ""


RIGHT: dict[str, Any] = {
    "accounts": ("210987654321", "123456789012"),
    "ous": ("Sandboxes", "Workloads"),
    "regions": ("eu-west-1",),
    "groups": ("sg-2", "sg-0a1b"),
    "actions": ("AuthorizeSecurityGroupIngress",),
    "detections": ("d-1", "d-2"),
    "principal_patterns": ("arn:aws:iam::*:user/ci-*",),
    "sessions": ("run-*",),
    "persons": ("ana@example.com",),
    "group_names": ("*-prod",),
    "tools": ("Terraform",),
    "group_tags": ("env=prod",),
    "sources": ("192.0.2.0/25",),
    "countries": ("BR", "DE"),
    "max_severity": Severity.HIGH,
    "windows": (parse_window("Sun 12:00-Tue 12:00 UTC"),),
}
WRONG: dict[str, Any] = {
    "accounts": ("210987654321",),
    "ous": ("Workloads/Staging", "Work"),
    "regions": ("us-east-1",),
    "groups": ("sg-0a1",),
    "actions": ("RevokeSecurityGroupIngress",),
    "detections": ("d-2",),
    "principal_patterns": ("arn:aws:iam::*:user/cd-*",),
    "sessions": ("hand-*",),
    "persons": ("bea@example.com",),
    "group_names": ("*-test",),
    "tools": ("Pulumi",),
    "group_tags": ("env=test",),
    "sources": ("192.0.2.128/25",),
    "countries": ("BR",),
    "max_severity": Severity.LOW,
    "windows": (parse_window("Tue 12:00-Sun 12:00 UTC"),),
}
names = st.sampled_from(sorted(RIGHT))
asked = st.sets(names, max_size=3)
parts = st.one_of(st.just(Scope()), rule_scopes)


def made(scope: Scope, right: set[str], wrong: str) -> Scope:
    scope = replace(scope, **{name: RIGHT[name] for name in right})
    return replace(scope, **{wrong: WRONG[wrong]}) if wrong else scope


# One clause at most fails, or nearly all exemptions would, whichever clause is not looked at.
@settings(max_examples=200)
@given(
    st.lists(rules, min_size=1, max_size=2),
    st.lists(st.tuples(parts, asked, st.booleans(), st.booleans()), max_size=3),
    names,
    st.sampled_from((None, None, WORLD_SSH, replace(WORLD_SSH, reach=Reach.WIDE))),
    st.sampled_from(((), (), ("sg-9",))),
)
def test_only_those_whose_clauses_all_match_cover_atoms(
    touched: list[Any],
    given_: list[tuple[Scope, set[str], bool, bool]],
    failing: str,
    exposure: Exposure | None,
    unread: tuple[str, ...],
) -> None:
    scopes = [
        made(scope, which - {failing}, failing if fails else "")
        for scope, which, fails, _ in given_
    ]
    worldly = [world for *_, world in given_]
    exemptions = [
        replace(exemption, allow_world=world)
        for exemption, world in zip(numbered(scopes), worldly, strict=True)
    ]
    matching = [
        scope
        for scope, (*_, fails, world) in zip(scopes, given_, strict=True)
        if not fails and (world or (exposure is not WORLD_SSH and not unread))
    ]
    change = a_change(added=touched)
    around, met = replace(HOW, unread=unread), Filed(exemptions).about(change, WHO)
    found = covering(change, WHO, ("d-1",), met, NOON, exposure, around).hidden
    assert found is all(
        any(is_inside(atom, rule, scope) for scope in matching)
        for rule in touched
        for atom in atoms_of(rule)
    )
