"""The stage, once for all tests of a module, and hands for what they do there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.alerts.commands import MarkBenign
from bot.store.deciding import decide_on
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from bot.store.timelines import Reading
from sandbox.groups import groups_of
from sandbox.slack.people import ALERTS
from sandbox.slack.person import SlackPerson
from sandbox.slack.seen import SeenMessage, SeenModal
from sandbox.stage import Bot, Stage
from tests.builders import MARCUS

PATIENCE = 25.0


@dataclass
class Line:
    """The stage with sgwatch running on it."""

    stage: Stage
    bot: Bot

    @property
    def store(self) -> Store:
        return open_store(Link(connect(self.stage.redis.url), "{sgwatch}"))

    def person(self, who: str) -> SlackPerson:
        return self.stage.workspace.person(who)

    def alert_after(self, play: Callable[[], object], words: str = "") -> SeenMessage:
        """Return the alert that appears after something was done on AWS."""
        known = {message.ts for message in self.alerts()}
        play()
        return self.stage.workspace.wait_message(
            ALERTS.id,
            lambda m: m.ts not in known and not m.broadcast and words in m.plain,
            PATIENCE,
        )

    def alerts(self) -> list[SeenMessage]:
        return [m for m in self.stage.workspace.messages(ALERTS.id) if not m.broadcast]

    def when(self, alert: SeenMessage, words: str, patience: float = PATIENCE) -> SeenMessage:
        """Return the alert once it says so."""
        return self.stage.workspace.wait_change(alert, lambda m: words in m.plain, patience)

    def reply(self, alert: SeenMessage, words: str) -> SeenMessage:
        return self.stage.workspace.wait_reply(alert, lambda m: words in m.plain, PATIENCE)

    def press(self, who: str, alert: SeenMessage, label: str) -> None:
        now = self.stage.workspace.again(alert)
        self.person(who).click(now, now.button(label).action_id)

    def choose(self, who: str, alert: SeenMessage, label: str) -> None:
        """Choose in the alert's menu."""
        self.person(who).choose(self.stage.workspace.again(alert), label)

    def form(self, who: str, title: str) -> SeenModal:
        """Return the form once it is filled."""
        return self.person(who).wait_modal(
            lambda m: m.title == title and bool(m.inputs()), PATIENCE
        )

    def submit(self, who: str, modal: SeenModal, **typed: str) -> dict[str, str]:
        actions = dict(modal.inputs().values())
        values = {block: {actions[block]: text} for block, text in typed.items()}
        return self.person(who).submit(modal, values)

    def groups(self) -> list[dict[str, Any]]:
        return groups_of(self.stage.world)


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    with Stage(visibility_seconds=5) as stage, stage.bot() as bot:
        yield Line(stage, bot)


@pytest.fixture(autouse=True)
def _every_alert_is_resolved_at_last(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test's changes join the alert of another."""
    yield
    if "line" not in request.fixturenames:
        return
    store = request.getfixturevalue("line").store
    for status in ("open", "acknowledged"):
        for alert_id in store.timelines.listed(f"status:{status}"):
            decide_on(store, alert_id, _benign, MARCUS)


def _benign(reading: Reading) -> MarkBenign:
    return MarkBenign("the test is over", reading.alert.counts.changes)
