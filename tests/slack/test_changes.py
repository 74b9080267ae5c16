"""All changes: opened from the alert's menu, turned page by page, taken away as a file."""

import csv
import json
from io import StringIO
from urllib.request import urlopen

import pytest

from bot.alerts.evolve import evolve
from bot.slack.listeners.changes import page_at, page_before
from bot.slack.views.changes import PAGE, Page, all_changes
from bot.slack.views.refs import ChangesRef
from sandbox.slack.blocks.checking import check_view
from sandbox.slack.methods.table import SCOPES
from sandbox.slack.people import ROSA, direct_channel
from sandbox.slack.seen import SeenModal
from tests.builders import a_change, a_rule, a_sighting, raised, seen
from tests.slack.alerts import console_sighting, hostile_alerts, quiet_sighting
from tests.slack.office import Office
from tests.slack.test_mrkdwn import texts

MANY = 130
"""More than two pages of the worst, and of all."""


def many(at_work: Office, number: int = MANY) -> str:
    return at_work.raise_alert(
        *(quiet_sighting(n, f"sg-{n % 31}") for n in range(number - 1)), console_sighting()
    )


def opened(at_work: Office, who: str, alert_id: str) -> SeenModal:
    at_work.person(who).choose(at_work.show(alert_id), "All changes…")
    return at_work.person(who).wait_modal(lambda modal: "One moment" not in modal.plain)


def press(at_work: Office, who: str, modal: SeenModal, label: str, said: str) -> SeenModal:
    """Press a button in the modal and return the modal as soon as it says what it should."""
    person, button = at_work.person(who), modal.button(label)
    person.click_in(modal, button.action_id, block_id=button.block_id)
    return person.wait_modal(lambda now: said in now.plain)


def test_the_worst_come_first_and_pages_are_turned(at_work: Office) -> None:
    modal = opened(at_work, "alice", many(at_work))
    assert "1 to 20 of the worst 50 of 130 changes" in modal.plain
    first = next(line for line in modal.plain.splitlines() if " ← " in line)
    assert "critical" in first
    for label, said in (
        ("Next", "21 to 40 of the worst 50"),
        ("Next", "41 to 50 of the worst 50"),
        ("Previous", "21 to 40 of the worst 50"),
        ("In order of time", "1 to 20 of 130 · the oldest first"),
        ("Next", "21 to 40 of 130"),
        ("Previous", "1 to 20 of 130"),
        ("The worst first", "1 to 20 of the worst 50"),
    ):
        modal = press(at_work, "alice", modal, label, said)


def test_the_menu_has_the_guide_too(at_work: Office) -> None:
    at_work.press("rosa", at_work.show(many(at_work, 3)), "Guide")
    at_work.person("rosa").wait_modal(lambda modal: "no longer runs" in modal.plain)


def test_every_change_is_on_one_page_and_no_more(at_work: Office) -> None:
    alert_id = many(at_work)
    timelines, alert = at_work.store.timelines, at_work.alert(alert_id)
    ref: ChangesRef | None = ChangesRef(alert_id, worst=False)
    pages: list[Page] = []
    while ref is not None:
        pages.append(page_at(timelines, alert, ref))
        ref = pages[-1].next
    shown = [sighting.change for page in pages for sighting in page.changes]
    assert shown == list(timelines.changes(alert_id))
    assert all(len(page.changes) <= PAGE for page in pages)
    for page, before in zip(pages[1:], pages, strict=False):
        found = page_before(timelines, alert, page.ref)
        assert (found.changes, found.next) == (before.changes, before.next)


@pytest.mark.parametrize("form", ["CSV", "JSON"])
def test_all_of_them_are_taken_away_as_a_file(at_work: Office, form: str) -> None:
    alert_id = many(at_work)
    modal = opened(at_work, "rosa", alert_id)
    press(at_work, "rosa", modal, f"Download {form}", "in your direct messages")
    name = f"{alert_id}-changes.{form.lower()}"
    message = at_work.workspace.wait_message(
        direct_channel(ROSA.id), lambda m: any(file["name"] == name for file in m.files)
    )
    with urlopen(message.files[0]["url_private_download"]) as answer:
        text = answer.read().decode()
    rows = list(csv.DictReader(StringIO(text))) if form == "CSV" else json.loads(text)
    assert len(rows) == MANY
    assert {row["event id"] for row in rows} >= {f"event-{n}" for n in range(2, MANY - 1)}


def test_a_workspace_without_the_scope_is_told_the_mend(at_work: Office) -> None:
    modal = opened(at_work, "rosa", many(at_work, 3))
    at_work.server.allow(SCOPES - {"files:write"})
    try:
        press(at_work, "rosa", modal, "Download CSV", "lacks the scopes files:write and im:write")
    finally:
        at_work.server.allow(SCOPES)


def test_whoever_may_not_see_alerts_sees_no_changes(at_work: Office) -> None:
    modal = opened(at_work, "oscar", many(at_work, 3))
    assert "right of a viewer" in modal.plain
    assert "10.1.0.0" not in modal.plain


@pytest.mark.parametrize("name", list(hostile_alerts()))
def test_what_others_wrote_fits_and_formats_nothing(name: str) -> None:
    alert = hostile_alerts()[name]
    worst = (alert.worst * PAGE)[:PAGE]
    view = all_changes(alert, Page(ChangesRef(alert.id), worst, ChangesRef(alert.id, 20, 20)))
    check_view(view)
    assert not any("<!channel>" in text or "<http" in text for text in texts(view))


def test_a_change_of_many_rules_is_cut_and_says_so() -> None:
    big = a_sighting(a_change(added=tuple(a_rule(port) for port in range(60))))
    alert = evolve(None, (raised(), *(seen(big) for _ in range(PAGE))))
    view = all_changes(alert, Page(ChangesRef(alert.id), alert.worst))
    check_view(view)
    assert any("… and 57 more" in text for text in texts(view))
