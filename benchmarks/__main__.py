"""``make bench``: measures, prints, and writes docs/benchmarks.md."""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.alerts.judge import Judge
from bot.cloudtrail.record import parse_record
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from tests.records import a_record

DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
ROUNDS, REPEATS = 30, 200
CALLS = (
    "AuthorizeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
)


def main() -> int:
    """Measure judging against reading the same bytes as JSON, round by round in turn."""
    bodies = [json.dumps(a_record(call)).encode() for call in CALLS]
    judge = Judge(Matcher(packaged().detections))

    def read_only() -> None:
        for body in bodies:
            json.loads(body)

    def judged() -> None:
        for body in bodies:
            judge.sighting(parse_record(json.loads(body)))

    pairs = [(_seconds(read_only), _seconds(judged)) for _ in range(ROUNDS)]
    ratios = [whole / reading for reading, whole in pairs]
    page = _page(statistics.median(ratios), min(ratios), max(ratios))
    DOCS.write_text(page, encoding="utf-8")
    sys.stdout.write(page)
    return 0


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    for _ in range(REPEATS):
        work()
    return time.process_time() - start


def _page(median: float, least: float, most: float) -> str:
    return f"""# Benchmarks

`make bench` measures and writes this page. Figures are ratios within one run, of CPU time, because
machines differ and are noisy. This run: Python {platform.python_version()}, {ROUNDS} rounds.

| what | against | median | least | most |
| --- | --- | --- | --- | --- |
| parse, change, exposure, severity, the shipped detections, per record of a group change | \
`json.loads` of the same bytes (included in both) | {median:.1f} x | {least:.1f} x | {most:.1f} x |
"""


if __name__ == "__main__":
    sys.exit(main())
