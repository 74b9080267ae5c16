"""The same command twice counts once; another's, or another command, does not pass for it."""

from dataclasses import replace

import pytest

from bot.alerts.alert import Alert
from bot.alerts.commands import (
    Acknowledge,
    AskRevert,
    Comment,
    Exempt,
    MarkBenign,
    PersonCommand,
    Reopen,
)
from bot.alerts.people import Person
from bot.slack.listeners.desk import is_repeat
from tests.builders import MARCUS, ROSA
from tests.slack.alerts import (
    ACKNOWLEDGED,
    ASKED,
    BEGUN,
    BENIGN,
    ENDED,
    EXEMPTED,
    EXEMPTION,
    NOT_VERIFIED,
    PLAN,
    PLAN_WITH_ALL,
    READ_BACK,
    REOPENED,
    alert_of,
    console_sighting,
    open_alert,
)

MARK = MarkBenign(BENIGN.reason, 1)
REVERT = AskRevert(PLAN, ASKED.reason, 1)


def after(*entries: object) -> Alert:
    return alert_of(console_sighting(), after=entries)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("alert", "command", "person", "repeat"),
    [
        pytest.param(after(ACKNOWLEDGED), Acknowledge(), ROSA, True, id="own hold"),
        pytest.param(after(ACKNOWLEDGED), Acknowledge(), MARCUS, False, id="another's hold"),
        pytest.param(open_alert(), Acknowledge(), ROSA, False, id="no hold"),
        pytest.param(after(BENIGN), MARK, ROSA, True, id="own benign"),
        pytest.param(after(BENIGN), MARK, MARCUS, False, id="another's benign"),
        pytest.param(
            after(BENIGN), MarkBenign("another", 1), ROSA, False, id="benign for another reason"
        ),
        pytest.param(
            after(BENIGN), Exempt(EXEMPTION, (), 1), ROSA, False, id="benign is not exempted"
        ),
        pytest.param(after(EXEMPTED), Exempt(EXEMPTION, (), 1), ROSA, True, id="own exemption"),
        pytest.param(after(ASKED), REVERT, MARCUS, True, id="own revert under way"),
        pytest.param(after(ASKED), REVERT, ROSA, False, id="another's revert"),
        pytest.param(
            after(ASKED), replace(REVERT, plan=PLAN_WITH_ALL), MARCUS, False, id="another plan"
        ),
        pytest.param(
            after(ASKED, BEGUN, ENDED, READ_BACK), REVERT, MARCUS, True, id="own revert, done"
        ),
        pytest.param(
            after(ASKED, BEGUN, ENDED, NOT_VERIFIED), REVERT, MARCUS, False, id="one that failed"
        ),
        pytest.param(after(BENIGN, REOPENED), Reopen(REOPENED.reason), MARCUS, True, id="reopened"),
        pytest.param(after(BENIGN), Reopen(REOPENED.reason), MARCUS, False, id="not reopened"),
        pytest.param(open_alert(), Comment("again"), ROSA, False, id="a note is never one"),
    ],
)
def test_what_counts_as_the_same_command_again(
    alert: Alert, command: PersonCommand, person: Person, repeat: bool
) -> None:
    assert is_repeat(alert, command, person) is repeat
