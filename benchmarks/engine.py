"""The engine: what an event costs from the queue to Slack, beside the least that could do it."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

import boto3

from benchmarks.latency import latency
from bot.alerts.judge import Judge
from bot.alerts.policy import AlertPolicy
from bot.aws.queue import EventQueue, QueuedMessage
from bot.cloudtrail.envelope import LogFile
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.exemptions.model import Exemption, Scope
from bot.poller import Poller
from bot.recorder import Recorder
from bot.store.link import Link
from bot.store.store import Store, connect, open_store
from bot.store.timelines import EXEMPTION
from sandbox.aws.server import AwsServer
from sandbox.redis import RedisServer

NOW = datetime.now(UTC).replace(microsecond=0)
FEW, MANY = 10, 10_000
BATCH, ROUNDS = 10, 20
ON_A_QUEUE = 300
"""Messages of one measurement on the stand-in's queue."""

_ids = count()
JUDGE = Judge(Matcher(packaged().detections))


@dataclass
class MemoryQueue:
    """Gives batches of what it holds."""

    left: list[QueuedMessage] = field(default_factory=list)
    visibility: int = 30

    def receive(self) -> Sequence[QueuedMessage]:
        """Return the next ten."""
        batch, self.left = self.left[:BATCH], self.left[BATCH:]
        return batch

    def delete(self, messages: Sequence[QueuedMessage]) -> None:
        """Forget them: they are taken already."""

    def keep(self, messages: Sequence[QueuedMessage], seconds: int) -> None:
        """Keep what is ours alone anyway."""

    def bury(self, _: QueuedMessage, reason: str) -> None:
        """Refuse: nothing here cannot be read."""
        raise AssertionError(reason)


class NoFiles:
    """Events come by themselves here."""

    def chunks(self, _: LogFile) -> Iterator[bytes]:
        """Yield nothing."""
        yield b""


def section(records: Sequence[bytes]) -> str:
    """Measure, and return what came of it as Markdown."""
    events = _Events(records)
    with RedisServer() as redis, AwsServer() as aws:
        store = _store(_link(redis.url))
        cpu, trip = _cpu(store, events), _trip(store, events)
        few, many = _filled(redis.url, events)
        rates = _rates(redis.url, aws.url, events)
    threads = ", ".join(f"{n}: {rate / rates[1]:.2f} x" for n, rate in rates.items() if n)
    return _SECTION.format(
        cpu=cpu,
        trip=trip,
        few=FEW,
        many=f"{MANY:,}",
        grown=many / few,
        bare=rates[0] / rates[1],
        threads=threads,
        slack=latency(lambda user: events.bodies(1, lambda _: user)[0]),
    )


@dataclass(frozen=True)
class _Events:
    """New events in the shape of given records, each with an id and a time of its own."""

    records: Sequence[bytes]

    def bodies(self, number: int, principal: Callable[[int], str] | None = None) -> list[str]:
        """Return so many events; ``principal`` names the user of each."""
        found = []
        for n in range(number):
            record = json.loads(self.records[n % len(self.records)])
            record |= {"eventID": f"bench-{next(_ids)}", "eventTime": f"{NOW:%Y-%m-%dT%H:%M:%SZ}"}
            if principal is not None:
                record["userIdentity"] = _user(principal(n))
            found.append(json.dumps(record, separators=(",", ":")))
        return found


def _user(name: str) -> dict[str, str]:
    arn = f"arn:aws:iam::123456789012:user/{name}"
    return {"type": "IAMUser", "arn": arn, "accountId": "123456789012", "userName": name}


def _link(url: str) -> Link:
    return Link(connect(url), f"{{bench-{next(_ids)}}}")


def _store(link: Link) -> Store:
    return open_store(link, horizon=timedelta(days=36500))


def _poller(store: Store, queue: Any) -> Poller:
    policy = AlertPolicy(channel="C0ALERTS")
    return Poller(queue, NoFiles(), store, Recorder(store, lambda: JUDGE, policy, ""))


def _messages(bodies: Sequence[str]) -> list[QueuedMessage]:
    return [QueuedMessage(body, "r", f"m-{n}", 1, NOW) for n, body in enumerate(bodies)]


def _drain(store: Store, bodies: Sequence[str]) -> float:
    """Return the CPU seconds of this process to poll all of it."""
    queue = MemoryQueue(_messages(bodies))
    poller = _poller(store, queue)
    start = time.process_time()
    while queue.left:
        poller.poll()
    return time.process_time() - start


def _cpu(store: Store, events: _Events) -> float:
    """Return the CPU time of polling to that of reading the same bytes as JSON."""
    ratios = []
    for _ in range(ROUNDS):
        bodies = events.bodies(len(events.records))
        polled = _drain(store, bodies)
        ratios.append(polled / _reading(bodies))
    return statistics.median(ratios)


