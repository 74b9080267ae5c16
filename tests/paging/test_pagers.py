"""Pagers over real HTTP: one page by its key, what fails and how it is told, and nothing inside."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.changes.severity import Severity
from bot.escalation.target import Target, Way
from bot.paging.http import CONNECT, READ, Http
from bot.paging.page import Event, Page, PagerError
from bot.paging.pagerduty import PagerDuty
from bot.paging.pagers import Pagers
from bot.paging.webhook import SIGNATURE, Webhooks
from bot.store.store import LEASE
from sandbox.pagers import ANA, KEY, ROSA, SCHEDULE, SECRET, TOKEN, Fault, PagerServer
from tests.builders import NOON

PAGE = Page("sgwatch/SGW-1/1", "SGW-1", Severity.HIGH, 'alice opened "SSH" to the world')
PD, HOOK = Target(Way.PAGERDUTY, "default"), Target(Way.WEBHOOK, "oncall")
BODY = '{"title": "{{summary}}", "state": "{{event}}", "uid": "{{key}}"}'
INSIDE = Http(inside=True)


@pytest.fixture(scope="module")
def running() -> Iterator[PagerServer]:
    with PagerServer() as server:
        yield server


@pytest.fixture
def server(running: PagerServer) -> PagerServer:
    running.incidents.clear()
    running.hooks.clear()
    running.faults.clear()
    return running


def pagers(server: PagerServer, http: Http = INSIDE) -> Pagers:
    pagerduty = PagerDuty(http, {"default": KEY}, TOKEN, server.url, server.url)
    urls = {"oncall": f"{server.url}/hook/oncall"}
    webhooks = Webhooks(http, {"oncall": BODY}, urls, {"oncall": SECRET}, lambda: 1700000000.0)
    return Pagers(pagerduty, webhooks, lambda *_: None)


def test_one_incident_by_its_key_from_its_trigger_to_its_end(server: PagerServer) -> None:
    for event in (Event.TRIGGER, Event.TRIGGER, Event.ACKNOWLEDGE, Event.RESOLVE):
        pagers(server).send(PD, event, PAGE)
    (incident,) = server.incidents
    assert incident.events == ["trigger", "trigger", "acknowledge", "resolve"]
    assert (incident.status, incident.severity) == ("resolved", "error")
    assert incident.summary == PAGE.summary


@pytest.mark.parametrize(
    ("severity", "word"),
    [
        (Severity.LOW, "info"),
        (Severity.MEDIUM, "warning"),
        (Severity.HIGH, "error"),
        (Severity.CRITICAL, "critical"),
    ],
)
def test_severities_are_mapped(server: PagerServer, severity: Severity, word: str) -> None:
    pagers(server).send(PD, Event.TRIGGER, replace(PAGE, severity=severity))
    assert server.incidents[0].severity == word


@pytest.mark.parametrize(
    ("fault", "retry", "wait"),
    [
        (Fault(429, "7"), True, timedelta(seconds=7)),
        (Fault(500), True, None),
        (Fault(400), False, None),
        (Fault(0), True, None),
    ],
)
def test_what_fails_says_whether_to_try_again(
    server: PagerServer, fault: Fault, retry: bool, wait: timedelta | None
) -> None:
    server.faults.append(fault)
    with pytest.raises(PagerError) as raised:
        pagers(server).send(PD, Event.TRIGGER, PAGE)
    assert (raised.value.retry, raised.value.wait) == (retry, wait)
    assert KEY not in str(raised.value)


def test_what_was_taken_without_an_answer_is_one_page_when_sent_again(server: PagerServer) -> None:
    server.faults.append(Fault(0))
    with pytest.raises(PagerError):
        pagers(server).send(PD, Event.TRIGGER, PAGE)
    pagers(server).send(PD, Event.TRIGGER, PAGE)
    assert len(server.incidents) == 1


def test_who_took_a_page_is_told(server: PagerServer) -> None:
    asked = pagers(server)
    assert asked.taken(PD, PAGE.key) is None
    asked.send(PD, Event.TRIGGER, PAGE)
    assert asked.taken(PD, PAGE.key) is None
    server.act(PAGE.key, "acknowledged", ROSA)
    taken = asked.taken(PD, PAGE.key)
    assert taken is not None
    assert (taken.name, taken.email, taken.resolved) == (ROSA["summary"], ROSA["email"], False)
    server.act(PAGE.key, "resolved", ANA)
    taken = asked.taken(PD, PAGE.key)
    assert taken is not None
    assert (taken.name, taken.email, taken.resolved) == (ANA["summary"], ANA["email"], True)


def test_a_schedule_tells_who_is_on_call(server: PagerServer) -> None:
    pagerduty = pagers(server).pagerduty
    assert pagerduty.on_call(SCHEDULE, NOON) == ["rosa@example.com"]
    assert pagerduty.on_call("PNONE", NOON) == []
    with pytest.raises(PagerError, match="answers 401"):
        replace(pagerduty, token="wrong").on_call(SCHEDULE, NOON)


def test_a_webhook_is_filled_in_and_signed(server: PagerServer) -> None:
    pagers(server).send(HOOK, Event.TRIGGER, PAGE)
    (hook,) = server.hooks
    assert json.loads(hook.body) == {
        "title": PAGE.summary,
        "state": "trigger",
        "uid": "sgwatch/SGW-1/1",
    }
    signed = b"1700000000." + hook.body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert hook.headers[SIGNATURE] == f"t=1700000000,v1={mac}"
    assert hook.headers["Idempotency-Key"] == "sgwatch/SGW-1/1/trigger"


def test_what_is_not_set_says_so(server: PagerServer) -> None:
    bare = replace(pagers(server), webhooks=Webhooks(INSIDE), pagerduty=PagerDuty(INSIDE))
    assert bare.lacks(PD) == "SGWATCH_PAGERDUTY_KEYS has no default"
    assert bare.lacks(HOOK) == "SGWATCH_WEBHOOK_URLS has no oncall"
    for target in (PD, HOOK):
        with pytest.raises(PagerError, match="has no"):
            bare.send(target, Event.TRIGGER, PAGE)


def test_nothing_inside_is_called_unless_it_is_meant_to_be(server: PagerServer) -> None:
    outside = pagers(server, Http())
    with pytest.raises(PagerError, match=r"127\.0\.0\.1 is inside: set SGWATCH_PAGERS_INSIDE"):
        outside.send(HOOK, Event.TRIGGER, PAGE)
    assert not server.hooks
    with pytest.raises(PagerError, match="is inside"):
        Http().get("http://localhost/", {})


def test_no_redirect_is_followed(server: PagerServer) -> None:
    before = server.beats
    with pytest.raises(PagerError, match="answers 302"):
        INSIDE.get(f"{server.url}/elsewhere", {})
    assert server.beats == before


def test_the_time_limits_leave_half_of_a_lease() -> None:
    assert timedelta(seconds=CONNECT + READ) < LEASE / 2


def test_no_secret_is_in_what_is_printed(server: PagerServer) -> None:
    printed = repr(pagers(server))
    assert all(secret not in printed for secret in (KEY, TOKEN, SECRET))
