"""Reading CloudTrail's event history: what was lost is found once, slowly enough, to the end."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.accounts import Account, Accounts
from bot.alerts.outcome import Fate
from bot.aws.errors import AwsError
from bot.aws.history import EventHistory
from bot.aws.sessions import Roles, Sessions
from bot.backfill import TRIES, Tally, known_places
from bot.cloudtrail.history import EVERY, Stretch
from bot.detections.rule import NewTerms
from bot.store.events import Place
from bot.store.link import StoreError
from sandbox.aws.world import PROD, REGION
from tests.detections.rules import a_detection
from tests.gaps.conftest import Gaps
from tests.simulation.edges import eventbridge

NEW = replace(
    a_detection("event.action:AuthorizeSecurityGroupIngress", "new"),
    new_terms=NewTerms(("user.name",), "now-7d"),
)


def test_what_eventbridge_lost_is_found_once_and_what_it_delivered_is_known(gaps: Gaps) -> None:
    gaps.open_port(1001)
    gaps.server.faults.lose_events()
    lost = gaps.open_port(1002)
    gaps.poll()
    assert gaps.store.events.find(lost) is None
    gaps.clock.advance(timedelta(seconds=5))
    tally = gaps.read()
    assert [outcome.event_id for outcome in tally.new] == [lost]
    assert (tally.known, tally.fates) == (1, {"alerted": 1})
    outcome = gaps.store.events.find(lost)
    assert outcome is not None
    assert outcome.via == "backfill"


def test_read_twice_it_counts_once(gaps: Gaps) -> None:
    gaps.history(3)
    assert gaps.read().fates == {"alerted": 3}
    again = gaps.read()
    assert (again.new, again.known) == ([], 3)
    assert gaps.store.events.counts() == {"events:alerted": 3}


def test_what_the_pattern_keeps_out_is_left_out_here_too(gaps: Gaps) -> None:
    gaps.history(1, eventName="PutObject")
    gaps.history(1, eventName="CreateUser", eventSource="transfer.amazonaws.com")
    gaps.history(1, eventType="AwsServiceEvent")
    tally = gaps.read()
    assert (tally.read, tally.wanted, tally.passed, tally.new) == (3, 0, 3, [])


def test_no_place_is_asked_more_than_twice_a_second(gaps: Gaps) -> None:
    gaps.history(260)
    for stretch in (gaps.stretch(), gaps.stretch(region="us-east-1")):
        gaps.read(stretch)
    here = [at for place, at in gaps.asked.times if place == f"{PROD}/{REGION}"]
    assert len(here) == 6
    assert all(later - earlier >= EVERY for earlier, later in pairwise(here))


def test_two_readers_share_what_a_place_allows(gaps: Gaps) -> None:
    gaps.history(60)
    one, other = gaps.reader(), gaps.reader("reconciler")
    assert one.turn(gaps.stretch(), Tally()).wait is None
    assert other.turn(gaps.stretch(), Tally()).wait == EVERY
    assert other.turn(gaps.stretch(region="us-east-1"), Tally()).wait is None


def test_throttled_it_waits_longer_each_time_and_loses_nothing(gaps: Gaps) -> None:
    ids, begun = gaps.history(3), gaps.clock.now
    gaps.server.faults.throttle_lookups(2)
    tally = gaps.read()
    assert {outcome.event_id for outcome in tally.new} == set(ids)
    assert gaps.clock.now - begun >= timedelta(seconds=2 + 4)


def test_throttled_for_ever_it_gives_up(gaps: Gaps) -> None:
    gaps.server.faults.throttle_lookups(TRIES)
    with pytest.raises(AwsError, match="AWS asks for fewer calls"):
        gaps.read()
    assert len(gaps.asked.times) == TRIES


def test_an_account_that_cannot_be_entered_is_given_up_at_once(gaps: Gaps) -> None:
    roles = Roles("arn:aws:iam::000000000000:role/none")
    sessions = Sessions(REGION, roles, endpoint_url=gaps.server.url)
    gaps.asked.history = EventHistory(sessions)
    with pytest.raises(AwsError, match=f"could not enter account {PROD}"):
        gaps.read()
    assert len(gaps.asked.times) == 1


def test_interrupted_it_goes_on_where_it_was(gaps: Gaps) -> None:
    ids, tally = gaps.history(170), Tally()

    def kept(stretch: Stretch) -> None:
        gaps.store.stretches.keep("backfill", stretch)

    gaps.store.stretches.begin("backfill", [gaps.stretch()])
    stops = iter([False, True])

    def pause(span: timedelta) -> bool:
        gaps.pause(span)
        return next(stops)

    (begun,) = gaps.store.stretches.all("backfill")
    gaps.reader().read(begun, tally, kept, pause)
    assert tally.pages == 2
    (left,) = gaps.store.stretches.all("backfill")
    gaps.reader().read(left, tally, kept, gaps.pause)
    assert (tally.pages, tally.known) == (4, 0)
    assert {outcome.event_id for outcome in tally.new} == set(ids)
    assert gaps.store.stretches.all("backfill") == []


def test_a_token_that_aws_knows_no_longer_begins_the_rest_anew(gaps: Gaps) -> None:
    ids, tally = gaps.history(70), Tally()
    turn = gaps.reader().turn(gaps.stretch(), tally)
    gaps.reader().read(replace(turn.stretch, token="gone"), tally, lambda _: None, gaps.pause)
    assert {outcome.event_id for outcome in tally.new} == set(ids)


def test_a_page_does_not_count_as_read_while_redis_may_have_lost_it(
    gaps: Gaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps.history(1)
    monkeypatch.setattr(type(gaps.store.events), "confirm", lambda *_: False)
    with pytest.raises(StoreError, match="read again"):
        gaps.read()


def test_a_defect_of_ours_holds_up_no_other_record(
    gaps: Gaps, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = gaps.history(2)
    real = type(gaps.recorder).record

    def broken(self: object, record: object, *args: object, **rest: object) -> object:
        if record.event_id == first:  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return real(self, record, *args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(type(gaps.recorder), "record", broken)
    tally = gaps.read()
    assert ([outcome.event_id for outcome in tally.new], tally.failed) == ([second], 1)


def test_teaching_raises_no_alert_and_then_only_the_new_is_new(gaps: Gaps) -> None:
    gaps.detections = (NEW,)
    gaps.history(2, who="dora")
    tally = gaps.read(teaching=True)
    assert (tally.taught, gaps.store.events.counts()) == (2, {})
    gaps.store.detections.learnt(NEW)
    gaps.server.trail.forget()
    (usual,), (unheard,) = gaps.history(1, who="dora"), gaps.history(1, who="eve")
    gaps.read()
    found = {name: gaps.store.events.find(name) for name in (usual, unheard)}
    assert found[usual].fate is Fate.UNMATCHED  # type: ignore[union-attr]
    assert found[unheard].fate is Fate.ALERTED  # type: ignore[union-attr]


OWN = Place("1" * 12, "eu-west-1")
LISTED = Accounts((Account("2" * 12, "two"),))


@pytest.mark.parametrize(
    ("accounts", "seen", "regions", "expected"),
    [
        pytest.param(
            Accounts(), [], [], [OWN, Place(OWN.account, "us-east-1")], id="nothing is known"
        ),
        pytest.param(
            LISTED,
            [],
            [],
            [Place("2" * 12, "eu-west-1"), Place("2" * 12, "us-east-1")],
            id="a listed account, in our region and where IAM's events are",
        ),
        pytest.param(
            Accounts(),
            [Place("3" * 12, "sa-east-1")],
            [],
            [Place("3" * 12, "sa-east-1"), Place("3" * 12, "us-east-1")],
            id="one that events came from, in their region",
        ),
        pytest.param(
            LISTED,
            [Place("2" * 12, "sa-east-1")],
            ["eu-north-1"],
            [Place("2" * 12, "eu-north-1"), Place("2" * 12, "us-east-1")],
            id="the regions of the settings instead",
        ),
    ],
)
def test_where_it_is_looked(
    accounts: Accounts, seen: list[Place], regions: list[str], expected: list[Place]
) -> None:
    assert known_places(accounts, seen, regions, OWN) == expected


def test_where_events_came_from_is_remembered(gaps: Gaps) -> None:
    gaps.history(1)
    gaps.read()
    gaps.history(1, awsRegion="nowhere")
    gaps.world.as_root().sqs.send_message(
        QueueUrl=gaps.world.queues.url, MessageBody=eventbridge(gaps.server.trail.records[-1])
    )
    gaps.poll()
    assert gaps.store.events.counts() == {"events:alerted": 2}
    assert gaps.store.events.places() == [Place(PROD, REGION)]
