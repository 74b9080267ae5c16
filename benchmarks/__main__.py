"""``make bench``: measures, prints, and writes docs/benchmarks.md."""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import detections, engine, exemptions
from bot.alerts.judge import Judge
from bot.changes.normalise import change_of
from bot.cloudtrail.ecs import EcsView
from bot.cloudtrail.record import Record, parse_record
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.exemptions.filed import Filed

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "benchmarks.md"
RECORDS = ROOT / "tests" / "fixtures" / "records"
NONE = Filed()
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROUNDS, REPEATS = 30, 10

Work = Callable[[], object]


def main() -> int:
    """Measure each part against reading the same bytes as JSON, round by round in turn."""
    bodies = [_compact(file.read_bytes()) for file in sorted(RECORDS.glob("*.json"))]
    works = _works(bodies)
    rounds = [{name: _seconds(work) for name, work in works.items()} for _ in range(ROUNDS)]
    rows = {}
    for name in list(works)[1:]:
        ratios = [times[name] / times["json"] for times in rounds]
        rows[name] = (statistics.median(ratios), min(ratios), max(ratios))
    page = _page(len(bodies), statistics.mean(map(len, bodies)), rows)
    page += detections.section(bodies) + exemptions.section(bodies) + engine.section(bodies)
    DOCS.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    return 0


def _works(bodies: list[bytes]) -> Mapping[str, Work]:
    """Return what is measured by its name; the first is what the others are measured against."""
    judge = Judge(Matcher(packaged().detections))
    records = [parse_record(json.loads(body)) for body in bodies]
    matcher = judge.matcher
    return {
        "json": lambda: [json.loads(body) for body in bodies],
        "the record, of the parsed JSON": lambda: [parse_record(r.raw) for r in records],
        "the change": lambda: [change_of(record) for record in records],
        "the ECS view and the shipped detections": lambda: [
            matcher.matches(EcsView(record)) for record in records
        ],
        "those three, with `json.loads`": lambda: [_matched(matcher, body) for body in bodies],
        "all of judging: exposure, severity, principal and tool too, with `json.loads`": lambda: [
            _judged(judge, parse_record(json.loads(body))) for body in bodies
        ],
    }


def _matched(matcher: Matcher, body: bytes) -> object:
    record = parse_record(json.loads(body))
    return change_of(record), matcher.matches(EcsView(record))


def _judged(judge: Judge, record: Record) -> object:
    return judge.outcome(record, judge.verdict(record), NONE, NOW)


def _compact(content: bytes) -> bytes:
    return json.dumps(json.loads(content), separators=(",", ":")).encode()


def _seconds(work: Work) -> float:
    start = time.process_time()
    for _ in range(REPEATS):
        work()
    return time.process_time() - start


def _page(count: int, size: float, rows: Mapping[str, tuple[float, float, float]]) -> str:
    table = "\n".join(
        f"| {name} | {median:.1f} x | {least:.1f} x | {most:.1f} x |"
        for name, (median, least, most) in rows.items()
    )
    return f"""# Benchmarks

`make bench` measures and writes this page. Figures are ratios to `json.loads` of the same bytes,
measured in the same run, in turn, as CPU time, because machines differ and are noisy. This run:
Python {platform.python_version()}, {ROUNDS} rounds of {REPEATS} times {count} records
(`tests/fixtures/records`, {size:.0f} bytes each on average).

| what, per record | median | least | most |
| --- | --- | --- | --- |
{table}

The aim is 3 x for record, change, ECS view and detections together, and is not reached.
`json.loads` is C and takes a few microseconds for such a record, so the whole of judging is still
about a tenth of a millisecond. Where it goes:

- The change is the most. A call that opens a group is read from its request and from AWS's answer,
  as either may be incomplete: some twenty look-ups, each in two spellings and of a value that may
  have any type. About a quarter of it is the making of frozen dataclasses, which costs several
  times that of plain ones; they stay frozen, because they are stored, hashed and handed about.
- The ECS view reads only what a query asks, and each field once. What depends on action, provider
  and outcome alone is asked once for each combination, and here each has been seen before.
- Together they take more than their sum: text fresh from JSON costs a tenth more to look up by
  than text that was looked up before, as the parts alone have it.
"""


if __name__ == "__main__":
    sys.exit(main())
