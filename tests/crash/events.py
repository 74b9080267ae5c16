"""Events for the queue, many at once and without AWS's help, and the sending of them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from tests.builders import a_rule
from tests.crash.lane import Lane
from tests.simulation.edges import eventbridge
from tests.simulation.records import authorize_record

BATCH = 10


@dataclass(frozen=True)
class Sent:
    """What was sent: each event's id with its time, and its body."""

    times: dict[str, datetime]
    bodies: tuple[str, ...]


def many(lane: Lane, rng: Random, count: int, principals: int) -> Sent:
    """Return the events of so many people, who each open ports to private ranges just now."""
    network = lane.stage.world.prod
    now = datetime.now(UTC).replace(microsecond=0)
    bodies = {}
    for number in range(count):
        event = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        rule = a_rule(1024 + number, f"10.{number % 250}.0.0/16", rule_id=f"sgr-{number:017x}")
        group = rng.choice((network.web, network.db, network.batch))
        record = authorize_record(event, f"person-{number % principals}", group, rule, now)
        bodies[event] = eventbridge(record)
    return Sent(dict.fromkeys(bodies, now), tuple(bodies.values()))


def send(lane: Lane, bodies: Sequence[str]) -> None:
    """Put bodies into the queue."""
    sqs, url = lane.stage.world.as_root().sqs, lane.stage.world.queues.url
    for start in range(0, len(bodies), BATCH):
        batch = bodies[start : start + BATCH]
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(batch)]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]


def replay_dead(lane: Lane) -> int:
    """Put the dead letters back into the queue, as an operator would; return how many."""
    sqs, queues = lane.stage.world.as_root().sqs, lane.stage.world.queues
    replayed = 0
    while messages := sqs.receive_message(
        QueueUrl=queues.dead_letter_url, MaxNumberOfMessages=BATCH
    ).get("Messages", ()):
        send(lane, [message["Body"] for message in messages])
        for message in messages:
            sqs.delete_message(
                QueueUrl=queues.dead_letter_url, ReceiptHandle=message["ReceiptHandle"]
            )
        replayed += len(messages)
    return replayed


def event_of_body(body: str) -> str:
    """Return the id of the event in a body."""
    return str(json.loads(body)["detail"]["eventID"])
