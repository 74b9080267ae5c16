"""How much more 1,000 and 10,000 exemptions cost an event than ten do."""

import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.alerts.judge import Judge
from bot.alerts.sighting import Sighting
from bot.cloudtrail.record import parse_record
from bot.detections.loader import packaged
from bot.detections.matcher import Matcher
from bot.exemptions.filed import Filed
from bot.exemptions.matching import covering
from bot.exemptions.model import Exemption, Scope

SIZES = (10, 1_000, 10_000)
ROUNDS, REPEATS = 30, 10
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def section(bodies: Sequence[bytes]) -> str:
    """Measure, round by round in turn, and return what came of it as Markdown."""
    seen = list(_sightings(bodies))
    return _SECTION.format(table=_table(seen, _named), patterns=_table(seen, _patterned))


def _table(seen: Sequence[Sighting], other: Callable[[int], Scope]) -> str:
    filed = {size: Filed(_exemptions(size, seen, other)) for size in SIZES}
    rounds = [{size: _seconds(seen, filed[size]) for size in SIZES} for _ in range(ROUNDS)]
    lines = []
    for size in SIZES:
        ratios = [times[size] / times[SIZES[0]] for times in rounds]
        least, most = min(ratios), max(ratios)
        lines.append(
            f"| {size:,} | {statistics.median(ratios):.2f} x | {least:.2f} x | {most:.2f} x |"
        )
    return "\n".join(lines)


def _sightings(bodies: Sequence[bytes]) -> Iterator[Sighting]:
    """Return what the records that a detection matches are judged to be."""
    judge = Judge(Matcher(packaged().detections))
    for record in (parse_record(json.loads(body)) for body in bodies):
        outcome = judge.outcome(record, judge.verdict(record), Filed(), NOW)
        if outcome.sighting is not None:
            yield outcome.sighting


def _exemptions(
    size: int, seen: Sequence[Sighting], other: Callable[[int], Scope]
) -> Iterator[Exemption]:
    """Return exemptions of which the first ten, in each number alike, are about those who make the
    changes, and hide none.
    """
    own = [Scope(principals=(one.principal.id,), regions=("nowhere",)) for one in seen[:10]]
    for number in range(size):
        scope = own[number] if number < len(own) else other(number)
        yield Exemption(f"X-{number}", scope, "known", "U0ROSA", NOW, NOW + timedelta(days=30))


def _named(number: int) -> Scope:
    """Return a scope as people have them: most of a role, some of a group, few of an account."""
    if number % 10 == 0:
        return Scope(accounts=(f"{number:012}",))
    if number % 10 < 4:
        return Scope(groups=(f"sg-{number:017x}",))
    return Scope(principals=(f"arn:aws:iam::123456789012:role/other-{number}",))


def _patterned(number: int) -> Scope:
    """Return a scope by a pattern of roles in any account; one in ten fixes no end of the name."""
    name = f"*-team-{number}-*" if number % 10 == 0 else f"team-{number}-*"
    return Scope(principal_patterns=(f"arn:aws:iam::*:role/{name}",))


def _seconds(seen: Sequence[Sighting], filed: Filed) -> float:
    start = time.process_time()
    for _ in range(REPEATS):
        for one in seen:
            ids = [detection.id for detection in one.detections]
            found = filed.about(one.change, one.principal)
            covering(one.change, one.principal, ids, found, NOW, one.exposure)
    return time.process_time() - start


_SECTION = """
## Ten exemptions, and ten thousand

Asking whether exemptions hide a change, for each of the same records that a detection matches. Six
in ten are of other roles, three of other groups, one of other accounts; ten, in each number alike,
are of those who make the changes, and are looked at clause by clause.

| exemptions | to ten: median | least | most |
| --- | --- | --- | --- |
{table}

A change meets only the exemptions that are filed under its principal, its group or its account, and
those that name none of the three; how many others there are costs nothing.

The same where all others are by patterns of roles in any account, `role/team-17-*`, and one in ten
by `role/*-team-20-*`, which fixes neither the beginning nor the end of a name:

| exemptions | to ten: median | least | most |
| --- | --- | --- | --- |
{patterns}

A pattern is filed by what it fixes at the beginning or the end of a name, else by the longest text
that stands in it; what is left to pay for is to look a principal's name up by its pieces.
"""
