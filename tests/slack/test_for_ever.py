"""What has no end is said to be for ever, wherever it is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.commands import Refusal
from bot.alerts.exemption_review import ToLookAt
from bot.alerts.life import Extend, decide_life
from bot.cli.review_text import lines_of
from bot.exemptions.model import FOREVER
from bot.exemptions.policy import ExemptionPolicy
from bot.investigation.review import Review, ToEnd
from bot.slack.views.exemption_review import exemption_review_message
from bot.slack.views.reminder import end_form, extend_form, settled_message
from bot.slack.views.thread import thread_line
from tests.builders import NOON, ROSA, an_alert
from tests.slack.alerts import EXEMPTED, EXEMPTION

LASTING = replace(EXEMPTION, expires_at=FOREVER)
TO_END = ToEnd(LASTING.id, LASTING.owner, LASTING.reason, FOREVER, ("it hid nothing",))


def thread() -> object:
    entry = replace(EXEMPTED, exemption=LASTING)
    return thread_line(entry, 2, an_alert(entry), lambda _: "")


def extended() -> object:
    longer = Extend(timedelta(days=7), "a reason")
    refusal = decide_life(LASTING, longer, ROSA, NOON, ExemptionPolicy())
    assert isinstance(refusal, Refusal)
    return refusal.why


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(thread, id="the thread"),
        pytest.param(extended, id="an extension"),
        pytest.param(lambda: settled_message(LASTING, (), NOON), id="a reminder"),
        pytest.param(lambda: extend_form(LASTING, "hid 1 change", ExemptionPolicy()), id="a form"),
        pytest.param(lambda: end_form(LASTING, "hid 1 change"), id="the form that ends it"),
        pytest.param(
            lambda: exemption_review_message([ToLookAt(LASTING, ("it hid nothing",))], NOON),
            id="the weekly review",
        ),
        pytest.param(
            lambda: [*lines_of(Review(NOON, None, (), (TO_END,)), {})], id="the review of a month"
        ),
    ],
)
def test_it_is_told_in_words(told: Callable[[], object]) -> None:
    said = str(told())
    assert "9999" not in said
    assert "for ever" in said
