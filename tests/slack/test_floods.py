"""One role that changes very much: one message, few edits, and every change costs the same."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from redis import Redis

from bot.changes.severity import Severity
from bot.store.link import Link
from bot.store.store import connect
from tests.slack.storms import World, world

SECONDS = 60
SETTLED = 100
"""Changes after which an alert holds its 50 worst, and grows no more."""


@pytest.fixture
def sky(redis_url: str, link: Link) -> Iterator[World]:
    with world(connect(redis_url), link.keys.prefix) as opened:
        yield opened


@dataclass(frozen=True)
class Cost:
    """What Redis was asked, and how much it answered."""

    commands: int
    received: int
    sent: int


def cost_of_one_more(sky: World) -> Cost:
    """Append, fold and show one more change."""
    sky.pass_by(30)
    sky.work()
    before = _counted(sky.client)
    sky.change("terraform-ci")
    sky.work()
    sky.pass_by(30)
    sky.work()
    after = _counted(sky.client)
    return Cost(*(now - then for now, then in zip(after, before, strict=True)))


def _counted(client: Redis) -> tuple[int, int, int]:
    calls = client.info("commandstats")
    stats = client.info("stats")
    commands = sum(each["calls"] for name, each in calls.items() if name != "cmdstat_info")
    return commands, stats["total_net_input_bytes"], stats["total_net_output_bytes"]


def one_role(sky: World, many: int) -> None:
    """Let one role make so many changes in a minute, with a worker at work."""
    for _ in range(SECONDS):
        for _ in range(many // SECONDS):
            sky.change("terraform-ci")
        sky.change("terraform-ci")
        sky.run(1)
    sky.run(30)


@pytest.mark.parametrize(
    "many",
    [
        pytest.param(1_000, id="a thousand in a minute"),
        pytest.param(10_000, marks=pytest.mark.long, id="ten thousand in a minute"),
    ],
)
def test_one_role_is_one_message_and_a_handful_of_edits(sky: World, many: int) -> None:
    one_role(sky, many)
    (sent,) = sky.slack.sent.values()
    assert f"changed {sky.numbers} rules" in sent.text
    assert sky.numbers >= many
    assert len(sky.slack.edits) <= 10
    assert sum(1 for _ in sky.store.timelines.changes(sent.mark.alert)) == sky.numbers


@pytest.mark.parametrize(
    "many",
    [
        pytest.param(1_000, id="after a thousand"),
        pytest.param(10_000, marks=pytest.mark.long, id="after ten thousand"),
    ],
)
def test_one_more_change_costs_what_the_hundredth_did(sky: World, many: int) -> None:
    one_role(sky, SETTLED)
    early = cost_of_one_more(sky)
    one_role(sky, many)
    late = cost_of_one_more(sky)
    assert late.commands <= early.commands
    assert late.received <= 1.05 * early.received
    assert late.sent <= 1.05 * early.sent


def test_a_rise_in_a_flood_is_shown_at_once(sky: World) -> None:
    one_role(sky, 120)
    sky.change("terraform-ci")
    sky.pass_by(30)
    sky.work()
    sky.change("terraform-ci", Severity.HIGH)
    sky.run(2)
    (sent,) = sky.slack.sent.values()
    assert "HIGH" in sent.text
