"""What came of a backfill, for a person and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.backfill import Tally
from bot.cloudtrail.history import Stretch
from bot.cloudtrail.text import printable
from bot.detections.rule import Detection

Names = Mapping[str, str]


@dataclass(slots=True)
class Part:
    """One account and region: how far it is read, what came of it, and what went wrong."""

    stretch: Stretch
    tally: Tally = field(default_factory=Tally)
    error: str = ""


def named(names: Names, part: Part) -> str:
    """Return an account, by its name if it has one, and the region."""
    account = part.stretch.account
    return f"{printable(names.get(account, account), 30)}/{part.stretch.region}"


def lines(
    names: Names, parts: Sequence[Part], rules: Sequence[Detection], learnt: Sequence[Detection]
) -> Iterator[str]:
    """Yield a line for each account and region, and one for each rule that was taught."""
    width = max((len(named(names, part)) for part in parts), default=0)
    for part in parts:
        came = f"{part.tally.taught:,} learnt from" if rules else _new(part.tally)
        came += f", {part.tally.passed:,} passed over" if part.tally.passed else ""
        bad = f"; {part.tally.failed:,} could not be read" if part.tally.failed else ""
        failed = f"; NOT READ TO THE END: {part.error}" if part.error else ""
        yield f"{named(names, part):<{width}}  {part.tally.read:,} read, {came}{bad}{failed}"
    for rule in rules:
        says = "knows what is usual" if rule in learnt else "learns on: not all was read"
        yield f"{printable(rule.name, 80)}: {says}"


def _new(tally: Tally) -> str:
    fates = ", ".join(f"{count:,} {fate}" for fate, count in sorted(tally.fates.items()))
    return f"{tally.known:,} known, {len(tally.new):,} new{f' ({fates})' if fates else ''}"


def as_object(
    names: Names, parts: Sequence[Part], rules: Sequence[Detection], learnt: Sequence[Detection]
) -> dict[str, object]:
    """Return all of it for programs."""
    places = [_place(names, part) for part in parts]
    return {
        "places": places,
        "rules": [{"id": rule.id, "learnt": rule in learnt} for rule in rules],
    }


def _place(names: Names, part: Part) -> dict[str, object]:
    stretch, tally = part.stretch, part.tally
    return {
        "account": stretch.account,
        "name": names.get(stretch.account, ""),
        "region": stretch.region,
        "start": stretch.start.isoformat(),
        "end": stretch.end.isoformat(),
        "lookups": tally.pages,
        "read": tally.read,
        "passed": tally.passed,
        "known": tally.known,
        "new": tally.fates,
        "taught": tally.taught,
        "failed": tally.failed,
        "error": part.error,
    }
