"""Log files: CloudTrail's own, as they lie in S3."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.envelope import LogFile

CHUNK = 256 * 1024
"""Bytes read at a time: a log file may hold tens of thousands of records."""


@dataclass(frozen=True, slots=True)
class LogFiles:
    """Fetches log files with our own credentials: the trail's bucket is in one account."""

    sessions: Sessions

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        """Yield the file's bytes. Raises AwsError."""
        with telling(f"fetch the log file s3://{file.bucket}/{file.key}"):
            body = self.sessions.objects().get_object(Bucket=file.bucket, Key=file.key)["Body"]
            yield from body.iter_chunks(CHUNK)
