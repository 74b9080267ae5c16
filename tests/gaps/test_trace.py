"""Tracing: what became of a record, whatever that was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.alerts.outcome import Fate, Suppressed
from bot.alerts.progress import Progress, Trouble
from bot.aws.deadletters import Look
from bot.cli.trace_text import _as_object, _rows
from bot.detections.rule import Suppression
from bot.exemptions.model import FOREVER, Exemption, Scope
from bot.store.store import Store
from bot.tracing import Trace, letters_naming, trace
from tests.detections.rules import a_detection
from tests.gaps.conftest import Gaps
from tests.store.events import an_outcome

ONCE = replace(
    a_detection("event.action:AuthorizeSecurityGroupIngress", "once"),
    suppression=Suppression(("user.name",), timedelta(hours=1)),
)


def told(found: Trace) -> str:
    """Return all that the terminal says, in one line."""
    rows = _rows(found, {"123456789012": "prod"}, "", "")
    return " | ".join(f"{name} {words}".strip() for name, words in rows)


def after_polling(gaps: Gaps, events: int = 1, **fields: str) -> list[Trace]:
    ids = gaps.history(events, **fields)
    gaps.read(via="")
    return [trace(gaps.store, event_id) for event_id in ids]


def test_one_that_is_in_an_alert_and_not_posted_yet(gaps: Gaps) -> None:
    (found,) = after_polling(gaps)
    says = told(found)
    assert "call AuthorizeSecurityGroupIngress in prod/eu-west-1" in says
    assert "fate alerted" in says
    assert "matched EC2 security group configuration change" in says
    assert f"alert {found.outcome.alert}, " in says  # type: ignore[union-attr]
    assert "posted not yet" in says
    assert found.to_received is not None
    assert found.to_received > timedelta(minutes=1)
    assert "later" in says


@pytest.mark.parametrize(
    ("shown", "says", "by"),
    [
        pytest.param(1, "posted not yet", False, id="the message does not show it yet"),
        pytest.param(2, "2 s after it came", False, id="it was in the first message"),
    ],
)
def test_when_it_was_posted(gaps: Gaps, shown: int, says: str, by: bool) -> None:
    (found,) = after_polling(gaps)
    assert found.outcome is not None
    assert found.outcome.received is not None
    posted = found.outcome.received + timedelta(seconds=2)
    progress = Progress(shown=shown, channel="C1", ts="17.5", posted=posted, edited_at=posted)
    gaps.store.timelines.save_progress(found.outcome.alert, Progress(), progress)
    again = trace(gaps.store, found.event_id)
    assert says in told(again)
    if again.posted is not None:
        assert "channel C1, message 17.5" in told(again)
        assert again.posted.by is by


def test_one_that_joined_later_was_posted_by_the_last_edit(gaps: Gaps) -> None:
    (first,) = after_polling(gaps)
    assert first.outcome is not None
    assert first.outcome.received is not None
    at = first.outcome.received
    gaps.clock.advance(timedelta(seconds=30))
    (found,) = after_polling(gaps)
    progress = Progress(
        shown=9, channel="C1", ts="1", posted=at, edited_at=at + timedelta(seconds=40)
    )
    gaps.store.timelines.save_progress(first.outcome.alert, Progress(), progress)
    again = trace(gaps.store, found.event_id)
    assert again.posted is not None
    assert again.posted.by
    assert "posted at the latest" in told(again)


def test_why_slack_does_not_show_it(gaps: Gaps) -> None:
    (found,) = after_polling(gaps)
    trouble = Trouble(3, gaps.clock.now, "is_archived")
    progress = Progress(present=trouble)
    gaps.store.timelines.save_progress(found.outcome.alert, Progress(), progress)  # type: ignore[union-attr]
    assert "posted not yet: Slack says is_archived" in told(trace(gaps.store, found.event_id))


def test_one_that_no_detection_matched(gaps: Gaps) -> None:
    (found,) = after_polling(gaps, eventName="CreateUser", eventSource="iam.amazonaws.com")
    assert found.outcome is not None
    assert found.outcome.fate is Fate.UNMATCHED
    assert "fate unmatched: no detection matched" in told(found)
    assert "alert" not in told(found)


def test_one_that_a_detection_did_not_show_again(gaps: Gaps) -> None:
    gaps.detections = (ONCE,)
    first, second = after_polling(gaps, 2)
    says = told(second)
    assert "fate suppressed" in says
    assert f"not shown once: event {first.event_id} was shown instead" in says


def hidden(store: Store, *names: str) -> Trace:
    now = store.attention.now()
    outcome = replace(an_outcome(fate=Fate.HIDDEN), at=now, hidden_by=names, alert="")
    store.events.write(outcome)
    return trace(store, outcome.event_id)


def test_one_that_an_exemption_hid(gaps: Gaps, monkeypatch: pytest.MonkeyPatch) -> None:
    now = gaps.clock.now
    exemption = Exemption("X-1", Scope(), "load test", "Marcus", now, now + timedelta(days=1))
    monkeypatch.setattr(type(gaps.store.exemptions), "current", lambda _: [exemption])
    says = told(hidden(gaps.store, "X-1", "X-2"))
    assert "fate hidden" in says
    assert "hidden by exemption X-1: “load test” by Marcus, until" in says
    assert "hidden by exemption X-2: it has ended since" in says
    lasting = replace(exemption, expires_at=FOREVER)
    monkeypatch.setattr(type(gaps.store.exemptions), "current", lambda _: [lasting])
    assert "by Marcus, for ever" in told(hidden(gaps.store, "X-1"))


def test_one_of_our_own_calls(gaps: Gaps) -> None:
    outcome = replace(an_outcome(fate=Fate.OURS), at=gaps.clock.now, sighting=None)
    gaps.store.events.write(outcome)
    found = trace(gaps.store, outcome.event_id)
    says = told(found)
    assert "fate ours: sgwatch made this call itself" in says
    assert "alert SGW-TEST0001, which is no longer kept" in says
    assert "received it is not known when" in says


@pytest.mark.parametrize("days", [0, 1, 45, 89])
def test_the_day_need_not_be_known(gaps: Gaps, days: int) -> None:
    outcome = replace(an_outcome(), at=gaps.clock.now - timedelta(days=days))
    gaps.store.events.write(outcome)
    assert trace(gaps.store, outcome.event_id).outcome == outcome


def test_one_that_only_the_event_history_had(gaps: Gaps) -> None:
    (event_id,) = gaps.history(1)
    gaps.read(via="reconciler")
    says = told(trace(gaps.store, event_id))
    assert "from CloudTrail's event history by the reconciler" in says


def test_one_among_the_dead_letters_says_how_to_replay_it(gaps: Gaps) -> None:
    queues = gaps.world.queues
    gaps.world.as_root().sqs.send_message(QueueUrl=queues.url, MessageBody="{ event-77 }")
    gaps.poll()
    client = gaps.sqs
    with Look(client, queues.url, queues.dead_letter_url, wait=0) as look:
        dead = tuple(letters_naming(look, "event-77"))
    found = Trace("event-77", dead=dead)
    assert "the message is no JSON" in told(found)
    assert f"next sgwatch deadletters replay {dead[0].id[:8]}" in told(found)
    assert _as_object(found, "")["dead_letters"][0]["id"] == dead[0].id


def test_one_of_which_nothing_is_known_says_what_to_try(gaps: Gaps) -> None:
    found = trace(gaps.store, "nobody")
    assert found.outcome is None
    assert "unknown" in told(found)
    assert "next sgwatch backfill" in told(found)


def test_what_stands_in_a_record_cannot_write_to_the_terminal(gaps: Gaps) -> None:
    hostile = "\x1b[2J\u202ex"
    outcome = replace(
        an_outcome(),
        at=gaps.clock.now,
        principal=hostile,
        action=hostile,
        error=hostile,
        suppressed=(Suppressed(hostile, hostile),),
        hidden_by=(hostile,),
    )
    gaps.store.events.write(outcome)
    assert told(trace(gaps.store, outcome.event_id)).isprintable()


def test_programs_get_the_delays(gaps: Gaps) -> None:
    (found,) = after_polling(gaps)
    told = _as_object(found, "")
    assert told["event_to_received_seconds"] > 60
    assert told["received_to_posted_seconds"] is None