def _trip(store: Store, events: _Events) -> float:
    """Return the CPU time of one round trip to Redis for each record, measured likewise."""
    ratios = []
    for _ in range(ROUNDS):
        bodies = events.bodies(len(events.records))
        start = time.process_time()
        for _ in bodies:
            store.attention.now()
        ratios.append((time.process_time() - start) / _reading(bodies))
    return statistics.median(ratios)


def _reading(bodies: Sequence[str]) -> float:
    start = time.process_time()
    for _ in range(BATCH):
        for body in bodies:
            json.loads(body)
    return (time.process_time() - start) / BATCH


def _filled(url: str, events: _Events) -> tuple[float, float]:
    """Return CPU seconds per event beside few, and beside many, alerts, exemptions, principals."""
    stores = {number: _with(_link(url), events, number) for number in (FEW, MANY)}
    times: Mapping[int, list[float]] = {number: [] for number in stores}
    for turn in range(ROUNDS):
        for number, store in stores.items():
            names = [f"new-{turn}-{n}" for n in range(len(events.records))]
            times[number].append(_drain(store, events.bodies(len(names), names.__getitem__)))
    return statistics.median(times[FEW]), statistics.median(times[MANY])


def _with(link: Link, events: _Events, number: int) -> Store:
    store = _store(link)
    _drain(store, events.bodies(number, lambda n: f"user-{n}"))
    for n in range(number):
        scope = Scope(principals=(f"arn:aws:iam::123456789012:role/exempt-{n}",))
        ends = NOW + timedelta(days=30)
        exemption = Exemption(f"X-{n}", scope, "known", "U0ROSA", NOW, ends)
        link.call(
            "HSET", link.keys.exemptions, exemption.id, EXEMPTION.dump_json(exemption).decode()
        )
    link.call("INCR", link.keys.exemptions_version)
    return store


def _rates(redis: str, aws: str, events: _Events) -> dict[int, float]:
    """Return events a second: of a bare loop as 0, and of one, two and four pollers."""
    sqs = boto3.client(
        "sqs",
        region_name="eu-west-1",
        endpoint_url=aws,
        aws_access_key_id="root",
        aws_secret_access_key="root",  # noqa: S106 - the stand-in's
    )
    rates: dict[int, float] = {}
    for threads in (0, 1, 2, 4):
        url = sqs.create_queue(QueueName=f"bench-{threads}")["QueueUrl"]
        for body in events.bodies(ON_A_QUEUE):
            sqs.send_message(QueueUrl=url, MessageBody=body)
        start = time.perf_counter()
        if threads:
            _poll_with(threads, _store(_link(redis)), EventQueue(sqs, url, url, wait=0), sqs, url)
        else:
            _bare(sqs, url)
        rates[threads] = ON_A_QUEUE / (time.perf_counter() - start)
    return rates


def _bare(sqs: Any, url: str) -> None:
    left = ON_A_QUEUE
    while left:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=BATCH).get("Messages", ())
        entries = []
        for number, message in enumerate(found):
            json.loads(message["Body"])
            entries.append({"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]})
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        left -= len(found)


def _poll_with(threads: int, store: Store, queue: EventQueue, sqs: Any, url: str) -> None:
    stop = Event()
    pollers = [Thread(target=_poller(store, queue).run, args=(stop,)) for _ in range(threads)]
    for poller in pollers:
        poller.start()
    while _left(sqs, url):
        time.sleep(0.02)
    stop.set()
    for poller in pollers:
        poller.join()


def _left(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(told[name]) for name in names)


_SECTION = """
## The engine

| what | got | aim |
| --- | --- | --- |
| CPU of the poller per record, to `json.loads` of it | {cpu:.0f} x | 10 x |
| CPU per event beside {many} alerts, exemptions, principals, to {few} | {grown:.2f} x | 1.2 x |
| events a second of a bare loop, to those of one poller | {bare:.2f} x | |
| events a second by pollers, to one poller | {threads} | |
| from sending an event to its message in Slack, to a bare script's | {slack:.2f} x | 2 x |

The first two are CPU time of the poller's process, with a queue in memory and a real Redis; the
records are those above, most of them matched, each an event of its own. The first aim is not
reached: one round trip of redis-py alone is {trip:.0f} x, and an event that becomes an alert takes
two, is judged (see above), and is written as two JSON documents; one that moves something into a
group, or opens egress, also has the group's history read.

The bare loop receives from a queue of the stand-in, reads the JSON and deletes; pollers are threads
of one process, and the stand-in shares the machine's cores with them. The bare script receives one
message and posts it to the sandbox's Slack; both wait on the same queue.
"""
