"""Dead letters: looking at them without using them up, and putting them back on the event queue.

SQS has no way to look at a message without receiving it. So what is looked at is held meanwhile,
and given back at the end; each look counts as a receive.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bot.aws.errors import AwsError, telling
from bot.aws.queue import BATCH, KNOWN_OF_EACH, MESSAGE, REASON, EventQueue, QueuedMessage, received

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

HOLD = 300
"""Seconds that a letter is held for while it is looked at: if we are killed, it is back then."""

NO_REASON = "SQS moved it here itself: it was received too often"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that was given up. ``origin`` is the id that it had on the event queue."""

    message: QueuedMessage
    reason: str
    origin: str

    @property
    def id(self) -> str:
        """Return the letter's own id."""
        return self.message.id

    @property
    def body(self) -> str:
        """Return what was delivered, as it was."""
        return self.message.body

    @property
    def sent_at(self) -> datetime:
        """Return when it was put among the dead letters."""
        return self.message.sent_at


class Look:
    """A look at the dead letters: iterate once over it, within its ``with``. Raises AwsError."""

    def __init__(self, client: "SQSClient", url: str, dead_url: str, *, wait: int = 1) -> None:
        """Look at ``dead_url``, whose letters came from ``url``.

        A receive waits for ``wait`` seconds: only then does SQS ask all of its servers.
        """
        self._client, self._url, self._dead_url, self._wait = client, url, dead_url, wait
        self._dead = EventQueue(client, dead_url, url)
        self._held: dict[str, QueuedMessage] = {}
        self._sent: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back what is still held."""
        self._dead.keep(list(self._held.values()), 0)
        self._held.clear()

    def __iter__(self) -> Iterator[DeadLetter]:
        """Yield each letter once. What comes back of those replayed meanwhile is left out."""
        seen: set[str] = set()
        while letters := self._receive():
            # One that was held for too long comes again, under another receipt.
            self._held |= {letter.id: letter.message for letter in letters}
            for letter in letters:
                if letter.id not in seen and not self._sent & {letter.id, letter.origin}:
                    seen.add(letter.id)
                    yield letter

    def replay(self, letter: DeadLetter) -> str:
        """Put the letter's body on the event queue, then take it off the dead letters.

        Killed in between, it is read twice, and what it holds counts once. Return the id that it
        has on the event queue.
        """
        with telling("put a dead letter back on the event queue"):
            sent = self._client.send_message(QueueUrl=self._url, MessageBody=letter.body)
        self._sent.add(sent["MessageId"])
        self._dead.delete([self._held[letter.id]])
        del self._held[letter.id]
        return sent["MessageId"]

    def about(self) -> int:
        """Return about how many there are. SQS only estimates it."""
        names = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
        return sum(int(self._attributes().get(name, 0)) for name in names)

    def uses_up(self) -> bool:
        """Return whether looking can use letters up: the queue has a dead-letter queue itself."""
        return "RedrivePolicy" in self._attributes()

    def _attributes(self) -> dict[str, str]:
        """Return what the queue tells of itself; nothing where we may not ask."""
        try:
            with telling("ask about the dead letters"):
                answer = self._client.get_queue_attributes(
                    QueueUrl=self._dead_url, AttributeNames=["All"]
                )
        except AwsError:
            return {}
        return {str(name): value for name, value in answer["Attributes"].items()}

    def _receive(self) -> list[DeadLetter]:
        with telling("read the dead letters"):
            answer = self._client.receive_message(
                QueueUrl=self._dead_url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=self._wait,
                VisibilityTimeout=HOLD,
                MessageAttributeNames=[REASON, MESSAGE],
                MessageSystemAttributeNames=KNOWN_OF_EACH,
            )
        return [_letter(message) for message in answer.get("Messages", ())]


def _letter(message: "MessageTypeDef") -> DeadLetter:
    told = {
        name: str(attribute.get("StringValue", ""))
        for name, attribute in message.get("MessageAttributes", {}).items()
    }
    return DeadLetter(received(message), told.get(REASON) or NO_REASON, told.get(MESSAGE, ""))
