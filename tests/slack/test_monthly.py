"""The monthly review: once a month, an account at a turn, one message whatever fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.aws.errors import AwsError
from bot.investigation.review import AccountReview, Review
from bot.monthly import AGAIN, Monthly, next_month
from bot.once import Once
from bot.slack.messages import SlackMessages
from bot.slack.views.review import review_message
from sandbox.slack.faults import Broken, Fault, Limited, Lost
from sandbox.slack.people import OPS
from sandbox.slack.seen import SeenMessage
from tests.slack.office import Office


@dataclass
class Reviewing:
    """Takes the place of AWS; ``asked`` are the accounts that were read."""

    at: datetime
    asked: list[str] = field(default_factory=list)

    def account(self, account: str, renew: Callable[[], None]) -> AccountReview:
        renew()
        self.asked.append(account)
        return AccountReview(account)

    def finished(self, accounts: list[AccountReview]) -> Review:
        return Review(self.at, None, tuple(accounts), ())


@pytest.fixture
def monthly(at_work: Office) -> Iterator[Monthly]:
    """The chore; what it posts is gone after the test, which is all in one month."""
    reviewing: Any = Reviewing(at_work.store.attention.now())
    yield Monthly(
        at_work.store,
        Once(at_work.store, SlackMessages(at_work.client, at_work.store.budgets), OPS.id),
        reviewing,
        lambda: ["2", "1"],
        lambda review: review_message(review, {"1": "prod"}),
        wanted=True,
    )
    for message in at_work.workspace.messages(OPS.id):
        at_work.client.chat_delete(channel=OPS.id, ts=message.ts)


def attend(monthly: Monthly) -> datetime | timedelta | None:
    return monthly.attend(lambda: None)


def posted(at_work: Office, since: int) -> list[SeenMessage]:
    return at_work.workspace.messages(OPS.id)[since:]


def test_it_reads_an_account_at_a_turn_and_posts_once(at_work: Office, monthly: Monthly) -> None:
    before = len(at_work.workspace.messages(OPS.id))
    assert [attend(monthly) for _ in range(2)] == [timedelta(0)] * 2
    assert not posted(at_work, before)
    due = next_month(at_work.store.attention.now())
    assert [attend(monthly) for _ in range(2)] == [due, due]
    (message,) = posted(at_work, before)
    assert "Review of 2 accounts" in message.plain
    assert monthly.reviewer.asked == ["1", "2"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "fault", [pytest.param(Lost(), id="no answer"), pytest.param(Broken(), id="broken")]
)
def test_what_was_begun_is_looked_for(at_work: Office, monthly: Monthly, fault: Fault) -> None:
    before = len(at_work.workspace.messages(OPS.id))
    for _ in range(2):
        attend(monthly)
    at_work.server.order_fault("chat.postMessage", fault)
    assert attend(monthly) == AGAIN
    for _ in range(2):
        attend(monthly)
    assert len(posted(at_work, before)) == 1


def test_a_429_is_waited_out(at_work: Office, monthly: Monthly) -> None:
    for _ in range(2):
        attend(monthly)
    at_work.server.order_fault("chat.postMessage", Limited(30))
    assert attend(monthly) == timedelta(seconds=30)


def test_where_it_is_not_wanted_it_is_never_due(monthly: Monthly) -> None:
    assert attend(replace(monthly, wanted=False)) is None


def test_without_accounts_it_is_tried_again(monthly: Monthly) -> None:
    def unknown() -> list[str]:
        raise AwsError("no credentials", retry=True)

    assert attend(replace(monthly, accounts=unknown)) == AGAIN
    (notice,) = monthly.store.notices.all()
    assert "the monthly review fails: no credentials" in notice.what


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(datetime(2026, 1, 31, 23, tzinfo=UTC), (2026, 2, 1), id="a short one next"),
        pytest.param(datetime(2026, 12, 1, 9, tzinfo=UTC), (2027, 1, 1), id="a year's end"),
        pytest.param(datetime(2028, 2, 29, tzinfo=UTC), (2028, 3, 1), id="a leap day"),
    ],
)
def test_the_next_is_on_the_first(now: datetime, due: tuple[int, int, int]) -> None:
    assert next_month(now) == datetime(*due, 8, tzinfo=UTC)
