"""App Home: what is open, for whoever opens it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.alerts.alert import Status
from bot.changes.severity import Severity
from bot.slack.listeners.desk import Desk
from bot.slack.listeners.payloads import HomeOpened
from bot.slack.views.blocks import Json
from bot.slack.views.home import LISTED, Listed, closed_home_view, home_view

LOOKED_AT = 50


def register(app: App, desk: Desk) -> None:
    """Listen for somebody opening the home."""

    @app.event("app_home_opened")
    def opened(body: dict[str, Any], client: WebClient) -> None:
        user = HomeOpened.model_validate(body).event.user
        client.views_publish(user_id=user, view=_view(desk, user))


def _view(desk: Desk, user: str) -> Json:
    refusal = desk.may_view(user)
    if refusal is not None:
        return closed_home_view(refusal, desk.who_may(refusal), desk.shown)
    listed = list(islice(_unresolved(desk), LISTED))
    total = sum(desk.store.timelines.count(f"severity:{each}") for each in Severity)
    return home_view(listed, desk.shown, total)


def _unresolved(desk: Desk) -> Iterator[Listed]:
    """Yield what needs somebody, the worst first, then the latest."""
    for severity in reversed(Severity):
        for alert_id in desk.store.timelines.listed(f"severity:{severity}", LOOKED_AT):
            reading = desk.store.timelines.read(alert_id)
            if reading is not None and reading.alert.status is not Status.RESOLVED:
                shown = reading.progress
                link = desk.directory.link(shown.channel, shown.ts) if shown.ts else ""
                yield Listed(reading.alert, link)
