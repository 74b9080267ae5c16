"""A second person approves: asked in the channel, pressed or typed, in force from then on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.alerts.alert import ResolutionKind, Status
from bot.alerts.commands import Refusal
from bot.alerts.life import Deed
from bot.covering import Coverer
from bot.exemptions.model import FOREVER
from bot.exemptions.policy import ExemptionPolicy
from bot.slack.exemption_requests import ApprovalRequests
from bot.slack.listeners import exemption_approval
from bot.slack.messages import SlackMessages
from bot.store.store import Store
from sandbox.slack.people import ALERTS
from sandbox.slack.seen import SeenMessage
from sandbox.slack.server import SlackServer
from tests.slack.alerts import quiet_sighting
from tests.slack.office import RIGHTS, Office, office
from tests.slack.test_exempting import REASON, form_of
from tests.slack.test_exemptions import stored
from tests.slack.test_trying import SCOPE, answer

POLICY = ExemptionPolicy(approve_world=True)
WORLDLY = f'exempt {SCOPE} for 7d because "CHG-12 rollout" --allow-world'


@pytest.fixture
def at_work(slack: SlackServer, store: Store) -> Iterator[Office]:
    with office(slack, store, RIGHTS, POLICY) as opened:
        yield opened


def attend(at_work: Office) -> None:
    messages = SlackMessages(at_work.client, at_work.store.budgets)
    ApprovalRequests(at_work.store, messages, ALERTS.id, POLICY).attend(lambda: None)


def asked(at_work: Office, typed: str = WORLDLY) -> SeenMessage:
    """Ask with a command, and return the message in the channel."""
    answer(at_work, "rosa", typed, "waits for approval")
    attend(at_work)
    name = stored(at_work).id
    return at_work.workspace.wait_message(
        ALERTS.name, lambda seen: f"{name} asks for approval" in seen.plain
    )


def test_what_waits_is_put_into_force_by_another(at_work: Office) -> None:
    message, held = asked(at_work), stored(at_work)
    now = at_work.store.attention.now()
    assert held.is_asked(now)
    assert not held.is_in_force(now)
    assert "“CHG-12 rollout”" in message.plain
    assert "also what opens to the internet" in message.plain
    answer(at_work, "rosa", "exemptions", "1 waiting for approval")
    at_work.press("rosa", message, "Approve")
    at_work.person("rosa").wait_ephemeral(lambda seen: "right of an approver" in seen.plain)
    at_work.press("marcus", message, "Approve")
    at_work.person("marcus").wait_ephemeral(lambda seen: "is approved" in seen.plain)
    approved = stored(at_work)
    assert approved.allow_world
    assert approved.is_in_force(now)
    line = at_work.store.exemptions.lived(approved.id)[-1]
    assert (line.did, line.by.slack_id, line.by.policy) == (Deed.APPROVED, "U0MARCUS", "p1")
    attend(at_work)
    at_work.workspace.wait_message(
        ALERTS.name, lambda seen: seen.ts == message.ts and "approved by" in seen.plain
    )
    assert at_work.store.requests.all() == {}


def test_a_request_is_posted_once_though_the_worker_died_after_posting(at_work: Office) -> None:
    message = asked(at_work)
    [(name, posted)] = at_work.store.requests.all().items()
    at_work.store.requests.keep(name, type(posted)(posted.version, posted.begun))
    attend(at_work)
    assert at_work.store.requests.all()[name].ts == message.ts


def test_the_approval_resolves_the_alert_that_it_was_asked_from(at_work: Office) -> None:
    alert_id = at_work.raise_alert()
    rosa = at_work.person("rosa")
    rosa.submit(form_of(at_work, alert_id), REASON | {"world": {"value": ["yes"]}})
    rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
    assert at_work.alert(alert_id).status is Status.OPEN
    told = answer(
        at_work, "marcus", f"exemptions approve {stored(at_work).id}", "is approved, and in force"
    )
    assert f"{alert_id} is resolved by it" in told
    end = at_work.alert(alert_id).resolution
    assert end is not None
    assert (end.kind, end.by.slack_id) == (ResolutionKind.EXEMPTED, "U0MARCUS")
    assert stored(at_work).is_in_force(at_work.store.attention.now())


def test_without_an_end_one_always_waits(at_work: Office) -> None:
    asked(at_work, f'exempt {SCOPE} for ever because "CHG-12 rollout"')
    answer(at_work, "marcus", f"exemptions approve {stored(at_work).id}", "is approved")
    assert stored(at_work).expires_at == FOREVER
    assert "for ever" in answer(at_work, "rosa", "exemptions list", "1 exemption in force")


def test_where_no_time_is_said_it_lasts_as_policy_says(at_work: Office) -> None:
    answer(at_work, "rosa", f'exempt {SCOPE} because "CHG-12 rollout"', "is in force")
    held = stored(at_work)
    assert held.expires_at - held.created_at == timedelta(days=7)


def test_what_nobody_approves_in_time_lapses(slack: SlackServer, store: Store) -> None:
    soon = ExemptionPolicy(approve_world=True, request=timedelta(milliseconds=1))
    with office(slack, store, RIGHTS, soon) as at_work:
        answer(at_work, "rosa", WORLDLY, "waits for approval")
        at_work.wait_until(lambda: not stored(at_work).is_asked(store.attention.now()))
        attend(at_work)
        assert stored(at_work).pending is None
        assert store.exemptions.lived(stored(at_work).id)[-1].did is Deed.LAPSED
        answer(at_work, "rosa", "exemptions", "No exemption is in force")


def test_the_approval_resolves_also_what_its_request_named(at_work: Office) -> None:
    alert_id, rosa = at_work.raise_alert(), at_work.person("rosa")
    other, late = at_work.raise_alert(), ""
    rosa.submit(form_of(at_work, alert_id), REASON | {"world": {"value": ["yes"]}})
    rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
    attend(at_work)
    name = stored(at_work).id
    message = at_work.workspace.wait_message(
        ALERTS.name, lambda seen: f"{name} asks for approval" in seen.plain
    )
    assert f"Also resolves {other}." in message.plain
    late = at_work.raise_alert()
    Coverer(at_work.store).attend(lambda: None)
    assert at_work.alert(other).status is Status.OPEN
    at_work.press("marcus", message, "Approve")
    told = at_work.person("marcus").wait_ephemeral(lambda seen: "is approved" in seen.plain)
    assert f"It also resolves {other}" in told.plain
    assert Coverer(at_work.store).attend(lambda: None) is None
    assert at_work.alert(late).status is Status.OPEN
    end = at_work.alert(other).resolution
    assert end is not None
    assert (end.kind, end.by.slack_id) == (ResolutionKind.EXEMPTED, "U0MARCUS")


def test_an_approval_that_dies_before_its_alert_is_resolved_is_made_good(
    at_work: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert_id, rosa = at_work.raise_alert(), at_work.person("rosa")
    rosa.submit(form_of(at_work, alert_id), REASON | {"world": {"value": ["yes"]}})
    rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
    dies = Refusal("it died")
    monkeypatch.setattr(exemption_approval, "resolve_approved", lambda *_: dies)
    answer(at_work, "marcus", f"exemptions approve {stored(at_work).id}", "stays open: it died")
    assert at_work.alert(alert_id).status is Status.OPEN
    Coverer(at_work.store).attend(lambda: None)
    end = at_work.alert(alert_id).resolution
    assert end is not None
    assert (end.kind, end.by.slack_id) == (ResolutionKind.EXEMPTED, "U0MARCUS")


def test_the_form_begins_with_what_policy_says_and_tells_what_needs_approval(
    slack: SlackServer, store: Store
) -> None:
    short = ExemptionPolicy(
        lasts=timedelta(hours=12),
        longest=timedelta(days=14),
        approve_longer_than=timedelta(hours=1),
    )
    with office(slack, store, RIGHTS, short) as at:
        alert_id, other = at.raise_alert(quiet_sighting(1)), at.raise_alert(quiet_sighting(1))
        form = form_of(at, alert_id)
        assert "needs a second person's approval" in form.plain
        assert f"Also resolves {other}" not in form.plain
        rosa = at.person("rosa")
        rosa.submit(form, REASON)
        rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
        pending = stored(at).pending
        assert pending is not None
        wanted = pending.exemption
        assert wanted.expires_at - wanted.created_at == timedelta(hours=12)
        [ends] = [block for block in form.blocks if block["block_id"] == "expiry"]
        offered = [option["value"] for option in ends["element"]["options"]]
        assert offered == ["12h", "1d", "7d", "14d"]


def test_another_decision_on_the_alert_takes_no_exemptions_place(
    slack: SlackServer, store: Store
) -> None:
    with office(slack, store, RIGHTS, ExemptionPolicy(approve_longer_than=timedelta(days=8))) as at:
        alert_id, rosa = at.raise_alert(quiet_sighting()), at.person("rosa")
        rosa.submit(form_of(at, alert_id), REASON | {"expiry": {"value": "30d"}})
        rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
        waiting = stored(at)
        rosa.submit(form_of(at, alert_id), REASON | {"expiry": {"value": "30d"}})
        rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
        assert stored(at) == waiting
        assert rosa.submit(form_of(at, alert_id), REASON | {"expiry": {"value": "7d"}}) == {}
        end = at.wait_for(alert_id, Status.RESOLVED).resolution
        assert end is not None
        assert end.detail != waiting.id
        held = store.exemptions.read(waiting.id)
        assert held is not None
        assert held.exemption == waiting


def test_after_a_no_it_may_be_asked_again_from_the_alert(at_work: Office) -> None:
    alert_id, rosa = at_work.raise_alert(), at_work.person("rosa")
    for _ in range(2):
        rosa.submit(form_of(at_work, alert_id), REASON | {"world": {"value": ["yes"]}})
        rosa.wait_modal(lambda modal: "waits for approval" in modal.plain)
        now = at_work.store.attention.now()
        [name] = [e.id for e in at_work.store.exemptions.current() if e.is_asked(now)]
        answer(at_work, "marcus", f'exemptions end {name} because "not the world"', "has ended")
