"""Escalate now, snooze and who is on call, by the menu and typed, over real sockets."""

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.alerts.alert import Status
from bot.alerts.climb_entries import ClimbBegan, EscalationAsked, Snoozed
from bot.climbing import who_is_on_call
from bot.paging.http import Http
from bot.paging.pagerduty import PagerDuty
from bot.paging.pagers import Pagers
from bot.paging.people import WhoIsOnCall
from bot.paging.webhook import Webhooks
from bot.policy import read_policy
from bot.slack.directory import Directory
from bot.slack.messages import SlackMessages
from bot.slack.paging import SlackPaging
from bot.slack.views.page import page_message
from bot.store.store import Store
from sandbox.slack.people import ALERTS
from sandbox.slack.server import SlackServer
from tests.slack.cases import SHOWN
from tests.slack.office import Office, office

POLICY = read_policy(
    b"""
[escalation]
on_call = ["S0ONCALL"]
[escalation.rotas.primary]
people = ["U0ROSA"]
starts = 2026-01-05
zone = "Europe/Stockholm"
""",
    "p.toml",
    "C0",
).alerts.escalation


@pytest.fixture
def on_duty(slack: SlackServer, store: Store) -> Iterator[Office]:
    pagers = Pagers(PagerDuty(Http()), Webhooks(Http()), lambda *_: None)

    def who(client: WebClient, directory: Directory) -> WhoIsOnCall:
        messages = SlackMessages(client, store.budgets)
        paging = SlackPaging(messages, directory, lambda a, url: page_message(a, SHOWN, url))
        return who_is_on_call(store, POLICY, pagers, paging)

    with office(slack, store, who=who) as opened:
        yield opened


def typed(on_duty: Office, who: str, text: str) -> str:
    person = on_duty.person(who)
    known = {message.ts for message in person.ephemerals()}
    person.command("/sgwatch", text, ALERTS.id)
    return person.wait_ephemeral(lambda m: m.ts not in known).plain


def test_escalate_now_takes_the_alert_from_its_holder_with_a_reason(on_duty: Office) -> None:
    alert_id = on_duty.raise_alert()
    message = on_duty.show(alert_id)
    on_duty.press("rosa", message, "Acknowledge")
    on_duty.wait_for(alert_id, Status.ACKNOWLEDGED)
    person = on_duty.person("rosa")
    person.command("/sgwatch", f"escalate {alert_id}", ALERTS.id)
    form = person.wait_modal(lambda modal: bool(modal.inputs()))
    assert "Whoever holds the alert holds it no more" in form.plain
    person.submit(form, {"reason": {"value": "It spreads"}})
    alert = on_duty.wait_for(alert_id, Status.OPEN)
    assert alert.reopened == "Rosa Lindqvist wants more people: It spreads"
    kinds = [type(entry) for entry in on_duty.entries(alert_id)[-2:]]
    assert kinds == [EscalationAsked, ClimbBegan]


def test_snooze_ends_at_a_time_with_a_reason(on_duty: Office) -> None:
    alert_id = on_duty.raise_alert()
    person = on_duty.person("rosa")
    person.command("/sgwatch", f"snooze {alert_id}", ALERTS.id)
    form = person.wait_modal(lambda modal: bool(modal.inputs()))
    person.submit(form, {"for": {"value": "240"}, "reason": {"value": "Owner is on it"}})
    on_duty.wait_until(lambda: on_duty.alert(alert_id).snooze is not None)
    (snoozed,) = [e for e in on_duty.entries(alert_id) if isinstance(e, Snoozed)]
    assert (snoozed.until - snoozed.at).total_seconds() == 4 * 3600


def test_outsiders_call_nobody(on_duty: Office) -> None:
    alert_id = on_duty.raise_alert()
    person = on_duty.person("oscar")
    person.command("/sgwatch", f"escalate {alert_id}", ALERTS.id)
    refused = person.wait_modal(lambda modal: "You need the right of a responder" in modal.plain)
    assert not refused.inputs()
    assert on_duty.refused(alert_id)[0].command == "escalate now"


def test_who_is_on_call_and_who_stands_in(on_duty: Office) -> None:
    told = typed(on_duty, "rosa", "oncall")
    assert "Rosa Lindqvist" in told or "U0ROSA" in told
    assert "primary" in told
    done = typed(on_duty, "rosa", "oncall override <@U0MARCUS|marcus> until 18:00")
    assert "is on call in" in done
    now = on_duty.store.attention.now()
    (stood,) = on_duty.store.pages.overrides("primary", now)
    assert (stood.person, stood.by.slack_id) == ("U0MARCUS", "U0ROSA")
    assert now < stood.until
    told = typed(on_duty, "rosa", "oncall")
    assert "instead of" in told


@pytest.mark.parametrize(
    ("who", "stands_in"),
    [
        ("@Alice Moreau", "U0ALICE"),
        ("@rosa", "U0ROSA"),
        ("marcus@example.com", "U0MARCUS"),
        ("U0MARCUS", "U0MARCUS"),
        ("<@U0MARCUS|marcus>", "U0MARCUS"),
    ],
)
def test_whoever_stands_in_may_be_typed_as_slack_leaves_them(
    on_duty: Office, who: str, stands_in: str
) -> None:
    typed(on_duty, "rosa", f"oncall override primary {who} until 18:00")
    (stood,) = on_duty.store.pages.overrides("primary", on_duty.store.attention.now())
    assert stood.person == stands_in


@pytest.mark.parametrize(
    ("who", "text", "says"),
    [
        ("rosa", "oncall override", "Write it like this"),
        ("rosa", "oncall override @nobody until 18:00", "Nobody of that name is on a rota"),
        ("rosa", "oncall override <@U0MARCUS> until 25:00", "Write it like this"),
        ("rosa", "oncall override <@U0MARCUS> until 2020-01-01 10:00", "ends in the future"),
        ("rosa", "oncall override nights <@U0MARCUS> until 18:00", "There is no rota to override"),
        ("oscar", "oncall", "You need the right of a viewer"),
        ("alice", "escalate", "Say which alert: /sgwatch escalate SGW-…"),
        ("alice", "snooze web", "“web” is no alert."),
        ("alice", "oncal", "Did you mean /sgwatch oncall?"),
    ],
)
def test_what_is_wrong_says_how_to_write_it(
    on_duty: Office, who: str, text: str, says: str
) -> None:
    assert says in typed(on_duty, who, text)
