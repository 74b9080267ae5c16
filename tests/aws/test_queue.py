"""The event queue over real SQS calls: nothing leaves it but what is done with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.aws.errors import AwsError
from bot.aws.queue import Depth, EventQueue, QueuedMessage
from bot.aws.sessions import Sessions
from sandbox.aws.actors import Actor
from sandbox.aws.server import AwsServer
from tests.aws.conftest import REGION

_numbers = count()


class Queues:
    """A new queue with its dead letters, seen from both sides."""

    def __init__(self, root: Actor, sessions: Sessions) -> None:
        self.sqs, name = root.sqs, f"events-{next(_numbers)}"
        self.url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        self.dead_url = self.sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
        self.client = sessions.queues()
        self.queue = EventQueue(self.client, self.url, self.dead_url, wait=0)

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def dead(self) -> list[dict[str, Any]]:
        answer: Any = self.sqs.receive_message(
            QueueUrl=self.dead_url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(answer.get("Messages", ()))


@pytest.fixture(scope="module")
def sessions(server: AwsServer) -> Iterator[Sessions]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "root")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "root")
        yield Sessions(REGION, endpoint_url=server.url)


@pytest.fixture
def queues(root: Actor, sessions: Sessions) -> Queues:
    return Queues(root, sessions)


def test_messages_are_received_with_what_is_known_of_them(queues: Queues) -> None:
    queues.send('{"a": 1}')
    (message,) = queues.queue.receive()
    assert (message.body, message.receive_count) == ('{"a": 1}', 1)
    assert message.id
    assert message.receipt
    assert abs(message.sent_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert queues.queue.receive() == ()


def test_ten_come_at_once_at_most(queues: Queues) -> None:
    queues.send(*map(str, range(12)))
    assert len(queues.queue.receive()) == 10
    assert len(queues.queue.receive()) == 2


def test_what_is_deleted_is_gone_and_the_rest_stays(queues: Queues) -> None:
    queues.send(*map(str, range(12)))
    received = [*queues.queue.receive(), *queues.queue.receive()]
    queues.queue.delete([m for m in received if m.body != "5"])
    depth = queues.queue.depth()
    assert (depth.waiting, depth.in_flight) == (0, 1)


def test_a_deferred_message_comes_back_and_is_counted(queues: Queues) -> None:
    queues.send("later")
    (message,) = queues.queue.receive()
    queues.queue.keep([message], 0)
    (again,) = queues.queue.receive()
    assert (again.id, again.receive_count) == (message.id, 2)
    queues.queue.keep([again], 60)
    assert queues.queue.receive() == ()


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        pytest.param("this is not JSON", "this is not JSON", id="a reason"),
        pytest.param("line\nand\ttab, ünïcode 🔒", "line\nand\ttab, ünïcode 🔒", id="any text"),
        pytest.param("bell\a and \ufffe", "bell� and �", id="characters that SQS refuses"),
        pytest.param("x" * 5000, "x" * 1000, id="a long one"),
        pytest.param(" ", "no reason given", id="none"),
    ],
)
def test_a_buried_message_lies_in_the_dead_letters_with_the_reason(
    queues: Queues, reason: str, kept: str
) -> None:
    queues.send("<not json>")
    (message,) = queues.queue.receive()
    queues.queue.bury(message, reason)
    (dead,) = queues.dead()
    attributes = {name: a["StringValue"] for name, a in dead["MessageAttributes"].items()}
    assert dead["Body"] == "<not json>"
    assert attributes == {"sgwatch.reason": kept, "sgwatch.message": message.id}
    assert queues.queue.depth().in_flight == 0


def test_what_cannot_be_buried_stays(queues: Queues) -> None:
    queues.send("poison")
    (message,) = queues.queue.receive()
    elsewhere = EventQueue(queues.client, queues.url, queues.dead_url + "-gone", wait=0)
    with pytest.raises(AwsError, match="the queue does not exist") as raised:
        elsewhere.bury(message, "no JSON")
    assert not raised.value.retry
    assert queues.queue.depth().in_flight == 1


def test_the_depth_counts_what_waits_is_held_and_is_dead(queues: Queues) -> None:
    queues.send("a", "b", "c")
    held, *others = queues.queue.receive()
    for message in others:
        queues.queue.bury(message, f"not {held.id}")
    queues.send("d")
    depth = queues.queue.depth()
    assert depth == Depth(waiting=1, in_flight=1, dead=2)


def a_message(receipt: str) -> QueuedMessage:
    return QueuedMessage("x", receipt, f"id-{receipt}", 1, datetime.now(UTC))


class Flaky:
    """An SQS client that fails to delete some receipts, so many times each."""

    def __init__(self, failures: dict[str, int]) -> None:
        self.failures = failures
        self.batches: list[list[str]] = []

    def delete_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - boto3's names
        self.batches.append([entry["ReceiptHandle"] for entry in Entries])
        failed = []
        for entry in Entries:
            if self.failures.get(entry["ReceiptHandle"], 0) > 0:
                self.failures[entry["ReceiptHandle"]] -= 1
                failed.append({"Id": entry["Id"], "Code": "InternalError", "SenderFault": False})
        return {"Failed": failed}


def test_only_those_that_aws_failed_to_take_are_taken_again() -> None:
    flaky = Flaky({"r-3": 1, "r-11": 2})
    queue = EventQueue(flaky, "q", "d")  # type: ignore[arg-type]
    queue.delete([a_message(f"r-{n}") for n in range(12)])
    assert flaky.batches[2:] == [["r-3", "r-11"], ["r-11"]]


def test_what_cannot_be_taken_is_said_and_comes_again() -> None:
    queue = EventQueue(Flaky({"r-1": 9}), "q", "d")  # type: ignore[arg-type]
    with pytest.raises(AwsError, match="1 of 3 events") as raised:
        queue.delete([a_message(f"r-{n}") for n in range(3)])
    assert raised.value.retry


def test_the_queue_says_how_long_a_message_is_ours(queues: Queues) -> None:
    queues.sqs.set_queue_attributes(QueueUrl=queues.url, Attributes={"VisibilityTimeout": "45"})
    assert queues.queue.visibility == 45


def test_where_we_may_not_ask_the_default_is_taken(
    queues: Queues, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: object, *__: object) -> list[str]:
        raise AwsError("may not ask", retry=False)

    monkeypatch.setattr(EventQueue, "_attributes", denied)
    assert queues.queue.visibility == 30


def test_what_is_too_large_for_its_reason_is_buried_without(queues: Queues) -> None:
    # AWS counts attributes towards a message's limit; the stand-in does not.
    def too_large(params: dict[str, Any], **_: object) -> None:
        if params.get("MessageAttributes"):
            told = {"Code": "InvalidParameterValue", "Message": "message too long"}
            raise ClientError({"Error": told}, "SendMessage")  # type: ignore[typeddict-item]

    queues.send("{not json")
    (message,) = queues.queue.receive()
    queues.client.meta.events.register("provide-client-params.sqs.SendMessage", too_large)
    try:
        queues.queue.bury(message, "this is not JSON")
    finally:
        queues.client.meta.events.unregister("provide-client-params.sqs.SendMessage", too_large)
    (dead,) = queues.dead()
    assert (dead["Body"], dead.get("MessageAttributes")) == ("{not json", None)
    assert queues.queue.depth().waiting == 0
