"""The presenter on a real Redis: one failing alert holds up no other, new ones come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.alerts.alert import Alert
from bot.alerts.entries import Entry
from bot.slack.messages import Mark, SlackError, SlackMessages, translated
from bot.slack.presenter import Face, Presenter
from bot.slack.views.message import Message
from bot.slack.views.reply import Reply
from bot.store.store import Store
from tests.store.events import an_outcome, placed_new

CHANNEL = "C0ALERTS"
A_WHILE = timedelta(seconds=40)


@dataclass
class Slack:
    """Remembers the alerts posted; ``errors`` are answered first."""

    posted: list[str] = field(default_factory=list)
    errors: list[SlackError] = field(default_factory=list)

    def post(self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]], mark: Mark) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.posted.append(mark.alert)
        return f"{len(self.posted)}.0"

    def edit(self, channel: str, ts: str, text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
        raise SlackError("ratelimited", retry=True, wait=A_WHILE, method="chat.update")

    def reply(
        self,
        channel: str,
        ts: str,
        text: str,
        mark: Mark,
        *,
        broadcast: bool,
        blocks: Sequence[Mapping[str, Any]] = (),
    ) -> str:
        raise NotImplementedError

    def find(self, channel: str, mark: Mark, since: datetime) -> str | None:
        return "1.0" if mark.alert in self.posted else None

    def find_reply(self, channel: str, ts: str, mark: Mark) -> str | None:
        return None


def message(alert: Alert) -> Message:
    if alert.id == "SGW-BROKEN01":
        raise ValueError("a block is too long")
    return Message(alert.id, ())


def no_reply(_: Entry, __: int, ___: Alert) -> Reply | None:
    return None


def a_presenter(store: Store, slack: Slack, *alerts: str) -> Presenter:
    for number, alert in enumerate(alerts):
        outcome = an_outcome(f"event-{number}")
        placing = replace(placed_new(alert), group=f"group-{number}")
        store.events.write(outcome, placing)
        reading = store.timelines.read(alert)
        assert reading is not None
        store.channels.enqueue(reading.alert)
    return Presenter(store, slack, Face(message, no_reply))


def attend(presenter: Presenter) -> datetime | None:
    return presenter.attend(CHANNEL, lambda: None)


def test_an_alert_that_cannot_be_rendered_holds_up_no_other(store: Store) -> None:
    slack = Slack()
    attend(a_presenter(store, slack, "SGW-BROKEN01", "SGW-HEALTHY1"))
    assert slack.posted == ["SGW-HEALTHY1"]


def test_a_429_is_waited_out_and_loses_nothing(store: Store) -> None:
    slack = Slack(errors=[SlackError("ratelimited", retry=True, wait=timedelta(seconds=30))])
    presenter = a_presenter(store, slack, "SGW-HEALTHY1")
    due = attend(presenter)
    assert due is not None
    assert due >= store.attention.now() + timedelta(seconds=25)
    assert attend(presenter) == due
    assert slack.posted == []
    assert store.channels.pending(CHANNEL) == ["SGW-HEALTHY1"]


def test_a_post_whose_end_was_lost_is_looked_for_first(store: Store) -> None:
    slack = Slack()
    presenter = a_presenter(store, slack, "SGW-HEALTHY1")
    slack.posted.append("SGW-HEALTHY1")
    reading = store.timelines.read("SGW-HEALTHY1")
    assert reading is not None
    begun = replace(reading.progress, posting=reading.now)
    store.timelines.save_progress("SGW-HEALTHY1", reading.progress, begun)
    attend(presenter)
    assert slack.posted == ["SGW-HEALTHY1"]


def test_what_nobody_has_seen_comes_before_edits(store: Store) -> None:
    slack = Slack()
    a_presenter(store, slack, "SGW-HEALTHY1", "SGW-HEALTHY2")
    first = store.timelines.read("SGW-HEALTHY1")
    assert first is not None
    store.channels.enqueue(first.alert, unseen=False)
    assert store.channels.pending(CHANNEL) == ["SGW-HEALTHY2", "SGW-HEALTHY1"]


def test_an_archived_channel_is_told_to_the_operators(store: Store) -> None:
    slack = Slack(errors=[SlackError("is_archived", retry=False)])
    attend(a_presenter(store, slack, "SGW-HEALTHY1"))
    (notice,) = store.notices.all()
    assert "C0ALERTS cannot be written to (is_archived): unarchive it" in notice.what


def test_a_spent_budget_holds_the_channel_and_loses_nothing(store: Store) -> None:
    class Spent:
        def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
            return timedelta(seconds=40)

        def rest(self, name: str, wait: timedelta) -> None:
            raise NotImplementedError

    client = WebClient("xoxb-none", base_url="http://127.0.0.1:9/")
    a_presenter(store, Slack(), "SGW-HEALTHY1")
    presenter = Presenter(store, SlackMessages(client, Spent()), Face(message, no_reply))
    due = attend(presenter)
    assert due is not None
    assert due > store.attention.now() + timedelta(seconds=30)
    assert store.channels.pending(CHANNEL) == ["SGW-HEALTHY1"]


def test_edits_that_must_wait_hold_up_no_new_alert(store: Store) -> None:
    slack = Slack()
    presenter = a_presenter(store, slack, "SGW-HEALTHY1")
    first = store.timelines.read("SGW-HEALTHY1")
    assert first is not None
    shown = replace(first.progress, channel=CHANNEL, ts="1.0", digest="as it was")
    store.timelines.save_progress("SGW-HEALTHY1", first.progress, shown)
    due = attend(presenter)
    assert due is not None
    assert due > store.attention.now() + A_WHILE / 2
    a_presenter(store, slack, "SGW-HEALTHY1", "SGW-HEALTHY2")
    attend(presenter)
    assert slack.posted == ["SGW-HEALTHY2"]


def test_a_channel_that_takes_nothing_is_tried_once_for_all(store: Store) -> None:
    slack = Slack(errors=[SlackError("token_revoked", retry=False)] * 3)
    presenter = a_presenter(store, slack, "SGW-HEALTHY1", "SGW-HEALTHY2", "SGW-HEALTHY3")
    due = attend(presenter)
    assert due is not None
    assert due > store.attention.now()
    assert len(slack.errors) == 2
    (notice,) = store.notices.all()
    assert "install the app again" in notice.what


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        pytest.param("30", 30, id="so many seconds"),
        pytest.param("9" * 5000, 86400, id="more than anybody waits"),
        pytest.param("soon", 1, id="in words"),
        pytest.param("-5", 1, id="in the past"),
    ],
)
def test_how_long_slack_tells_us_to_wait(told: str, seconds: int) -> None:
    client = WebClient("xoxb-none")
    response = SlackResponse(
        client=client,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False},
        headers={"Retry-After": told},
        status_code=429,
    )
    wait = translated(SlackApiError("", response)).wait  # type: ignore[no-untyped-call]
    assert wait == timedelta(seconds=seconds)
