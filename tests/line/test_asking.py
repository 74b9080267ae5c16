"""The actor is asked from an alert of a real change, says no, and everybody sees it."""

import pytest

from sandbox.scenarios import SCENARIOS
from sandbox.slack.people import ALICE, direct_channel
from tests.line.conftest import Line
from tests.line.test_deciding import alert_id

pytestmark = pytest.mark.line


def test_the_actor_is_asked_and_their_no_is_everybodys_business(line: Line) -> None:
    alert = line.alert_after(lambda: SCENARIOS["open_ssh"].play(line.stage.world))
    line.choose("rosa", alert, "Ask alice")
    line.person("rosa").wait_ephemeral(lambda m: "Alice Moreau is asked" in m.plain)
    direct, name = direct_channel(ALICE.id), alert_id(alert.plain)
    question = line.stage.workspace.wait_message(direct, lambda m: name in m.plain)
    assert "did you just do this?" in question.plain
    line.when(alert, "Alice Moreau was asked")
    line.press("alice", question, "No, not me")
    line.when(question, "You answered")
    line.when(alert, "Alice Moreau says it was not them")
    assert line.reply(alert, "says it was not them").broadcast
