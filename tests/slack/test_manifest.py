"""The manifest: it asks for exactly the scopes and events that the code uses."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from slack_bolt import App
from typer.testing import CliRunner

from bot.cli.main import app
from bot.slack.bolt import ACTIONS
from bot.slack.listeners.commands import COMMAND
from bot.slack.listeners.desk import Desk
from bot.slack.manifest import manifest
from bot.slack.scopes import BOT_SCOPES, EVENTS
from sandbox.slack.methods.table import METHODS
from tests.slack.test_bolt import Register

BOT = Path(__file__).parents[2] / "bot"

ALSO = {
    "channels:history": {"channels:history", "groups:history", "im:history"},
    "users:read.email": {"users:read", "users:read.email"},
}
"""By what the table names: one method for all kinds of channels, and a rule of Slack's own."""

INDIRECT = {"files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal")}
"""What the library makes several calls of."""

OF_EVENTS = {"app_home_opened": set[str]()}
"""The scopes that Slack asks for an event."""


def used_methods() -> set[str]:
    """Return the methods of the Web API that the code calls, by name or through the client."""
    known = {name.replace(".", "_"): name for name in METHODS}
    found: set[str] = set()
    for word in words_in_the_code():
        found.update(INDIRECT.get(word, ()))
        if word in METHODS:
            found.add(word)
        elif word in known:
            found.add(known[word])
    return found


def words_in_the_code() -> Iterator[str]:
    for path in (*(BOT / "slack").rglob("*.py"), BOT / "checks" / "slack.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.Attribute):
                yield node.attr


def test_the_scopes_are_those_that_the_calls_and_events_need() -> None:
    needed = {"commands"}
    for method in used_methods():
        scope = METHODS[method].scope
        needed |= ALSO.get(scope, {scope} - {""})
    for event in EVENTS:
        needed |= OF_EVENTS[event]
    assert needed == set(BOT_SCOPES)


def test_the_events_and_the_command_are_those_that_are_listened_for() -> None:
    register = Register()
    for module in ACTIONS:
        module.register(cast(App, register), cast(Desk, SimpleNamespace()))
    told = manifest()
    assert told["settings"]["event_subscriptions"]["bot_events"] == sorted(register.names["event"])
    (command,) = told["features"]["slash_commands"]
    assert [command["command"]] == register.names["command"] == [COMMAND]


def test_it_is_printed_as_slack_takes_it() -> None:
    printed = CliRunner().invoke(app, ["manifest", "--name", "watch"])
    assert printed.exit_code == 0
    told = json.loads(printed.output)
    assert told["display_information"]["name"] == "watch"
    assert told["oauth_config"]["scopes"]["bot"] == sorted(BOT_SCOPES)
    assert told["settings"]["socket_mode_enabled"] is True


def test_over_http_slack_is_told_the_address_for_all_that_it_sends() -> None:
    address = "https://sgwatch.example.com/slack"
    told = manifest(address=address)
    assert told["settings"]["socket_mode_enabled"] is False
    assert told["settings"]["event_subscriptions"]["request_url"] == address
    assert told["settings"]["interactivity"]["request_url"] == address
    assert told["features"]["slash_commands"][0]["url"] == address
