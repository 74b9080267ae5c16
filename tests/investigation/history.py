"""What was delivered to us and what CloudTrail's history tells, as a test wants them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from bot.alerts.alert import Alert
from bot.alerts.fact import Question
from bot.alerts.judge import unmatched_outcome
from bot.alerts.outcome import Outcome
from bot.aws.errors import AwsError
from bot.aws.history import Page
from bot.aws.permissions import Decided
from bot.cloudtrail.history import Stretch
from bot.cloudtrail.record import Record, parse_record
from bot.investigation.activity import Activity
from bot.investigation.allowed import Permissions
from bot.investigation.around import Surroundings
from bot.investigation.lookups import Lookups
from bot.investigation.persistence import Persistence
from bot.investigation.run import Answer, Investigator
from tests.builders import NOON, later
from tests.records import a_record, iam_user

DENIED = AwsError("no permission for cloudtrail:LookupEvents (AccessDenied)", retry=False)
THROTTLED = AwsError("AWS asks for fewer calls", retry=True, code="ThrottlingException")
TIMED_OUT = AwsError("AWS did not answer (ReadTimeoutError)", retry=True)
GONE = AwsError("The entity cannot be found. (NoSuchEntity)", retry=False)


def called(action: str, minute: float = -2, service: str = "iam", **fields: object) -> Record:
    """Return the record of a call of Alice's, so many minutes after noon."""
    at = f"{later(minute):%Y-%m-%dT%H:%M:%SZ}"
    values = {
        "eventID": f"{action}-{minute:g}-{len(fields)}",
        "eventTime": at,
        "eventSource": f"{service}.amazonaws.com",
        "awsRegion": "us-east-1" if service == "iam" else "eu-west-1",
        "userIdentity": iam_user(),
        "requestParameters": None,
    }
    return parse_record(a_record(action, **(values | fields)))


def refused(action: str, minute: float = -2, service: str = "iam", **fields: object) -> Record:
    """Return the record of a call that AWS denied to Alice."""
    return called(action, minute, service, errorCode="AccessDenied", errorMessage="No", **fields)


@dataclass
class World:
    """Streams, histories and IAM; ``errors`` are of "lookups" and "iam"."""

    delivered: Sequence[Record] = ()
    outcomes: Sequence[Outcome] = ()
    told: Sequence[Record] = ()
    decided: Sequence[Decided] = ()
    errors: dict[str, AwsError] = field(default_factory=dict)
    busy: bool = False
    more: bool = False
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    simulated: int = 0
    spent: dict[str, int] = field(default_factory=dict)

    def history(
        self, by: str, value: str, count: int = 100, since: datetime | None = None
    ) -> list[Outcome]:
        found = [*map(unmatched_outcome, self.delivered), *self.outcomes]
        has = {"principal": "principal", "key": "access_key", "address": "address"}[by]
        late = (o for o in found if since is None or o.at >= since)
        return [o for o in late if getattr(o, has) == value][:count]

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        if self.busy:
            return period
        self.spent[name] = self.spent.get(name, 0) + 1
        if most > 1:
            return period if self.spent[name] > most else None
        return period if self.spent[name] % 2 == 0 else None

    def page(self, stretch: Stretch) -> Page:
        question = stretch.todo[0]
        self.asked.append((stretch.place, question.key, question.value))
        if "lookups" in self.errors:
            raise self.errors["lookups"]
        place = (stretch.account, stretch.region)
        found = tuple(
            record
            for record in self.told
            if (record.recipient_account_id, record.aws_region) == place
            and question.start <= record.event_time <= question.end
            and question.value in _values(record, question.key)
        )
        more = self.more and question.key != "EventName"
        return Page(found, (), question.start, "more" if more else "")

    def decide(
        self,
        account: str,
        region: str,
        principal: str,
        actions: Sequence[str],
        resources: Sequence[str],
    ) -> tuple[Decided, ...]:
        self.simulated += 1
        if "iam" in self.errors:
            raise self.errors["iam"]
        return tuple(self.decided)

    @cached_property
    def investigator(self) -> Investigator:
        """Return who asks, as the worker has it: one for all questions."""
        ticks = iter(range(10_000))
        lookups = Lookups(self, self, lambda _: None, lambda: next(ticks) / 8)
        around = Surroundings(self, lookups)
        return Investigator(
            {
                Question.ACTIVITY: Activity(around),
                Question.PERSISTENCE: Persistence(around, self, Permissions(self)),
            }
        )

    def ask(self, question: Question, alert: Alert, now: datetime = NOON) -> Answer:
        """Ask one question."""
        ((_, found),) = self.investigator.ask(alert, (question,), now)
        assert isinstance(found, Answer)
        return found


def _values(record: Record, key: str) -> tuple[str, ...]:
    identity = record.user_identity
    if key == "EventName":
        return (record.event_name,)
    if key == "AccessKeyId":
        return (identity.get("accessKeyId", ""),)
    return (identity.get("userName") or identity.get("arn", "").rpartition("/")[2],)
