"""What no listener knows is answered, and what fails is told. Nothing is left without an ack."""

import logging

import pytest
from slack_sdk.models.blocks import ActionsBlock, ButtonElement

from bot.slack.views.blocks import modal, reason_input
from bot.store.link import Link
from bot.store.store import connect, open_store
from sandbox.slack.faults import Broken
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from sandbox.slack.server import SlackServer
from tests.slack.office import Office, office

OLD = "from an older version"


def posted(at_work: Office, action_id: str, value: str) -> SeenMessage:
    button = ButtonElement(text="Old", action_id=action_id, value=value)
    blocks = [ActionsBlock(elements=[button]).to_dict()]
    ts = at_work.client.chat_postMessage(channel=ALERTS.id, text="old", blocks=blocks)["ts"]
    return at_work.workspace.wait_message("sg-alerts", lambda seen: seen.ts == ts)


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        pytest.param("sg_isolate", "x", id="a button that nobody listens to"),
        pytest.param("acknowledge", "SGW-1", id="a value of another form"),
        pytest.param("acknowledge", '{"alert": "<!channel>", "version": 1}', id="no alert id"),
        pytest.param("benign", '{"alert": "SGW-1"}', id="a value without a version"),
    ],
)
def test_an_old_button_says_so(at_work: Office, action_id: str, value: str) -> None:
    at_work.press("rosa", posted(at_work, action_id, value), "Old")
    assert OLD in at_work.person("rosa").wait_ephemeral().plain


@pytest.mark.parametrize(
    ("form", "metadata"),
    [
        pytest.param("old_form", "{}", id="a form that nobody listens to"),
        pytest.param("benign_form", "SGW-1", id="metadata of another form"),
    ],
)
def test_an_old_form_says_so(at_work: Office, form: str, metadata: str) -> None:
    rosa = at_work.person("rosa")
    rosa.command("/sgwatch", "exempt SGW-GONE")
    view = rosa.wait_modal(lambda seen: "There is no alert" in seen.plain)
    old = modal("Old", [reason_input("Why?")], form=form, submit="Go", metadata=metadata)
    at_work.client.views_update(view_id=view.id, view=old)
    again = rosa.wait_modal(lambda seen: bool(seen.inputs()))
    rosa.submit(again, {"reason": {"value": "because"}})
    rosa.wait_modal(lambda seen: OLD in seen.plain)


def test_while_slack_does_not_say_who_people_are_nobody_decides(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    message = at_work.show(alert_id)
    at_work.server.order_fault("users.info", Broken())
    at_work.press("rosa", message, "Acknowledge")
    told = at_work.person("rosa").wait_ephemeral(lambda seen: "who you are" in seen.plain)
    assert "nothing was decided" in told.plain
    assert at_work.alert(alert_id).hold is None


def test_while_redis_is_away_people_are_told(
    at_work: Office, slack: SlackServer, caplog: pytest.LogCaptureFixture
) -> None:
    message = at_work.show(at_work.raise_alert())
    at_work.finish()
    at_work.wait_until(lambda: slack.connections() == 0)
    away = open_store(Link(connect("redis://127.0.0.1:1"), "{away}"))
    with office(slack, away) as without, caplog.at_level(logging.ERROR):
        without.press("rosa", message, "Acknowledge")
        told = without.person("rosa").wait_ephemeral(lambda seen: "our side" in seen.plain)
        assert "Nothing was decided" in told.plain
        without.press("rosa", message, "Mark benign")
        without.person("rosa").wait_modal(lambda seen: "our side" in seen.plain)
    assert "StoreError" in caplog.text
