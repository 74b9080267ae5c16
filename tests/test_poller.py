"""The poller on a real Redis: what becomes of each message, and when it leaves the queue."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from bot.alerts.judge import Judge
from bot.alerts.outcome import Fate
from bot.alerts.policy import AlertPolicy
from bot.aws.errors import AwsError
from bot.aws.queue import QueuedMessage
from bot.changes.rules import Direction, GroupRule
from bot.changes.severity import Severity
from bot.cloudtrail.envelope import LogFile
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.poller import PATIENCE, Poller
from bot.recorder import Recorder
from bot.store.link import Link, StoreError
from bot.store.store import Store, connect, open_store
from sandbox.redis import RedisServer
from tests.builders import NOON, a_rule, later
from tests.simulation.edges import eventbridge
from tests.simulation.records import CONTAIN_ROLE, authorize_record

JUDGE = Judge(Matcher(packaged().detections))


@dataclass
class Queue:
    """Gives the messages it holds, and remembers what was done with them."""

    messages: list[QueuedMessage] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    kept: list[tuple[str, int]] = field(default_factory=list)
    buried: dict[str, str] = field(default_factory=dict)
    visibility: int = 30

    def receive(self) -> Sequence[QueuedMessage]:
        return self.messages

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        self.deleted += [message.id for message in messages]

    def keep(self, messages: Sequence[QueuedMessage], seconds: int) -> None:
        self.kept += [(message.id, seconds) for message in messages]

    def bury(self, message: QueuedMessage, reason: str) -> None:
        self.buried[message.id] = reason


@dataclass
class Bucket:
    """Holds log files by their keys; ``error`` is what AWS answers instead."""

    files: dict[str, bytes] = field(default_factory=dict)
    error: AwsError | None = None

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        if self.error:
            raise self.error
        yield self.files[file.key]


def a_poller(store: Store, *bodies: str, receives: int = 1, bucket: Bucket | None = None) -> Poller:
    queue = Queue([QueuedMessage(b, "r", f"m-{n}", receives, NOON) for n, b in enumerate(bodies)])
    policy = AlertPolicy(channel="C0ALERTS")
    recorder = Recorder(store, lambda: JUDGE, policy, CONTAIN_ROLE)
    return Poller(queue, bucket or Bucket(), store, recorder)


def queue_of(poller: Poller) -> Queue:
    assert isinstance(poller.queue, Queue)
    return poller.queue


def a_record(
    event: str = "event-1", at: datetime = NOON, who: str = "alice", rule: GroupRule | None = None
) -> dict[str, Any]:
    return authorize_record(event, who, "sg-1", rule or a_rule(), at)


def in_s3(key: str) -> str:
    place = {"bucket": {"name": "trail"}, "object": {"key": key, "size": 1}}
    notice = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": place}
    return json.dumps({"Records": [notice]})


LONG_AGO = a_record(at=NOON - timedelta(days=40000))


def test_an_event_becomes_an_alert_and_leaves_the_queue(store: Store) -> None:
    poller = a_poller(store, eventbridge(a_record()))
    poller.poll()
    assert queue_of(poller).deleted == ["m-0"]
    outcome = store.events.outcome(NOON.date(), "event-1")
    assert outcome is not None
    assert outcome.fate is Fate.ALERTED
    reading = store.timelines.read(outcome.alert)
    assert reading is not None
    assert reading.alert.counts.changes == 1


def test_an_event_delivered_twice_counts_once(store: Store) -> None:
    poller = a_poller(store, eventbridge(a_record()), eventbridge(a_record()))
    poller.poll()
    assert queue_of(poller).deleted == ["m-0", "m-1"]
    assert store.events.counts() == {"events:alerted": 1}


def test_two_principals_are_two_alerts_and_one_principal_is_one(store: Store) -> None:
    events = [a_record("a"), a_record("b", later(1)), a_record("c", later(1), who="mallory")]
    a_poller(store, *map(eventbridge, events)).poll()
    alerts = {store.events.outcome(NOON.date(), e).alert for e in "abc"}  # type: ignore[union-attr]
    assert len(alerts) == 2


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param("{not json", "JSON", id="no JSON"),
        pytest.param('{"a": 1}', "", id="an unknown shape"),
        pytest.param(
            eventbridge(a_record(at=NOON - timedelta(days=40000))), "older than", id="too old"
        ),
        pytest.param(
            eventbridge(a_record(at=NOON + timedelta(days=40000))),
            "ahead of Redis's clock",
            id="of a time that has not come",
        ),
    ],
)
def test_what_cannot_be_read_is_buried_with_a_reason(store: Store, body: str, says: str) -> None:
    poller = a_poller(store, body, eventbridge(a_record()))
    poller.poll()
    assert says in queue_of(poller).buried["m-0"]
    assert queue_of(poller).deleted == ["m-1"]
    assert store.events.counts()["dead"] == 1


def test_a_log_file_is_fetched_and_read_record_by_record(store: Store) -> None:
    looked = a_record("seen") | {"readOnly": True, "eventName": "DescribeSecurityGroups"}
    content = json.dumps({"Records": [a_record("a"), looked, a_record("b", later(1))]})
    bucket = Bucket({"log.json.gz": gzip.compress(content.encode())})
    poller = a_poller(store, in_s3("log.json.gz"), bucket=bucket)
    poller.poll()
    assert queue_of(poller).deleted == ["m-0"]
    assert store.events.counts() == {"events:alerted": 2}


def test_what_can_be_read_of_a_message_is_stored_before_it_is_buried(store: Store) -> None:
    content = json.dumps({"Records": [a_record("a"), {"eventID": 5}]})
    poller = a_poller(store, in_s3("log.json"), bucket=Bucket({"log.json": content.encode()}))
    poller.poll()
    assert store.events.counts() == {"events:alerted": 1, "dead": 1}
    assert "m-0" in queue_of(poller).buried


def test_a_log_file_that_is_gone_is_buried_and_one_that_is_late_comes_again(store: Store) -> None:
    gone = a_poller(store, in_s3("x"), bucket=Bucket(error=AwsError("no such key", retry=False)))
    gone.poll()
    assert queue_of(gone).buried == {"m-0": "no such key"}
    late = a_poller(store, in_s3("x"), bucket=Bucket(error=AwsError("throttled", retry=True)))
    late.poll()
    assert queue_of(late).deleted == []
    assert queue_of(late).buried == {}


WHOLE_INTERNET = a_rule(None, protocol="-1", direction=Direction.EGRESS, rule_id="sgr-e")


@pytest.mark.parametrize(
    ("minutes", "who", "severity"),
    [
        pytest.param(1, "alice", Severity.LOW, id="put back within the run that made the group"),
        pytest.param(1, "mallory", Severity.MEDIUM, id="by somebody else"),
        pytest.param(90, "alice", Severity.MEDIUM, id="long after"),
    ],
)
def test_the_egress_of_a_new_group_opens_nothing_only_within_its_run(
    store: Store, minutes: int, who: str, severity: Severity
) -> None:
    made = created("sg-1")
    opened = egress_record("event-2", later(minutes), who, WHOLE_INTERNET)
    a_poller(store, eventbridge(made)).poll()
    a_poller(store, eventbridge(opened)).poll()
    outcome = store.events.outcome(NOON.date(), "event-2")
    assert outcome is not None
    assert outcome.sighting is not None
    assert outcome.sighting.severity is severity


@pytest.mark.parametrize(
    ("group", "severity"),
    [
        pytest.param("sg-1", Severity.HIGH, id="into one that was opened to the internet"),
        pytest.param("sg-2", Severity.LOW, id="into one of which nothing is known"),
    ],
)
def test_a_move_is_judged_by_what_is_known_to_be_open_where_it_ends(
    store: Store, group: str, severity: Severity
) -> None:
    a_poller(store, eventbridge(a_record())).poll()
    moved = a_record("moved", later(1), who="mallory") | {
        "eventName": "ModifyInstanceAttribute",
        "requestParameters": {"instanceId": "i-1", "groupSet": {"items": [{"groupId": group}]}},
        "responseElements": {"_return": True},
    }
    a_poller(store, eventbridge(moved)).poll()
    outcome = store.events.outcome(NOON.date(), "moved")
    assert outcome is not None
    assert outcome.sighting is not None
    assert outcome.sighting.severity is severity


def created(group: str) -> dict[str, Any]:
    return a_record("made") | {
        "eventName": "CreateSecurityGroup",
        "requestParameters": {"groupName": "new", "groupDescription": "d", "vpcId": "vpc-1"},
        "responseElements": {"groupId": group, "_return": True, "requestId": "r-made"},
    }


def egress_record(event: str, at: datetime, who: str, rule: GroupRule) -> dict[str, Any]:
    record = authorize_record(event, who, "sg-1", rule, at)
    record["eventName"] = "AuthorizeSecurityGroupEgress"
    record["responseElements"]["securityGroupRuleSet"]["items"][0]["isEgress"] = True
    return record


def test_a_message_stays_while_redis_cannot_store_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("read only")

    monkeypatch.setattr(type(store.events), "write", refuse)
    poller = a_poller(store, eventbridge(a_record()))
    with pytest.raises(StoreError):
        poller.poll()
    assert queue_of(poller).deleted == []


class BrokenJudge(Judge):
    """A judge with a defect."""

    def outcome(self, *_: object, **__: object) -> Any:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("receives", "buried"),
    [
        pytest.param(1, False, id="it comes again at first"),
        pytest.param(PATIENCE, True, id="and is buried at last"),
    ],
)
def test_a_defect_of_ours_stops_nothing(store: Store, receives: int, buried: bool) -> None:
    poller = a_poller(store, eventbridge(a_record()), receives=receives)
    broken = replace(poller.recorder, judging=lambda: BrokenJudge(JUDGE.matcher))
    replace(poller, recorder=broken).poll()
    assert queue_of(poller).deleted == []
    assert ("m-0" in queue_of(poller).buried) is buried


def test_a_batch_in_hand_when_told_to_stop_is_given_back_and_not_begun(store: Store) -> None:
    poller, stop = a_poller(store, eventbridge(a_record("a")), eventbridge(a_record("b"))), Event()
    stop.set()
    poller.poll(stop)
    assert queue_of(poller).kept == [("m-0", 0), ("m-1", 0)]
    assert (queue_of(poller).deleted, store.events.counts()) == ([], {})


class StoppingBucket(Bucket):
    """Tells the poller to stop while it reads a log file."""

    stop: Event = Event()

    def chunks(self, file: LogFile) -> Iterator[bytes]:
        self.stop.set()
        yield from super().chunks(file)


def test_a_log_file_half_read_when_told_to_stop_comes_again(store: Store) -> None:
    content = json.dumps({"Records": [a_record("a"), a_record("b")]})
    bucket = StoppingBucket({"log.json.gz": gzip.compress(content.encode())})
    poller = a_poller(store, eventbridge(a_record("c")), in_s3("log.json.gz"), bucket=bucket)
    poller.poll(bucket.stop)
    assert queue_of(poller).deleted == ["m-0"]
    assert queue_of(poller).kept == [("m-1", 0)]


def test_a_slow_batch_stays_ours(store: Store) -> None:
    poller = a_poller(store, eventbridge(a_record("a")), eventbridge(a_record("b")))
    queue_of(poller).visibility = 0  # so that half time is over at once
    poller.poll()
    assert queue_of(poller).kept[:2] == [("m-0", 0), ("m-1", 0)]
    assert ("m-0", 0) in queue_of(poller).kept[2:], "what is done but not deleted is kept too"
    assert queue_of(poller).deleted == ["m-0", "m-1"]


def test_nothing_leaves_the_queue_that_redis_has_lost(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[date, str]] = []

    def lost(_: object, claims: Sequence[tuple[date, str]]) -> bool:
        asked.extend(claims)
        return False

    monkeypatch.setattr(type(store.events), "confirm", lost)
    poller = a_poller(store, eventbridge(a_record("a")), "{not json")
    poller.poll()
    assert asked == [(NOON.date(), "a")]
    assert (queue_of(poller).deleted, queue_of(poller).buried) == ([], {})


def test_the_operators_hear_of_a_dead_letter(store: Store) -> None:
    a_poller(store, "{not json").poll()
    (notice,) = store.notices.all()
    assert "went to the dead letters" in notice.what


def test_the_operators_hear_of_a_queue_out_of_reach(store: Store) -> None:
    stop = Event()

    class Unreachable(Queue):
        def receive(self) -> Sequence[QueuedMessage]:
            stop.set()
            raise AwsError("could not receive events: timed out", retry=True)

    replace(a_poller(store), queue=Unreachable()).run(stop)
    (notice,) = store.notices.all()
    assert "could not receive events" in notice.what
    assert notice.due > notice.since


def test_nothing_is_received_while_redis_takes_no_writes(caplog: pytest.LogCaptureFixture) -> None:
    class Impatient(Event):
        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return super().wait(timeout)

    class Closed(Queue):
        def receive(self) -> Sequence[QueuedMessage]:
            raise AssertionError("it was received for nothing")

    with RedisServer() as full, connect(full.url) as client:
        client.config_set("maxmemory", "1mb")
        poller = a_poller(open_store(Link(client, "{full}")))
        replace(poller, queue=Closed()).run(Impatient())
    assert "polling is held up" in caplog.text


def test_a_dead_letter_that_aws_does_not_take_holds_up_no_other(store: Store) -> None:
    class Refusing(Queue):
        def bury(self, message: QueuedMessage, reason: str) -> None:
            if message.id == "m-0":
                raise AwsError("could not bury an event: too long", retry=False)
            super().bury(message, reason)

    bodies = ("{not json", "{nor this", eventbridge(a_record()))
    messages = [QueuedMessage(body, "r", f"m-{n}", 1, NOON) for n, body in enumerate(bodies)]
    queue = Refusing(messages)
    replace(a_poller(store), queue=queue).poll()
    assert queue.buried.keys() == {"m-1"}
    assert queue.deleted == ["m-2"]
