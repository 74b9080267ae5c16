"""An answer comes within Slack's three seconds, whatever takes long."""

from threading import Event
from typing import Any, cast

import pytest
from slack_bolt import Ack
from slack_sdk import WebClient

from bot.alerts.commands import Refusal
from bot.slack.listeners.answers import ToldError
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.modals import Answer
from bot.slack.views.waiting import waiting

DESK = cast(Desk, None)


class Acked(Ack):
    """Remembers each acknowledgement, as bolt takes the first."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.given: list[dict[str, Any]] = []
        self.some = Event()

    def __call__(self, *_: object, **given: Any) -> Any:
        self.given.append(given)
        self.some.set()


class Views:
    """Remembers what views were replaced with."""

    def __init__(self) -> None:
        self.shown: list[dict[str, Any]] = []

    def views_update(self, view_id: str, view: dict[str, Any]) -> None:
        assert view_id == "V1"
        self.shown.append(view)


def answer(patience: float = 60) -> tuple[Answer, Acked, Views]:
    acked, views = Acked(), Views()
    client = cast(WebClient, views)
    asked = Answer(acked, client, "V1", "Revert", patience=patience, settling=0.01)
    return asked, acked, views


def test_an_answer_in_time_closes_the_form() -> None:
    asked, acked, views = answer()
    with asked:
        asked.close("Done.")
    assert acked.given == [{}]
    assert not views.shown


def test_an_answer_that_takes_long_tells_to_wait_and_then_what_was_done() -> None:
    asked, acked, views = answer(patience=0)
    with asked:
        assert acked.some.wait(5)
        asked.close("The revert is under way.")
    assert acked.given == [{"response_action": "update", "view": waiting("Revert")}]
    [shown] = views.shown
    assert "The revert is under way." in str(shown)


@pytest.mark.parametrize("patience", [pytest.param(60, id="in time"), pytest.param(0, id="late")])
def test_a_failure_is_told_in_place_of_the_form(patience: float) -> None:
    asked, acked, views = answer(patience)

    def fail() -> None:
        with asked:
            if not patience:
                assert acked.some.wait(5)
            raise ValueError("a bug")

    with pytest.raises(ToldError) as told:
        fail()
    assert isinstance(told.value.__cause__, ValueError)
    assert "Nothing was decided" in str([acked.given, views.shown])
    assert len(acked.given) == 1


@pytest.mark.parametrize(
    ("patience", "refusal", "action"),
    [
        pytest.param(60, Refusal("No.", field="reason"), "errors", id="beside the field"),
        pytest.param(60, Refusal("No."), "update", id="in place of the form"),
        pytest.param(0, Refusal("No.", field="reason"), "update", id="late, there is no field"),
    ],
)
def test_a_refusal_stands_where_it_helps(patience: float, refusal: Refusal, action: str) -> None:
    class Nobody:
        def who_may(self, _: Refusal) -> str:
            return ""

    asked, acked, views = answer(patience)
    with asked:
        if not patience:
            assert acked.some.wait(5)
        asked.settle(refusal, cast(Desk, Nobody()), "Done.")
    assert [given["response_action"] for given in acked.given] == [action]
    assert "No." in str([acked.given, views.shown])
