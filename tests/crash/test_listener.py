"""Clicks: many at once, the same one twice, and one on a message from before an upgrade."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random

import pytest

from bot.alerts.entries import Acknowledged
from sandbox.slack.channels import Message
from sandbox.slack.people import ALERTS, BOT_USER
from sandbox.slack.seen import SeenMessage
from sandbox.slack.team import Team
from sandbox.tap import PASS, Slow
from tests.crash.events import many, send
from tests.crash.lane import Lane
from tests.crash.promises import check_alerts
from tests.crash.scenario import Case

pytestmark = pytest.mark.line

CLICKS = 40
FEW = 10
"""Alerts at once that do not make a storm yet."""


def shown(lane: Lane, rng: Random, alerts: int) -> Case:
    """Return a case in which so many alerts are shown."""
    lane.keep_running()
    lane.wait_ready()
    case = Case(lane)
    bodies = many(lane, rng, alerts, principals=alerts).bodies
    for start in range(0, alerts, FEW):
        few = bodies[start : start + FEW]
        send(lane, few)
        shown_now = partial(are_shown, case, start + len(few))
        lane.until(shown_now, f"{start + len(few)} alerts are shown")
    case.until_quiet()
    return case


def are_shown(case: Case, count: int) -> bool:
    return len(messages(case)) == count


def messages(case: Case) -> list[SeenMessage]:
    return [message for message in case.messages() if not message.is_reply]


def acknowledged(case: Case) -> list[int]:
    """Return how many times each alert was acknowledged."""
    return [
        sum(isinstance(entry, Acknowledged) for entry in case.entries(alert))
        for alert in case.alerts
    ]


def test_forty_clicks_at_once_are_each_answered_in_slacks_time(lane: Lane, rng: Random) -> None:
    case = shown(lane, rng, CLICKS)
    rosa = lane.stage.workspace.person("rosa")

    def click(message: SeenMessage) -> None:
        # The workspace counts 3 seconds from sending to the acknowledgement: NotAnsweredError.
        rosa.click(message, message.button("Acknowledge").action_id)

    with ThreadPoolExecutor(CLICKS) as hands:
        for answered in [hands.submit(click, message) for message in messages(case)]:
            answered.result()
    lane.until(lambda: acknowledged(case) == [1] * CLICKS, "each click is decided")
    case.until_quiet()
    check_alerts(case)


def test_the_same_click_delivered_twice_counts_once(lane: Lane, rng: Random) -> None:
    case = shown(lane, rng, 1)
    (message,) = messages(case)
    # Both are read before either is decided.
    lane.taps["redis"].reset(lambda asked: Slow(0.4) if asked.label == "append" else PASS)
    lane.stage.slack.repeat_envelopes(2)
    try:
        rosa = lane.stage.workspace.person("rosa")
        rosa.click(message, message.button("Acknowledge").action_id)
    finally:
        lane.stage.slack.repeat_envelopes(1)
    lane.until(lambda: acknowledged(case) == [1], "the click is decided")
    case.until_quiet()
    assert acknowledged(case) == [1]
    check_alerts(case)


OLD = [
    pytest.param("sgwatch.snooze", "v0|SGW-OLD", id="an action that is no more"),
    pytest.param("acknowledge", "SGW-OLD", id="a value in the form of an earlier version"),
    pytest.param("acknowledge", "", id="a button without a value"),
]


@pytest.mark.parametrize(("action", "value"), OLD)
def test_a_click_on_a_message_from_before_an_upgrade_gets_an_answer(
    lane: Lane, rng: Random, action: str, value: str
) -> None:
    lane.keep_running()
    lane.wait_ready()
    button = {"type": "button", "text": {"type": "plain_text", "text": "Old"}, "action_id": action}
    block = {"type": "actions", "elements": [button | ({"value": value} if value else {})]}

    def post(team: Team) -> Message:
        text = "An alert from before"
        message = Message(team.stamps.next(), BOT_USER, text, blocks=[block])
        return team.post(team.channel(ALERTS.id), message)

    ts = lane.stage.slack.do(post).ts
    workspace = lane.stage.workspace
    old = next(message for message in workspace.messages(ALERTS.id) if message.ts == ts)
    workspace.person("rosa").click(old, action)
    told = workspace.person("rosa").wait_ephemeral(lambda m: m.ts > ts, 20)
    assert "again" in told.plain or "version" in told.plain
