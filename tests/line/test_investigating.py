"""A real change is investigated: who did it, whether it is usual, and from where."""

import pytest

from sandbox.scenarios import SCENARIOS
from tests.line.conftest import PATIENCE, Line

pytestmark = pytest.mark.line


def test_who_how_usual_and_from_where_fill_in(line: Line) -> None:
    alert = line.alert_after(lambda: SCENARIOS["attacker"].play(line.stage.world))
    for words in (
        "a long-lived access key; key ",
        "No: first group change in 90 days (prod, eu-west-1) (as of ",
        "Recife, Brazil, AS64511 Example Hosting",
    ):
        line.when(alert, words)
    line.stage.workspace.wait_change(alert, lambda m: "looking…" not in m.plain, PATIENCE)
