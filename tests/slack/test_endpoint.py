"""Over HTTP: the same listeners, and only for what Slack signed a moment ago, once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from bot.alerts.alert import Status
from bot.slack.bolt import build_app, web_client
from bot.slack.directory import Directory
from bot.slack.endpoint import LARGEST, Endpoint, EndpointError, once_each
from bot.slack.listeners.desk import Desk
from bot.store.store import Store
from sandbox.slack.posting import Posting
from sandbox.slack.server import SlackServer
from sandbox.slack.timing import Timing
from sandbox.slack.workspace import Workspace
from tests.slack.cases import SHOWN
from tests.slack.office import RIGHTS, Office

KIND = "application/json"
OPENED = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T0EXAMPLE",
    "authorizations": [{"team_id": "T0EXAMPLE", "user_id": "U0SGWATCH", "is_bot": True}],
    "event": {"type": "app_home_opened", "user": "U0ROSA", "tab": "home"},
}


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackServer]:
    with SlackServer(limits=False, timing=Timing(ack=30, trigger=30)) as server:
        yield server


@contextmanager
def listening(slack: SlackServer, store: Store) -> Iterator[tuple[Office, Endpoint, Posting]]:
    client = web_client(slack.bot_token, slack.api_url)
    office = Office(slack, store, client, Workspace(slack.url))
    desk = Desk(store, Directory(client, RIGHTS), SHOWN, office.planned, office.found, office.terms)
    guard = once_each(store.budgets)
    app = build_app(client, desk, signing_secret=slack.signing_secret, guard=guard)
    endpoint = Endpoint(app, "127.0.0.1:0")
    endpoint.start()
    try:
        yield office, endpoint, slack.post_to(f"http://127.0.0.1:{endpoint.port}/slack")
    finally:
        endpoint.stop()


def asked(endpoint: Endpoint, path: str, body: str, headers: dict[str, str]) -> int:
    connection = HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
    try:
        connection.request("POST", path, body=body.encode(), headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_click_a_form_a_command_and_an_event_arrive(slack: SlackServer, store: Store) -> None:
    with listening(slack, store) as (at_work, _, _):
        alert_id = at_work.raise_alert()
        message = at_work.show(alert_id)
        at_work.press("rosa", message, "Acknowledge")
        at_work.wait_for(alert_id, Status.ACKNOWLEDGED)
        form = at_work.form("rosa", message, "Mark benign…")
        rosa = at_work.person("rosa")
        assert rosa.submit(form, {"reason": {"value": "ok"}})["reason"]
        assert rosa.submit(form, {"reason": {"value": "a test of ours"}}) == {}
        at_work.wait_for(alert_id, Status.RESOLVED)
        rosa.command("/sgwatch", "help")
        assert "/sgwatch exempt" in rosa.wait_ephemeral().plain
        rosa.open_home()
        rosa.wait_home(lambda seen: "All quiet" in seen.plain)


def test_only_what_slack_signed_is_taken(slack: SlackServer, store: Store) -> None:
    body = json.dumps(OPENED)
    with listening(slack, store) as (_, endpoint, posting):
        old = replace(posting, clock=lambda: posting.clock() - 6 * 60)
        others = replace(posting, secret="another")
        unsigned = replace(posting, secret="")
        for one in (old, others, unsigned):
            assert asked(endpoint, "/slack", body, one.headers(body, KIND)) == 401
        changed = posting.headers(body, KIND)
        assert asked(endpoint, "/slack", body.replace("ROSA", "OSCAR"), changed) == 401
        assert asked(endpoint, "/slack", body, {"Content-Type": KIND}) == 401


def test_the_same_request_is_taken_once(slack: SlackServer, store: Store) -> None:
    body = json.dumps(OPENED)
    with listening(slack, store) as (_, endpoint, posting):
        signed = posting.headers(body, KIND)
        assert [asked(endpoint, "/slack", body, signed) for _ in range(3)] == [200, 401, 401]
    with listening(slack, store) as (_, another, _):
        assert asked(another, "/slack", body, signed) == 401


def test_what_is_no_request_of_slacks_is_refused(slack: SlackServer, store: Store) -> None:
    with listening(slack, store) as (_, endpoint, posting):
        large = {"Content-Type": KIND, "Content-Length": str(LARGEST + 1)}
        assert asked(endpoint, "/slack", "", large) == 413
        assert asked(endpoint, "/", "", posting.headers("", KIND)) == 404
        connection = HTTPConnection("127.0.0.1", endpoint.port, timeout=30)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"alive\n"
        connection.close()


def test_an_address_that_is_taken_is_told_with_its_mend(slack: SlackServer, store: Store) -> None:
    with listening(slack, store) as (at_work, endpoint, _):
        desk = Desk(
            store,
            Directory(at_work.client, RIGHTS),
            SHOWN,
            at_work.planned,
            at_work.found,
            at_work.terms,
        )
        app = build_app(at_work.client, desk, verify=False, signing_secret="s")
        with pytest.raises(EndpointError, match=r"SGWATCH_SLACK_ADDRESS 127.0.0.1:.* in use"):
            Endpoint(app, f"127.0.0.1:{endpoint.port}")
        app.threads.shutdown()
