"""A storm's list: paged, by severity, taken away, and an alert shown in the channel from it."""

import json
from dataclasses import replace
from urllib.request import urlopen

import pytest

from bot.alerts.storm import Storm
from bot.changes.severity import Severity
from bot.slack.views.storm import PAGE, storm_message
from sandbox.slack.people import ALERTS, ROSA, direct_channel
from sandbox.slack.seen import SeenMessage, SeenModal
from tests.builders import a_change, a_rule, a_sighting
from tests.slack.office import Office
from tests.slack.storm_cases import seen
from tests.slack.test_changes import press

LOW, HIGH = 24, 3


@pytest.fixture
def storm(at_work: Office) -> Storm:
    """A storm of 24 low and 3 high alerts."""
    now = at_work.store.attention.now()
    storm = Storm(f"ST-{ALERTS.id}-{int(now.timestamp() * 1000)}", ALERTS.id, now, now)
    for number in range(LOW + HIGH):
        change = a_change(f"storm-{number}", added=(a_rule(443, f"10.{number}.0.0/16"),))
        severity = Severity.HIGH if number >= LOW else Severity.LOW
        alert_id = at_work.raise_alert(a_sighting(change, severity, None))
        at_work.store.storms.gather(storm.id, at_work.alert(alert_id))
    return storm


def notice(at_work: Office, storm: Storm) -> SeenMessage:
    message = storm_message(replace(seen(), storm=storm))
    answer = at_work.client.chat_postMessage(
        channel=ALERTS.id, text=message.text, blocks=list(message.blocks)
    )
    return at_work.workspace.wait_message("sg-alerts", lambda m: m.ts == answer["ts"])


def opened(at_work: Office, who: str, storm: Storm) -> SeenModal:
    at_work.press(who, notice(at_work, storm), "Show all")
    return at_work.person(who).wait_modal(lambda modal: "One moment" not in modal.plain)


def filtered(at_work: Office, who: str, modal: SeenModal, starts: str, said: str) -> SeenModal:
    """Choose a severity."""
    select = next(e for b in modal.blocks for e in b.get("elements", ()) if "options" in e)
    value = next(o["value"] for o in select["options"] if o["text"]["text"].startswith(starts))
    block = next(b for b in modal.blocks if select in b.get("elements", ()))
    person = at_work.person(who)
    person.click_in(modal, select["action_id"], block_id=block["block_id"], value=value)
    return person.wait_modal(lambda now: said in now.plain)


def test_pages_are_turned_and_one_severity_is_shown_alone(at_work: Office, storm: Storm) -> None:
    modal = opened(at_work, "alice", storm)
    assert "1 to 10 of 27, the worst first" in modal.plain
    assert modal.plain.count("HIGH") == HIGH
    modal = press(at_work, "alice", modal, "Next", "11 to 20 of 27")
    modal = press(at_work, "alice", modal, "Next", "21 to 27 of 27")
    modal = press(at_work, "alice", modal, "Previous", "11 to 20 of 27")
    modal = filtered(at_work, "alice", modal, "High", "1 to 3 of 3 high")
    assert "LOW" not in modal.plain
    filtered(at_work, "alice", modal, "All", "1 to 10 of 27")


def test_an_alert_is_shown_in_the_channel_on_demand(at_work: Office, storm: Storm) -> None:
    first = at_work.store.storms.listed(storm.id, 0, PAGE)[0]
    modal = opened(at_work, "rosa", storm)
    modal = press(at_work, "rosa", modal, "Show here", f"{first} gets a message of its own")
    assert len([b for b in modal.buttons if b.label == "Show here"]) == PAGE - 1
    reading = at_work.store.timelines.read(first)
    assert reading is not None
    assert reading.progress.wanted
    assert first in at_work.store.channels.pending(ALERTS.id)


@pytest.mark.parametrize(
    ("severity", "many"),
    [pytest.param("", LOW + HIGH, id="all"), pytest.param("High", HIGH, id="one severity")],
)
def test_the_list_is_taken_away(at_work: Office, storm: Storm, severity: str, many: int) -> None:
    modal = opened(at_work, "rosa", storm)
    if severity:
        modal = filtered(at_work, "rosa", modal, severity, "of 3 high")
    press(at_work, "rosa", modal, "Download JSON", "in your direct messages")
    message = at_work.workspace.wait_message(direct_channel(ROSA.id), lambda m: bool(m.files))
    with urlopen(message.files[0]["url_private_download"]) as answer:
        rows = json.load(answer)
    assert len({row["alert"] for row in rows}) == many


def test_whoever_may_not_see_alerts_sees_no_list(at_work: Office, storm: Storm) -> None:
    modal = opened(at_work, "oscar", storm)
    assert "right of a viewer" in modal.plain
    assert "SGW-" not in modal.plain


def test_a_list_that_is_gone_says_so(at_work: Office, storm: Storm) -> None:
    gone = replace(storm, id="ST-C0ALERTS-1")
    assert "no longer kept" in opened(at_work, "rosa", gone).plain


def test_the_home_shows_the_worst_of_a_flood_and_counts_the_rest(
    at_work: Office, storm: Storm
) -> None:
    critical = at_work.raise_alert(a_sighting(a_change("grave")))
    for number in range(60):
        change = a_change(f"after-{number}", added=(a_rule(443, f"10.99.{number}.0/24"),))
        at_work.raise_alert(a_sighting(change, Severity.LOW, None))
    rosa = at_work.person("rosa")
    rosa.open_home()
    home = rosa.wait_home(lambda seen: critical in seen.plain)
    assert f"… and {LOW + HIGH + 61 - 15} more" in home.plain
