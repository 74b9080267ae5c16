"""The guide: opened by one click, turned page by page, always about the rules as they are now."""

from dataclasses import replace

import pytest

from bot.alerts.sighting import DetectionRef, Sighting
from bot.changes.severity import Severity
from bot.detections.kql.parser import parse
from bot.detections.rule import Detection, NewTerms, RuleException, Threshold
from bot.slack.views.guide import guide, matched
from sandbox.slack.blocks.checking import check_view
from tests.slack.alerts import CI, HOSTILE, console_sighting
from tests.slack.office import Office
from tests.slack.rules import BARE, FULL, RULES, hostile_rule, matched_by
from tests.slack.test_markdown import CODE, LINK
from tests.slack.test_mrkdwn import texts


def sighting_of(*refs: DetectionRef) -> Sighting:
    """Return a change by nobody who could be asked: the guide has a button of its own then."""
    return replace(console_sighting(), principal=CI, detections=refs)


ONE = sighting_of(DetectionRef(FULL.id, FULL.name))
THREE = sighting_of(
    DetectionRef("r-gone", "What it was called"),
    DetectionRef(BARE.id, BARE.name),
    DetectionRef(FULL.id, FULL.name),
)


def test_one_click_shows_what_the_rule_says(at_work: Office) -> None:
    at_work.rules = dict(RULES)
    at_work.press("alice", at_work.show(at_work.raise_alert(ONE)), "Guide")
    modal = at_work.person("alice").wait_modal(lambda seen: "SSH open" in seen.plain)
    for said in ("risk score 73", "T1562 Impair Defenses", "A bastion host", "Who did it?"):
        assert said in modal.plain
    assert not modal.buttons


def test_pages_are_turned_to_and_fro(at_work: Office) -> None:
    at_work.rules = dict(RULES)
    rosa = at_work.person("rosa")
    at_work.press("rosa", at_work.show(at_work.raise_alert(THREE)), "Guide")
    for label, said in (
        ("Next", "Detection 2 of 3"),
        ("Next", "no longer runs"),
        ("Previous", "Detection 2 of 3"),
        ("Previous", "Detection 1 of 3"),
    ):
        modal = rosa.wait_modal(lambda seen: "of 3" in seen.plain)
        button = modal.button(label)
        rosa.click_in(modal, button.action_id, block_id=button.block_id)
        rosa.wait_modal(lambda seen, said=said: said in seen.plain)  # type: ignore[misc]


def test_a_page_shows_the_rules_as_they_are_when_it_is_turned_to(at_work: Office) -> None:
    at_work.rules = dict(RULES)
    rosa = at_work.person("rosa")
    at_work.press("rosa", at_work.show(at_work.raise_alert(THREE)), "Guide")
    modal = rosa.wait_modal(lambda seen: "Detection 1 of 3" in seen.plain)
    at_work.rules[BARE.id] = replace(BARE, description="Edited since.")
    button = modal.button("Next")
    rosa.click_in(modal, button.action_id, block_id=button.block_id)
    rosa.wait_modal(lambda seen: "Edited since." in seen.plain)


def test_whoever_may_not_see_alerts_sees_no_guide(at_work: Office) -> None:
    at_work.rules = dict(RULES)
    at_work.press("oscar", at_work.show(at_work.raise_alert(ONE)), "Guide")
    modal = at_work.person("oscar").wait_modal(lambda seen: "right of a viewer" in seen.plain)
    assert "SSH open" not in modal.plain


def test_the_gravest_comes_first_and_what_is_gone_last() -> None:
    grave = replace(BARE, id="r-grave", severity=Severity.CRITICAL)
    rules = RULES | {grave.id: grave}
    alert = matched_by(DetectionRef("r-gone", "Gone"), BARE, FULL, grave)
    found = [m.ref.id for m in matched(alert, rules.get)]
    assert found == ["r-grave", "r-full", "r-bare", "r-gone"]


def test_a_page_that_is_not_there_is_the_last() -> None:
    found = matched(matched_by(BARE), RULES.get)
    assert guide(matched_by(BARE), found, 7) == guide(matched_by(BARE), found)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HOSTILE, id="what would format"),
        pytest.param("name-" * 600, id="names of 3,000 characters"),
        pytest.param("日本語 " * 500, id="another script"),
        pytest.param("&" * 3000, id="what grows when it is escaped"),
        pytest.param("`*_[](" * 300, id="signs"),
    ],
)
def test_a_hostile_rule_fits_and_formats_nothing(text: str) -> None:
    rule = hostile_rule(text)
    alert = matched_by(rule, DetectionRef(text, text), DetectionRef("x", text), BARE)
    for page in range(4):
        view = guide(alert, matched(alert, {rule.id: rule}.get), page)
        check_view(view)
        for shown in texts(view):
            outside = CODE.sub("", LINK.sub("", shown))
            assert not set(outside) & {"<", "~", "\u202e"}
            assert ":fire:" not in outside


@pytest.mark.parametrize(
    ("note", "cut"),
    [
        pytest.param("word " * 100, False, id="short"),
        pytest.param("word\n\n" * 100_000, True, id="long"),
        pytest.param("&" * 13_000, True, id="long when it is escaped"),
    ],
)
def test_what_is_cut_says_so_and_where_it_is_whole(note: str, cut: bool) -> None:
    rule = replace(FULL, note=note)
    view = guide(matched_by(rule), matched(matched_by(rule), {rule.id: rule}.get))
    told = "Cut here. All of it is in `rules/ssh.toml`."
    assert any(told in shown for shown in texts(view)) is cut


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        pytest.param(
            replace(BARE, threshold=Threshold(("user.name",), 20), since="now-15m"),
            "Needs at least 20 events with the same user.name within 15 minutes",
            id="how many it counts",
        ),
        pytest.param(
            replace(BARE, new_terms=NewTerms(("user.id",), "now-7d")),
            "Needs user.id not seen in the 7 days before",
            id="what is new",
        ),
        pytest.param(
            replace(BARE, exceptions=(RuleException("CI", parse("user.name: ci")),)),
            "*Except*\n• `CI: user.name:ci`",
            id="what is expected",
        ),
        pytest.param(
            replace(BARE, false_positives=("The **bastion**,\n`ci`.",)),
            "• The *bastion*, `ci`.",
            id="markup in false positives",
        ),
        pytest.param(
            replace(BARE, false_positives=("word " * 200,)), "word…", id="a long false positive"
        ),
    ],
)
def test_what_a_rule_asks_beside_its_query_is_shown(rule: Detection, told: str) -> None:
    view = guide(matched_by(rule), matched(matched_by(rule), {rule.id: rule}.get))
    assert any(told in shown for shown in texts(view))


@pytest.mark.parametrize(
    ("note", "lines"),
    [pytest.param("", 1, id="no guide"), pytest.param("## Do", 2, id="a guide between two")],
)
def test_lines_part_what_is_there(note: str, lines: int) -> None:
    rule = replace(BARE, note=note)
    view = guide(matched_by(rule), matched(matched_by(rule), {rule.id: rule}.get))
    assert [block["type"] for block in view["blocks"]].count("divider") == lines
