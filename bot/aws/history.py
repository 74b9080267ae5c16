"""CloudTrail's event history: one page of LookupEvents."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.aws.errors import telling
from bot.aws.sessions import Sessions
from bot.cloudtrail.envelope import EnvelopeError, open_value
from bot.cloudtrail.history import Stretch
from bot.cloudtrail.record import Record

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail.type_defs import LookupEventsRequestTypeDef

TOKEN_GONE = "InvalidNextTokenException"  # noqa: S105 - AWS's code, no secret


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its records, why others in it could not be read, and what asks for the next."""

    records: tuple[Record, ...]
    unreadable: tuple[str, ...]
    oldest: datetime | None
    token: str


@dataclass(frozen=True, slots=True)
class EventHistory:
    """Reads pages. Whoever calls it keeps to two a second for an account and region."""

    sessions: Sessions

    def page(self, stretch: Stretch) -> Page:
        """Return the page that is next in a stretch. Raises AwsError."""
        asked = stretch.todo[0]
        request: LookupEventsRequestTypeDef = {
            "LookupAttributes": [{"AttributeKey": asked.key, "AttributeValue": asked.value}],  # type: ignore[typeddict-item] # any of AWS's keys
            "StartTime": asked.start,
            "EndTime": asked.end,
            "MaxResults": 50,
        }
        if stretch.token:
            request["NextToken"] = stretch.token
        client = self.sessions.history(stretch.account, stretch.region)
        with telling(f"read the event history of {stretch.place}"):
            answer = client.lookup_events(**request)
        events = answer.get("Events", [])
        times = [event["EventTime"].astimezone(UTC) for event in events if "EventTime" in event]
        oldest = min(times, default=None)
        texts = [{"CloudTrailEvent": event.get("CloudTrailEvent", "")} for event in events]
        try:
            found = open_value({"Events": texts})
        except EnvelopeError as error:
            return Page((), (str(error),), oldest, answer.get("NextToken", ""))
        return Page(found.records, found.unreadable, oldest, answer.get("NextToken", ""))
