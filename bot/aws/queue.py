"""The event queue: SQS, and its dead letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.aws.errors import AwsError, telling

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import MessageSystemAttributeNameType, QueueAttributeNameType
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef, MessageTypeDef

BATCH = 10
"""Messages in one call, at most: SQS's limit."""

TRIES = 3
"""Of taking a message off the queue. After that it comes again, and its claim drops it."""

LONGEST_REASON = 1000

VISIBILITY = 30
"""Seconds: SQS's default."""

KNOWN_OF_EACH: "list[MessageSystemAttributeNameType]" = ["ApproximateReceiveCount", "SentTimestamp"]
REASON, MESSAGE = "sgwatch.reason", "sgwatch.message"
"""The attributes of a dead letter: why it is one, and which message it was."""


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """One message, as received. ``receipt`` is good until the message is received again."""

    body: str
    receipt: str
    id: str
    receive_count: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Depth:
    """About how many messages wait, are in somebody's hands, and lie in the dead letters."""

    waiting: int
    in_flight: int
    dead: int


class EventQueue:
    """One queue and the queue of its dead letters. Every method raises AwsError."""

    def __init__(self, client: "SQSClient", url: str, dead_url: str, *, wait: int = 5) -> None:
        """Read from ``url``; a receive waits so many seconds for a message, 20 at most."""
        self._client = client
        self._url = url
        self._dead_url = dead_url
        self._wait = wait
        self._visibility: int | None = None

    def receive(self) -> tuple[QueuedMessage, ...]:
        """Return up to ten messages, as soon as there is one; none if the wait is over."""
        with telling("receive events"):
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=self._wait,
                MessageSystemAttributeNames=KNOWN_OF_EACH,
            )
        return tuple(received(message) for message in answer.get("Messages", ()))

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        """Take messages off the queue; those that AWS fails to take are tried again."""
        left = list(messages)
        for _ in range(TRIES):
            batches = [left[start : start + BATCH] for start in range(0, len(left), BATCH)]
            left = [message for batch in batches for message in self._undeleted(batch)]
        if left:
            reason = f"could not take {len(left)} of {len(messages)} events off the queue"
            raise AwsError(f"{reason}; they will come again", retry=True)

    def _undeleted(self, batch: Sequence[QueuedMessage]) -> list[QueuedMessage]:
        with telling("take events off the queue"):
            answer = self._client.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": message.receipt}
                    for number, message in enumerate(batch)
                ],
            )
        return [batch[int(failure["Id"])] for failure in answer.get("Failed", ())]

    @property
    def visibility(self) -> int:
        """Return for how many seconds a received message is ours alone, as the queue has it.

        Where we may not ask, SQS's own default.
        """
        if self._visibility is None:
            try:
                self._visibility = int(self._attributes(self._url, "VisibilityTimeout")[0])
            except AwsError as error:
                if error.retry:
                    return VISIBILITY
                self._visibility = VISIBILITY
        return self._visibility

    def keep(self, messages: Sequence[QueuedMessage], seconds: int) -> None:
        """Have messages to ourselves for so many seconds from now; 0 gives them back.

        One that has gone to somebody else already is passed over.
        """
        for start in range(0, len(messages), BATCH):
            with telling("keep events"):
                self._client.change_message_visibility_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {
                            "Id": str(number),
                            "ReceiptHandle": message.receipt,
                            "VisibilityTimeout": seconds,
                        }
                        for number, message in enumerate(messages[start : start + BATCH])
                    ],
                )

    def bury(self, message: QueuedMessage, reason: str) -> None:
        """Put the message with the reason into the dead letters, then take it off the queue.

        Killed in between, it is buried twice: rather than lost.
        """
        attributes: Mapping[str, MessageAttributeValueTypeDef] = {
            REASON: {"DataType": "String", "StringValue": _sendable(reason)},
            MESSAGE: {"DataType": "String", "StringValue": message.id},
        }
        try:
            self._send_dead(message, attributes)
        except AwsError as error:
            if error.retry:
                raise
            # A body so large that the reason does not fit beside it goes without: the log has it.
            self._send_dead(message, {})
        self.delete([message])

    def _send_dead(
        self, message: QueuedMessage, attributes: Mapping[str, "MessageAttributeValueTypeDef"]
    ) -> None:
        with telling("bury an event"):
            self._client.send_message(
                QueueUrl=self._dead_url, MessageBody=message.body, MessageAttributes=attributes
            )

    def depth(self) -> Depth:
        """Return how much there is to do."""
        waiting, in_flight = self._counts(self._url)
        dead, looked_at = self._counts(self._dead_url)
        return Depth(waiting, in_flight, dead + looked_at)

    def _counts(self, url: str) -> tuple[int, int]:
        waiting, in_flight = self._attributes(
            url, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
        )
        return int(waiting), int(in_flight)

    def _attributes(self, url: str, *names: "QueueAttributeNameType") -> list[str]:
        with telling("ask about the queue"):
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))
        return [answer["Attributes"][name] for name in names]


def received(message: "MessageTypeDef") -> QueuedMessage:
    """Return a message as SQS gave it, with the attributes that are asked for above."""
    attributes = message["Attributes"]
    return QueuedMessage(
        body=message["Body"],
        receipt=message["ReceiptHandle"],
        id=message["MessageId"],
        receive_count=int(attributes["ApproximateReceiveCount"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
    )


def _sendable(reason: str) -> str:
    """Return the reason in the characters that SQS takes, and never empty."""
    kept = re.sub(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", reason)
    return kept[:LONGEST_REASON].strip() or "no reason given"


def queue_region(url: str) -> str:
    """Return the region in the URL of an SQS queue, or empty text."""
    found = re.match(r"https?://sqs\.([a-z0-9-]+)\.", url)
    return found[1] if found else ""
