"""What was found: one click from the alert, with every answer whole."""

from bot.alerts.fact import Question
from bot.slack.views.found import TITLE
from bot.slack.views.message import Shown
from tests.slack.alerts import console_sighting
from tests.slack.office import Office
from tests.slack.test_changes import choose


def test_one_click_shows_every_answer(at_work: Office) -> None:
    alert = at_work.raise_alert(console_sighting())
    message = at_work.show(alert, Shown(asked=frozenset(Question)))
    choose(at_work, "alice", message, "What was found…")
    modal = at_work.person("alice").wait_modal(
        lambda seen: seen.title == TITLE and "Signals" in seen.plain
    )
    assert "The changes alone are critical" in modal.plain.replace("*", "")
