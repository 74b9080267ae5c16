"""SNS: a text to a topic, for e-mail and SMS. A topic knows no keys: sent twice, it comes twice."""

from dataclasses import dataclass
from datetime import timedelta

from bot.aws.errors import AwsError, telling
from bot.aws.sessions import Sessions
from bot.paging.page import PagerError

SUBJECT, TEXT = 100, 1000


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics of any region, with our own credentials."""

    sessions: Sessions

    def publish(self, topic: str, subject: str, text: str) -> None:
        """Send a text. Raises PagerError."""
        client = self.sessions.topics(topic.split(":")[3])
        try:
            with telling("publish to the topic"):
                client.publish(
                    TopicArn=topic, Subject=_ascii(subject)[:SUBJECT], Message=text[:TEXT]
                )
        except AwsError as error:
            wait = timedelta(seconds=error.after) if error.after is not None else None
            raise PagerError(error.reason, retry=error.retry, wait=wait) from error


def _ascii(text: str) -> str:
    """Return what SNS takes as the subject of an e-mail."""
    return text.encode("ascii", "replace").decode()
