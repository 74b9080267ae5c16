"""The chore: all groups are read in rounds, what changed soon after, and nothing is in the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.aws.errors import AwsError
from bot.changes.baseline import SETTLING
from bot.changes.change import GroupRef
from bot.store.baselines import GroupAt
from bot.store.events import Place
from tests.baselines.conftest import PROD, REGION, STAGING, Learning
from tests.store.events import an_outcome

DENIED = "could not enter account 210987654321 as arn:…: no permission for AssumeRole"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def denied(code: str = "AccessDenied") -> AwsError:
    return AwsError(DENIED, retry=False, code=code)


def throttled() -> AwsError:
    return AwsError("AWS asks for fewer calls", retry=True, code="RequestLimitExceeded")


def changed(learning: Learning, event_id: str, group: str = "sg-0a1b", **more: Any) -> None:
    learning.store.events.write(replace(an_outcome(event_id), group=group, **more))


def test_a_round_reads_all_groups_once_and_the_next_waits(learning: Learning) -> None:
    learning.aws.pages = 3
    learning.go_on()
    baseline = learning.store.baselines.latest(GroupAt(PROD, REGION, "sg-0002"))
    assert baseline is not None
    assert baseline.group == GroupRef("sg-0002", "web-prod", "vpc-1")
    assert baseline.tags == (("owner", "data"),)
    assert learning.aws.calls == {"enter": 1, "regions": 1, "page": 3}
    assert set(learning.store.baselines.read_at()) == {f"{PROD}/{REGION}"}
    learning.go_on(5 * HOUR)
    assert learning.aws.calls["page"] == 3
    learning.go_on(2 * HOUR)
    assert learning.aws.calls["page"] == 6


def test_hundreds_of_accounts_cost_a_page_each_and_a_few_turns(learning: Learning) -> None:
    learning.accounts = [f"{n:012}" for n in range(100)]
    learning.aws.regions_each = 3
    attended = 0
    while learning.attend() == timedelta(0):
        attended += 1
        assert learning.renewed <= 10 * (attended + 1)
    assert learning.aws.calls == {"enter": 100, "regions": 100, "page": 300}
    assert attended <= 45


def test_a_worker_that_is_killed_goes_on_with_the_page(learning: Learning) -> None:
    learning.aws.pages = 15
    learning.attend()
    asked = list(learning.aws.asked)
    assert 0 < len(asked) < 15
    learning.go_on()
    assert learning.aws.asked == [f"{PROD}/{REGION} {n}" for n in range(15)]


def test_an_account_that_cannot_be_entered_is_told_and_the_others_are_read(
    learning: Learning,
) -> None:
    learning.accounts = [STAGING, PROD]
    learning.aws.failing[STAGING] = [denied()]
    learning.go_on()
    assert learning.latest()
    assert not learning.latest(account=STAGING)
    (trouble,) = learning.store.baselines.troubles()
    assert (trouble.place, trouble.why) == (Place(STAGING, ""), DENIED)
    (notice,) = learning.store.notices.all()
    assert notice.what == f"groups cannot be read in {STAGING}: {DENIED}. See sgwatch doctor"
    learning.go_on(7 * HOUR)
    assert learning.store.baselines.troubles() == []


def test_a_region_that_is_denied_is_noted_without_a_notice(learning: Learning) -> None:
    learning.aws.regions_each = 2
    learning.aws.failing[f"{PROD}/eu-west-1"] = [denied("UnauthorizedOperation")]
    learning.go_on()
    assert learning.latest(region="eu-west-2")
    assert [t.place for t in learning.store.baselines.troubles()] == [Place(PROD, "eu-west-1")]
    assert learning.store.notices.all() == []


def test_where_regions_may_not_be_listed_those_seen_are_read(learning: Learning) -> None:
    learning.aws.failing[f"{PROD}/*"] = [denied("UnauthorizedOperation")]
    changed(learning, "event-1", account=PROD, region="eu-west-3")
    learning.go_on()
    assert learning.latest(region="eu-west-3")


def test_named_regions_are_the_only_ones(learning: Learning) -> None:
    learning.regions = ("eu-west-2",)
    learning.go_on()
    assert learning.aws.calls == {"enter": 1, "page": 1}
    assert learning.latest(region="eu-west-2")


@pytest.mark.parametrize(
    ("errors", "pages", "read"),
    [
        pytest.param([throttled()] * 4, 5, True, id="throttled a few times"),
        pytest.param([throttled()] * 5, 5, False, id="throttled on and on"),
        pytest.param(
            [AwsError("gone", retry=False, code="InvalidPaginationToken")],
            2,
            True,
            id="a page asked for too late",
        ),
    ],
)
def test_what_fails_is_tried_again_for_a_while(
    learning: Learning, errors: list[AwsError], pages: int, read: bool
) -> None:
    learning.aws.failing[f"{PROD}/{REGION}"] = errors
    learning.go_on()
    assert learning.aws.calls["page"] == pages
    assert learning.latest() is read


def test_what_was_read_too_slowly_is_not_kept(learning: Learning) -> None:
    slow = iter([timedelta(0), timedelta(0), SETTLING])
    learning.aws.slow = lambda: learning.clock.advance(next(slow, timedelta(0)))
    learning.attend()
    assert learning.aws.calls["page"] == 2
    baseline = learning.store.baselines.latest(GroupAt(PROD, REGION, "sg-0000"))
    assert baseline is not None
    assert baseline.read_at == learning.clock.now


def test_a_storm_on_groups_is_read_once_when_it_has_settled(learning: Learning) -> None:
    learning.go_on()
    for number in range(100):
        changed(learning, f"event-{number}", group=f"sg-{number % 4:04}")
    learning.go_on(SETTLING)
    assert learning.aws.calls["some"] == 0
    learning.go_on(2 * MINUTE)
    assert learning.aws.calls["some"] == 1
    assert learning.latest("sg-0003")
    learning.go_on(HOUR)
    assert learning.aws.calls["some"] == 1


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"error": "Client.UnauthorizedOperation"}, id="a call that failed"),
        pytest.param({"action": "CreateTags"}, id="a call that leaves the rules"),
        pytest.param({"group": "../../sg"}, id="what is no group"),
        pytest.param({"region": "nowhere"}, id="what is no region"),
    ],
)
def test_nothing_is_read_for(learning: Learning, more: dict[str, str]) -> None:
    learning.go_on()
    changed(learning, "event-1", **more)
    learning.go_on(2 * MINUTE)
    assert learning.aws.calls["some"] == 0


def test_a_group_that_cannot_be_read_anew_waits_for_the_next_round(learning: Learning) -> None:
    learning.go_on()
    changed(learning, "event-1")
    learning.aws.failing[f"{PROD}/{REGION}"] = [denied()]
    learning.go_on(HOUR)
    assert learning.aws.calls["some"] == 1


def test_it_can_be_switched_off(learning: Learning) -> None:
    learning.every = timedelta(0)
    assert learning.attend() is None
    assert not learning.aws.calls
