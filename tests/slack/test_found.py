"""What was found: one click from the alert, with every answer whole."""

from bot.alerts.entries import Found
from bot.alerts.fact import Fact, Question
from bot.slack.views.found import TITLE, found_view
from bot.slack.views.message import Shown, context_line
from tests.builders import an_alert, later
from tests.slack.alerts import console_sighting
from tests.slack.office import Office


def test_one_click_shows_every_answer(at_work: Office) -> None:
    alert = at_work.raise_alert(console_sighting())
    message = at_work.show(alert, Shown(asked=frozenset(Question)))
    at_work.person("alice").choose(message, "What was found…")
    modal = at_work.person("alice").wait_modal(
        lambda seen: seen.title == TITLE and "Signals" in seen.plain
    )
    assert "The changes alone are critical" in modal.plain.replace("*", "")


def test_that_nothing_is_known_of_who_manages_it_stands_in_the_details_alone() -> None:
    why, asked = "no tag or name says that a tool manages it", frozenset({Question.MANAGED})

    def told(value: str = "", unknown: str = "") -> tuple[str, str]:
        fact = Fact(Question.MANAGED, "sg-0a1b", value, unknown)
        alert = an_alert(Found(at=later(1), facts=(fact,)))
        return context_line(alert, Shown(asked=asked)), str(found_view(alert, asked))

    line, details = told(unknown=why)
    assert "known" not in line
    assert f"not known: {why}" in details
    line, _ = told(value="Managed by Terraform; changed by hand")
    assert line.endswith("Managed by Terraform; changed by hand")
