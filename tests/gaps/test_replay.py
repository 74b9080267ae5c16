"""Replaying dead letters: through the same pipeline, and as often as one likes."""

import json

from bot.aws.deadletters import Look
from bot.tracing import became
from tests.gaps.conftest import Gaps
from tests.simulation.edges import eventbridge


def look(gaps: Gaps) -> Look:
    queues = gaps.world.queues
    return Look(gaps.sqs, queues.url, queues.dead_letter_url, wait=0)


def bury(gaps: Gaps, body: str) -> None:
    gaps.world.as_root().sqs.send_message(QueueUrl=gaps.world.queues.url, MessageBody=body)
    (message,) = gaps.queue.receive()
    gaps.queue.bury(message, "sgwatch failed on it: ZeroDivisionError")


def an_event(gaps: Gaps) -> tuple[str, str]:
    """Return the id and the message of an event that AWS has delivered nowhere."""
    (event_id,) = gaps.history(1)
    return event_id, eventbridge(gaps.server.trail.records[-1])


def test_what_is_replayed_becomes_an_alert_and_twice_counts_once(gaps: Gaps) -> None:
    event_id, body = an_event(gaps)
    for _ in range(2):  # the second is what is left if a replay is killed halfway
        bury(gaps, body)
        with look(gaps) as letters:
            for letter in letters:
                letters.replay(letter)
        gaps.poll()
    assert gaps.store.events.counts() == {"events:alerted": 1}
    (found,) = became(gaps.store, body)
    assert found.event_id == event_id
    assert found.outcome is not None
    reading = gaps.store.timelines.read(found.outcome.alert)
    assert reading is not None
    assert reading.alert.counts.changes == 1
    assert gaps.queue.depth().dead == 0


def test_what_still_cannot_be_read_is_dead_again_with_what_it_was(gaps: Gaps) -> None:
    bury(gaps, "no json")
    with look(gaps) as letters:
        (sent,) = [letters.replay(letter) for letter in letters]
    gaps.poll()
    with look(gaps) as letters:
        (again,) = letters
    assert (again.body, again.origin) == ("no json", sent)
    assert "no JSON" in again.reason


def test_nothing_is_known_of_what_holds_no_record(gaps: Gaps) -> None:
    assert became(gaps.store, "no json") == []
    assert became(gaps.store, json.dumps({"Records": []})) == []
