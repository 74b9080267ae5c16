"""Fallbacks: what no listener knows is acknowledged and answered, and a failure is told.

Registered last: bolt takes the first listener that matches.
"""

import logging
import re
from typing import Any

from slack_bolt import Ack, App, BoltResponse, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.alerts.commands import Refusal
from bot.slack.listeners.answers import ToldError, privately
from bot.slack.listeners.payloads import Click
from bot.slack.views.refs import StaleRefError
from bot.slack.views.refusal import FAILED, OUTDATED, refusal_message, refusal_modal

ANYTHING = re.compile(".*", re.DOTALL)
TITLE = "sgwatch"

log = logging.getLogger(__name__)


def register(app: App) -> None:
    """Listen for everything else."""

    @app.action(ANYTHING)
    def action(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        _tell(client, body, OUTDATED)

    @app.view_submission(ANYTHING)
    def form(ack: Ack) -> None:
        ack(response_action="update", view=refusal_modal(TITLE, OUTDATED))

    @app.command(ANYTHING)
    def command(ack: Ack) -> None:
        ack(text=refusal_message(OUTDATED).text)

    for listen in (app.shortcut, app.options, app.view_closed, app.event):
        listen(ANYTHING)(_drop)

    app.error(_failed)


def _drop(ack: Ack) -> None:
    ack()


def _failed(
    error: Exception, body: dict[str, Any], client: WebClient, respond: Respond
) -> BoltResponse:
    """Log what failed, and tell the person where nobody has yet. Bodies are never logged."""
    log.error("a listener failed: %s", type(error).__name__, exc_info=error)
    refusal = OUTDATED if isinstance(error, StaleRefError) else FAILED
    if isinstance(error, ToldError):
        return BoltResponse(status=200)
    if body.get("type") == "view_submission":
        view = refusal_modal(TITLE, refusal)
        answer = {"response_action": "update", "view": view}
        return BoltResponse(status=200, body=answer)
    try:
        if body.get("command"):
            respond(text=refusal_message(refusal).text, response_type="ephemeral")
        else:
            _tell(client, body, refusal)
    except (SlackClientError, OSError):
        log.exception("nor could the person be told")
    return BoltResponse(status=200)


def _tell(client: WebClient, body: dict[str, Any], refusal: Refusal) -> None:
    """Tell whoever pressed a button on a message; elsewhere there is no place to."""
    click = Click.model_validate(body)
    if click.container.channel_id:
        privately(client, click, refusal_message(refusal))
