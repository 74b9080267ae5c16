"""Escalating over real Slack, Redis and HTTP: who is called, once, and what both sides hear."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.alert import Alert, Status
from bot.alerts.climb_due import climb_moves
from bot.alerts.climb_entries import CallTold
from bot.alerts.commands import Acknowledge, MarkBenign, Refusal
from bot.alerts.on_call import decide_override
from bot.calling import Calling
from bot.changes.severity import Severity
from bot.climbing import who_is_on_call
from bot.escalate import Escalator
from bot.escalation.climb import Fate
from bot.escalation.ladder import EscalationPolicy, Quiet
from bot.paging.http import Http
from bot.paging.pagerduty import PagerDuty
from bot.paging.pagers import Pagers
from bot.paging.webhook import Webhooks
from bot.policy import read_policy
from bot.slack.bolt import web_client
from bot.slack.directory import Directory
from bot.slack.messages import SlackMessages
from bot.slack.paging import SlackPaging
from bot.slack.views.headline import happened
from bot.slack.views.page import page_message
from bot.store.deciding import decide_on
from bot.store.timelines import Reading
from sandbox.pagers import ANA, KEY, ROSA, SCHEDULE, TOKEN, Fault, PagerServer
from sandbox.slack.people import direct_channel
from sandbox.slack.seen import SeenMessage
from tests.builders import ALICE, MARCUS, NOON, a_principal, a_sighting
from tests.builders import ROSA as ROSA_IN_SLACK
from tests.slack.cases import SHOWN
from tests.slack.office import RIGHTS, Office

SHIPPED = read_policy(b'[rights]\nresponders = ["S0ONCALL"]', "p.toml", "C0").alerts.escalation
SOON = timedelta(minutes=6)
"""After which the shipped ladder pages."""

DM = """
[escalation]
on_call = ["{whom}"]
[escalation.rotas.primary]
people = ["U0ROSA"]
starts = 2026-01-05
[[escalation.ladders]]
name = "direct"
severities = ["critical"]
[[escalation.ladders.levels]]
name = "first"
call = ["dm:on-call"]
[[escalation.ladders.levels]]
name = "second"
after_minutes = 5
call = ["mention:here"]
"""


@pytest.fixture(scope="module")
def running() -> Iterator[PagerServer]:
    with PagerServer() as server:
        yield server


@pytest.fixture
def pager(running: PagerServer) -> PagerServer:
    running.incidents.clear()
    running.faults.clear()
    return running


def pagers_at(server: PagerServer) -> Pagers:
    http = Http(inside=True)
    pagerduty = PagerDuty(http, {"default": KEY}, TOKEN, server.url, server.url)
    return Pagers(pagerduty, Webhooks(http), lambda *_: None)


def slack_of(at_work: Office, url: str = "") -> SlackPaging:
    client = web_client(at_work.server.bot_token, url) if url else at_work.client
    messages = SlackMessages(client, at_work.store.budgets)
    directory = Directory(client, RIGHTS)
    return SlackPaging(messages, directory, lambda alert, to: page_message(alert, SHOWN, to))


def climber(
    at_work: Office, pager: PagerServer, policy: EscalationPolicy = SHIPPED, url: str = ""
) -> Escalator:
    slack, pagers = slack_of(at_work, url), pagers_at(pager)
    who = who_is_on_call(at_work.store, policy, pagers, slack)
    calling = Calling(at_work.store, who, pagers, slack.name, policy.quiet)
    return Escalator(at_work.store, calling, pagers, slack, happened)


def climb(
    at_work: Office,
    alert_id: str,
    escalating: Escalator,
    policy: EscalationPolicy = SHIPPED,
    after: timedelta = timedelta(0),
) -> Alert:
    """Do all that is due so long from now; the tries of what fails are not waited for."""
    looking = replace(policy, looks=True)
    for _ in range(20):
        reading = reading_of(at_work, alert_id)
        then = reading.now + after
        progress = replace(
            reading.progress,
            calling={
                key: replace(t, next_try=min(t.next_try, then))
                for key, t in reading.progress.calling.items()
            },
        )
        moves, _ = climb_moves(reading.alert, progress, looking, then)
        if not moves:
            return reading.alert
        for move in moves:
            escalating.move(replace(reading, now=then), move, lambda: None)
    raise AssertionError("it never comes to rest")


def reading_of(at_work: Office, alert_id: str) -> Reading:
    reading = at_work.store.timelines.read(alert_id)
    assert reading is not None
    return reading


def told(at_work: Office, alert_id: str) -> list[tuple[str, Fate]]:
    entries = at_work.entries(alert_id)
    return [(entry.whom, entry.fate) for entry in entries if isinstance(entry, CallTold)]


def an_alert(at_work: Office, name: str, severity: Severity = Severity.CRITICAL) -> str:
    """Store an alert by somebody whom no other alert is by."""
    by = a_principal(name, id=f"arn:aws:iam::123456789012:user/{name}")
    return at_work.raise_alert(a_sighting(principal=by, severity=severity))


def pages_to(at_work: Office, who: str, alert_id: str) -> list[SeenMessage]:
    direct = at_work.workspace.messages(direct_channel(who))
    return [message for message in direct if alert_id in message.plain]


def test_as_shipped_it_pages_at_5_minutes_and_both_sides_hear_how_it_went(
    at_work: Office, pager: PagerServer
) -> None:
    alert_id, doing = an_alert(at_work, "shipped"), climber(at_work, pager)
    alert = climb(at_work, alert_id, doing)
    assert alert.climb is not None
    assert [call.target.to for call in alert.climb.rungs[0].calls] == ["S0ONCALL"]
    assert pager.incidents == []
    climb(at_work, alert_id, doing, after=SOON)
    climb(at_work, alert_id, doing, after=SOON)
    (incident,) = pager.incidents
    assert (incident.severity, incident.status) == ("critical", "triggered")
    assert told(at_work, alert_id) == [("PagerDuty default", Fate.SENT)]
    decide_on(at_work.store, alert_id, Acknowledge(), ROSA_IN_SLACK)
    climb(at_work, alert_id, doing, after=SOON)
    assert incident.status == "acknowledged"
    decide_on(at_work.store, alert_id, MarkBenign("planned", 1), ROSA_IN_SLACK)
    climb(at_work, alert_id, doing, after=SOON)
    assert incident.status == "resolved"
    assert incident.events == ["trigger", "acknowledge", "resolve"]


@pytest.mark.parametrize("fault", [Fault(500), Fault(429, "1"), Fault(0)])
def test_what_fails_once_is_one_page_all_the_same(
    at_work: Office, pager: PagerServer, fault: Fault
) -> None:
    alert_id, doing = an_alert(at_work, f"once{fault.status}"), climber(at_work, pager)
    climb(at_work, alert_id, doing)
    pager.faults.append(fault)
    climb(at_work, alert_id, doing, after=SOON)
    assert len(pager.incidents) == 1
    assert told(at_work, alert_id) == [("PagerDuty default", Fate.SENT)]


@pytest.mark.parametrize("faults", [[Fault(500)] * 3, [Fault(429, "600")], [Fault(400)]])
def test_a_pager_that_fails_has_each_on_call_paged_in_slack_who_can_take_it_there(
    at_work: Office, pager: PagerServer, faults: list[Fault]
) -> None:
    name = f"falls{len(faults)}{faults[0].status}"
    alert_id, doing = an_alert(at_work, name), climber(at_work, pager)
    climb(at_work, alert_id, doing)
    pager.faults.extend(faults)
    climb(at_work, alert_id, doing, after=SOON)
    fates = dict(told(at_work, alert_id))
    assert fates["PagerDuty default"] is Fate.FAILED
    assert fates["Rosa Lindqvist"] is Fate.SENT
    (page,) = pages_to(at_work, "U0ROSA", alert_id)
    assert "You are on call, and nobody holds this" in page.plain
    at_work.press("rosa", page, "Acknowledge")
    alert = at_work.wait_for(alert_id, Status.ACKNOWLEDGED)
    assert alert.hold is not None
    assert alert.hold.by.name == "Rosa Lindqvist"
    assert alert.climb is not None
    assert alert.climb.stopped is not None


def test_a_page_begun_by_one_who_died_is_looked_for_first(
    at_work: Office, pager: PagerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = policy_of("U0ROSA")
    alert_id, doing = an_alert(at_work, "died"), climber(at_work, pager, policy)

    def died(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Escalator, "_told", died)
        with pytest.raises(KeyboardInterrupt):
            climb(at_work, alert_id, doing, policy)
    climb(at_work, alert_id, doing, policy)
    assert len(pages_to(at_work, "U0ROSA", alert_id)) == 1
    assert told(at_work, alert_id) == [("Rosa Lindqvist", Fate.SENT)]


def policy_of(whom: str) -> EscalationPolicy:
    text = DM.replace("{whom}", whom)
    return read_policy(text.encode(), "p.toml", "C0").alerts.escalation


@pytest.mark.parametrize(
    ("by", "holder", "said"),
    [(ROSA, "Rosa Lindqvist", "U0ROSA"), (ANA, "Ana Duarte (PagerDuty)", "")],
)
def test_who_takes_it_in_the_pager_holds_it_in_slack(
    at_work: Office, pager: PagerServer, by: dict[str, str], holder: str, said: str
) -> None:
    alert_id, doing = an_alert(at_work, f"taken{by['id']}"), climber(at_work, pager)
    climb(at_work, alert_id, doing)
    climb(at_work, alert_id, doing, after=SOON)
    pager.act(pager.incidents[0].key, "acknowledged", by)
    alert = climb(at_work, alert_id, doing, after=2 * SOON)
    assert alert.hold is not None
    assert (alert.hold.by.name, alert.hold.by.slack_id) == (holder, said)
    pager.act(pager.incidents[0].key, "resolved", by)
    alert = climb(at_work, alert_id, doing, after=3 * SOON)
    assert alert.status is Status.ACKNOWLEDGED
    assert alert.resolved_in_pager == by["summary"]


def test_what_one_principal_does_is_one_page_and_a_graver_one_is_another(
    at_work: Office, pager: PagerServer
) -> None:
    doing = climber(at_work, pager)
    first, second = (an_alert(at_work, "busy", Severity.HIGH) for _ in range(2))
    graver = an_alert(at_work, "busy")
    for alert_id in (first, second, graver):
        climb(at_work, alert_id, doing)
        climb(at_work, alert_id, doing, after=SOON)
    assert [incident.severity for incident in pager.incidents] == ["error", "critical"]
    assert told(at_work, second) == [("PagerDuty default", Fate.HELD)]
    rung = at_work.alert(second).climb.rungs[0]  # type: ignore[union-attr]
    assert rung.calls[0].told == f"this is one with {first}, which called already"


def test_what_comes_in_a_storm_is_one_page_and_what_is_graver_another(
    at_work: Office, pager: PagerServer
) -> None:
    doing = climber(at_work, pager)
    ids = [an_alert(at_work, f"storm{number}", Severity.HIGH) for number in range(3)]
    grave = an_alert(at_work, "stormgrave")
    assert at_work.store.storms.gather("ST-TEST-1", at_work.alert(ids[0]))
    for alert_id in (*ids, grave):
        climb(at_work, alert_id, doing)
        climb(at_work, alert_id, doing, after=SOON)
    assert [incident.severity for incident in pager.incidents] == ["error", "critical"]
    assert [fate for _, fate in told(at_work, ids[2])] == [Fate.HELD]


def test_above_the_ceiling_nobody_is_paged_and_it_is_told(
    at_work: Office, pager: PagerServer
) -> None:
    policy = replace(SHIPPED, quiet=Quiet(an_hour=1))
    doing = climber(at_work, pager, policy)
    ids = [an_alert(at_work, f"many{number}", Severity.HIGH) for number in range(2)]
    at_work.store.budgets.rest("calls:pagerduty:default:critical", timedelta(hours=1))
    for alert_id in (*ids, grave := an_alert(at_work, "many")):
        climb(at_work, alert_id, doing, policy)
        climb(at_work, alert_id, doing, policy, after=SOON)
    fates = [fate for alert_id in ids for _, fate in told(at_work, alert_id)]
    assert Fate.HELD in fates
    assert told(at_work, grave) == [("PagerDuty default", Fate.HELD)]
    said = [notice.what for notice in at_work.store.notices.all()]
    assert any("1 critical page an hour are the most" in what for what in said)


@pytest.mark.parametrize(
    ("whom", "person"),
    [("U0MARCUS", "U0MARCUS"), ("rota:primary", "U0ROSA"), (f"schedule:{SCHEDULE}", "U0ROSA")],
)
def test_who_is_on_call_is_paged(
    at_work: Office, pager: PagerServer, whom: str, person: str
) -> None:
    policy = policy_of(whom)
    alert_id = an_alert(at_work, f"oncall{whom[:6]}")
    climb(at_work, alert_id, climber(at_work, pager, policy), policy)
    assert len(pages_to(at_work, person, alert_id)) == 1


def test_who_stands_in_is_paged_instead_until_then(at_work: Office, pager: PagerServer) -> None:
    policy, now = policy_of("rota:primary"), at_work.store.attention.now()
    until = now + timedelta(hours=1)
    stood = decide_override(policy.rotas[0], "U0MARCUS", until, MARCUS, now)
    assert not isinstance(stood, Refusal)
    at_work.store.pages.override(stood)
    alert_id = an_alert(at_work, "standing")
    climb(at_work, alert_id, climber(at_work, pager, policy), policy)
    assert len(pages_to(at_work, "U0MARCUS", alert_id)) == 1
    who = who_is_on_call(at_work.store, policy, pagers_at(pager), slack_of(at_work))
    assert who.people("rota:primary", (), until) == ("U0ROSA",)
    at_work.store.pages.override(replace(stood, at=until, until=until))


def test_where_nobody_is_on_call_the_next_level_is_called_at_once(
    at_work: Office, pager: PagerServer
) -> None:
    policy = policy_of("schedule:PNOBODY")
    alert_id = an_alert(at_work, "nobody")
    alert = climb(at_work, alert_id, climber(at_work, pager, policy), policy)
    assert alert.climb is not None
    first, second = alert.climb.rungs
    assert [(call.fate, call.told) for call in first.calls] == [(Fate.FAILED, "nobody is on call")]
    assert [call.target.to for call in second.calls] == ["here"]


def test_while_slack_is_down_the_pager_pages_all_the_same(
    at_work: Office, pager: PagerServer
) -> None:
    nowhere = "http://127.0.0.1:9/api/"
    alert_id, doing = an_alert(at_work, "down"), climber(at_work, pager, url=nowhere)
    climb(at_work, alert_id, doing)
    climb(at_work, alert_id, doing, after=SOON)
    assert len(pager.incidents) == 1


def test_a_rota_that_the_policy_lost_is_climbed_as_it_was(
    at_work: Office, pager: PagerServer
) -> None:
    policy = policy_of("rota:primary")
    who = who_is_on_call(at_work.store, EscalationPolicy(), pagers_at(pager), slack_of(at_work))
    kept = policy.rules[0].ladder.rotas
    assert who.people("rota:primary", kept, NOON) == ("U0ROSA",)
    assert who.people("rota:primary", (), NOON) == ()
    assert ALICE.slack_id not in who.people("rota:primary", kept, NOON)
