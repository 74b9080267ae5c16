"""The app: each name that we render has one listener, and a delivery counts once."""

import os
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from slack_bolt import App, BoltRequest

from bot.slack.bolt import ACTIONS, Recent, build_app, web_client
from bot.slack.listeners.desk import Desk
from bot.slack.views.blocks import Json
from sandbox.slack.server import SlackServer
from tests.slack.cases import MESSAGES, SHOWN, VIEWS


class Register:
    """Takes the place of the app, and notes who listens for what."""

    def __init__(self) -> None:
        self.names: dict[str, list[str]] = {"action": [], "view": [], "command": [], "event": []}

    def __getattr__(self, kind: str) -> Callable[[str], Callable[[object], None]]:
        def listen(name: str) -> Callable[[object], None]:
            self.names[kind].append(str(name))
            return lambda _: None

        return listen


def test_each_button_and_form_has_a_listener_and_each_listener_is_rendered() -> None:
    register = Register()
    for module in ACTIONS:
        module.register(cast(App, register), cast(Desk, SimpleNamespace()))
    shown = [list(message().blocks) for message in MESSAGES.values()]
    views = [view() for view in VIEWS.values()]
    actions = {name for value in [*shown, *views] for name in names_in(value, "action_id")}
    forms = {name for view in views for name in names_in(view, "callback_id")}
    assert sorted(register.names["action"]) == sorted(actions)
    assert sorted(register.names["view"]) == sorted(forms)
    assert register.names["command"] == ["/sgwatch"]
    assert register.names["event"] == ["app_home_opened"]


def names_in(value: object, key: str) -> list[str]:
    """Return the names under a key; a field sends nothing by itself, so its name does not count."""
    if isinstance(value, list | tuple):
        return [name for item in value for name in names_in(item, key)]
    if not isinstance(value, dict):
        return []
    fields: Json = value
    own = [fields[key]] if key in fields else []
    inner = (item for name, item in fields.items() if name != "element")
    return own + [name for item in inner for name in names_in(item, key)]


def test_a_delivery_with_a_known_id_is_dropped(slack: SlackServer) -> None:
    published: list[str] = []
    client = web_client(slack.bot_token, slack.api_url)
    app = build_app(client, desk_that_notes(published)).app
    body: dict[str, Any] = {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T0EXAMPLE",
        "authorizations": [{"team_id": "T0EXAMPLE", "user_id": "U0SGWATCH", "is_bot": True}],
        "event": {"type": "app_home_opened", "user": "U0ROSA", "tab": "home"},
    }
    for event_id in ("Ev1", "Ev1", "Ev2"):
        request = BoltRequest(mode="socket_mode", body=body | {"event_id": event_id})
        assert app.dispatch(request).status == 200
    app.listener_runner.listener_executor.shutdown()
    assert published == ["U0ROSA", "U0ROSA"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param({"command": "/old", "user_id": "U0ROSA"}, "older version", id="a command"),
        pytest.param(
            {"type": "shortcut", "callback_id": "old", "user": {"id": "U0ROSA"}},
            "",
            id="a shortcut",
        ),
        pytest.param(
            {"type": "view_closed", "view": {"callback_id": "x"}, "user": {"id": "U0ROSA"}},
            "",
            id="a closed view",
        ),
        pytest.param(
            {"type": "event_callback", "event_id": "Ev9", "event": {"type": "channel_rename"}},
            "",
            id="an event",
        ),
    ],
)
def test_nothing_is_left_without_an_acknowledgement(
    slack: SlackServer, body: dict[str, Any], said: str
) -> None:
    app = build_app(web_client(slack.bot_token, slack.api_url), desk_that_notes([])).app
    response = app.dispatch(BoltRequest(mode="socket_mode", body=body | {"team_id": "T0EXAMPLE"}))
    assert response.status == 200
    assert said in str(response.body)


def desk_that_notes(asked: list[str]) -> Desk:
    """Return a desk that notes who asked, and then fails."""

    def may_view(user: str) -> None:
        asked.append(user)
        raise RuntimeError("enough seen")

    return cast(Desk, SimpleNamespace(may_view=may_view, shown=SHOWN))


def test_recent_forgets_the_oldest_first() -> None:
    recent = Recent(size=2)
    assert [recent.first(key) for key in ("a", "b", "a", "c", "a")] == [
        True,
        True,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("address", "spared"),
    [
        pytest.param("http://127.0.0.1:9/api/", "corp.example,127.0.0.1", id="this machine"),
        pytest.param("https://slack.com/api/", "corp.example", id="another"),
    ],
)
def test_no_proxy_is_asked_for_this_machine(
    address: str, spared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "corp.example")
    for _ in range(2):
        web_client("xoxb-1", address)
    assert os.environ["no_proxy"] == spared


def test_the_client_never_tries_again_on_its_own() -> None:
    assert web_client("xoxb-1", "https://slack.com/api/").retry_handlers == []
