"""What is counted and timed while the bot works."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import metrics
from bot.aws.errors import AwsError
from bot.slack.bolt import build_app, web_client
from bot.slack.listeners.desk import Desk
from bot.slack.presenter import Face, Presenter
from bot.slack.views.message import Message
from bot.store.store import Store
from sandbox.slack.faults import Limited, Lost
from sandbox.slack.people import ALERTS
from sandbox.slack.server import SlackServer
from tests.builders import NOON, later
from tests.simulation.edges import eventbridge
from tests.slack.test_presenter import CHANNEL, Slack, a_presenter, no_reply
from tests.test_poller import a_poller, a_record

Grown = Callable[..., float]


@pytest.fixture
def grown() -> Grown:
    """Return what tells by how much a number has grown since the test began."""
    before = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
    }

    def by(name: str, **labels: str) -> float:
        now = metrics.REGISTRY.get_sample_value(name, labels) or 0.0
        return now - before.get((name, tuple(sorted(labels.items()))), 0.0)

    return by


def test_records_are_counted_by_what_became_of_them(store: Store, grown: Grown) -> None:
    known = eventbridge(a_record("a"))
    a_poller(store, known, known, eventbridge(a_record("b", later(1)))).poll()
    assert grown("sgwatch_events_total", outcome="alerted") == 2
    assert grown("sgwatch_events_total", outcome="known") == 1
    assert grown("sgwatch_receives_total", result="ok") == 1
    assert metrics.last_receive() > 0


def test_how_late_a_record_is_read_is_timed_once_and_kept(store: Store, grown: Grown) -> None:
    at = store.attention.now() - timedelta(minutes=3)
    message = eventbridge(a_record("late", at))
    a_poller(store, message, message).poll()
    assert grown("sgwatch_delay_seconds_count", stage="event_to_received") == 1
    assert 180 <= grown("sgwatch_delay_seconds_sum", stage="event_to_received") < 300
    outcome = store.events.outcome(at.date(), "late")
    assert outcome is not None
    assert outcome.received is not None
    assert outcome.received - at >= timedelta(minutes=3)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("{", "message", id="no envelope"),
        pytest.param(
            eventbridge(a_record(at=NOON - timedelta(days=40000))), "record", id="too old a record"
        ),
    ],
)
def test_dead_letters_are_counted_by_their_kind_of_reason(
    store: Store, grown: Grown, body: str, reason: str
) -> None:
    a_poller(store, body).poll()
    assert grown("sgwatch_dead_letters_total", reason=reason) == 1


def test_a_read_of_the_queue_that_fails_is_counted_and_is_no_read(grown: Grown) -> None:
    before = metrics.last_receive()
    with pytest.raises(AwsError), metrics.receiving():
        raise AwsError("no such queue", retry=False)
    assert grown("sgwatch_receives_total", result="failed") == 1
    assert metrics.last_receive() == before


def attend(presenter: Presenter, store: Store) -> None:
    """Let the channel have its turns until it has nothing to show."""
    while store.channels.pending(CHANNEL):
        store.channels.hold(CHANNEL, NOON - timedelta(days=1))
        presenter.attend(CHANNEL, lambda: None)


def test_a_change_is_timed_when_slack_shows_it_first(store: Store, grown: Grown) -> None:
    presenter = a_presenter(store, Slack(), "SGW-TIMED001")
    attend(presenter, store)
    assert grown("sgwatch_delay_seconds_count", stage="received_to_posted") == 1
    assert grown("sgwatch_delay_seconds_count", stage="event_to_posted") == 1
    reading = store.timelines.read("SGW-TIMED001")
    assert reading is not None
    assert reading.progress.posted is not None
    assert reading.progress.posted == reading.progress.edited_at


class Edited(Slack):
    """Slack that takes edits, too."""

    def edit(self, channel: str, ts: str, text: str, blocks: object) -> None:
        self.posted.append(text)


def test_a_change_that_an_edit_shows_is_timed_and_no_other_again(
    store: Store, grown: Grown
) -> None:
    slack, at = Edited(), store.attention.now()
    face = Face(lambda alert: Message(f"{alert.counts.changes} changes", ()), no_reply)
    for event in ("a", "b"):
        a_poller(store, eventbridge(a_record(event, at))).poll()
        outcome = store.events.outcome(at.date(), event)
        assert outcome is not None
        reading = store.timelines.read(outcome.alert)
        assert reading is not None
        long_ago = replace(reading.progress, edited_at=NOON)
        store.timelines.save_progress(outcome.alert, reading.progress, long_ago)
        store.channels.enqueue(reading.alert)
        attend(Presenter(store, slack, face), store)
    assert slack.posted[1:] == ["2 changes"]
    assert grown("sgwatch_delay_seconds_count", stage="received_to_posted") == 2


def test_a_delay_is_never_less_than_nothing(grown: Grown) -> None:
    metrics.event_received("alerted", NOON, NOON - timedelta(seconds=5))
    assert grown("sgwatch_delay_seconds_sum", stage="event_to_received") == 0


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackServer]:
    with SlackServer(limits=False) as server:
        yield server


def test_calls_to_slack_are_counted_by_how_they_end(slack: SlackServer, grown: Grown) -> None:
    client = web_client(slack.bot_token, slack.api_url)
    client.auth_test()
    for fault in (Limited(), Lost()):
        slack.order_fault("auth.test", fault)
        with pytest.raises((SlackApiError, OSError)):
            client.auth_test()
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0NOWHERE", text="hello")
    client.chat_postMessage(channel=ALERTS.id, text="hello")
    calls = {
        (method, result): grown("sgwatch_slack_calls_total", method=method, result=result)
        for method in ("auth.test", "chat.postMessage")
        for result in ("ok", "ratelimited", "refused", "unreachable", "failed")
    }
    assert {call: count for call, count in calls.items() if count} == {
        ("auth.test", "ok"): 1,
        ("auth.test", "ratelimited"): 1,
        ("auth.test", "unreachable"): 1,
        ("chat.postMessage", "ok"): 1,
        ("chat.postMessage", "refused"): 1,
    }


def test_calls_of_listeners_are_counted_too(slack: SlackServer, grown: Grown) -> None:
    def calls(client: WebClient, next_: Callable[[], BoltResponse]) -> BoltResponse:
        client.auth_test()
        return next_()

    app = build_app(
        web_client(slack.bot_token, slack.api_url), cast(Desk, SimpleNamespace()), verify=False
    )
    app.app.use(calls)
    app.app.dispatch(BoltRequest(mode="socket_mode", body={"command": "/x", "user_id": "U0ROSA"}))
    app.threads.shutdown()
    assert grown("sgwatch_slack_calls_total", method="auth.test", result="ok") == 1


def test_rule_files_are_told_as_they_are_now() -> None:
    metrics.rule_files(["loaded", "loaded", "invalid"])
    metrics.rule_files(["loaded", "unsupported"])
    told = {
        status: metrics.REGISTRY.get_sample_value("sgwatch_rule_files", {"status": status})
        for status in ("loaded", "unsupported", "invalid")
    }
    assert told == {"loaded": 1, "unsupported": 1, "invalid": 0}
