"""What was found: one click from the alert, with every answer whole."""

from bot.slack.views.found import TITLE
from tests.slack.alerts import console_sighting
from tests.slack.office import Office


def test_one_click_shows_every_answer(at_work: Office) -> None:
    alert = at_work.raise_alert(console_sighting())
    at_work.press("alice", at_work.show(alert), "What was found")
    modal = at_work.person("alice").wait_modal(lambda seen: seen.title == TITLE and seen.plain)
    assert "Signals" in modal.plain
    assert "The changes alone are critical" in modal.plain.replace("*", "")
