"""What is counted and timed, under the names that are scraped (docs/operating.md).

Called at the edges only: the loops, the connections to Slack, the server that is scraped. Pure
rooms know nothing of it.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# When each series began is asked by nobody, and doubles what is scraped.
disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
"""All that this process tells."""

ProcessCollector(registry=REGISTRY)

SPANS = (0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600)
"""Seconds: from what Slack takes to what an outage of a day leaves behind."""

EVENTS = Counter(
    "sgwatch_events",
    "CloudTrail records by what became of them.",
    ["outcome"],
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "sgwatch_dead_letters",
    "Messages put into the dead-letter queue, by the kind of reason.",
    ["reason"],
    registry=REGISTRY,
)
RECEIVES = Counter(
    "sgwatch_receives",
    "Reads of the event queue, by how they ended.",
    ["result"],
    registry=REGISTRY,
)
LAST_RECEIVE = Gauge(
    "sgwatch_last_receive_timestamp_seconds",
    "When the event queue was last read without an error.",
    registry=REGISTRY,
)
DELAY = Histogram(
    "sgwatch_delay_seconds",
    "How long a change took from one stage to another: event (made in AWS), received, posted.",
    ["stage"],
    buckets=SPANS,
    registry=REGISTRY,
)
MISSED = Counter(
    "sgwatch_missed_events",
    "Records that were not delivered, found in CloudTrail's event history, by what looked.",
    ["by"],
    registry=REGISTRY,
)
LOOKUPS = Counter(
    "sgwatch_lookups",
    "Pages of CloudTrail's event history asked for, by how that ended.",
    ["result"],
    registry=REGISTRY,
)
SLACK_CALLS = Counter(
    "sgwatch_slack_calls",
    "Calls of Slack's Web API, by method and how they ended.",
    ["method", "result"],
    registry=REGISTRY,
)
RULE_FILES = Gauge(
    "sgwatch_rule_files",
    "Rule files by what became of them at the last reading.",
    ["status"],
    registry=REGISTRY,
)


@contextmanager
def receiving() -> Iterator[None]:
    """Count a read of the event queue, and remember the last that went well."""
    try:
        yield
    except Exception:
        RECEIVES.labels("failed").inc()
        raise
    RECEIVES.labels("ok").inc()
    LAST_RECEIVE.set_to_current_time()


def last_receive() -> float:
    """Return when the event queue was last read without an error, as Unix time; 0 for never."""
    (family,) = LAST_RECEIVE.collect()
    return float(family.samples[0].value)


def event_received(outcome: str, at: datetime, received: datetime) -> None:
    """Count a record that was stored for the first time."""
    EVENTS.labels(outcome).inc()
    DELAY.labels("event_to_received").observe(_seconds(at, received))


def change_posted(at: datetime, received: datetime, posted: datetime) -> None:
    """Time a change that Slack shows for the first time."""
    DELAY.labels("received_to_posted").observe(_seconds(received, posted))
    DELAY.labels("event_to_posted").observe(_seconds(at, posted))


def rule_files(statuses: Iterable[str]) -> None:
    """Tell what became of each rule file; call it again after each reading."""
    tally = Tally({"loaded": 0, "unsupported": 0, "invalid": 0})
    tally.update(statuses)
    for status, count in tally.items():
        RULE_FILES.labels(status).set(count)


def _seconds(start: datetime, end: datetime) -> float:
    """Return the time between, and none where the clocks of two machines disagree."""
    return max((end - start).total_seconds(), 0.0)
