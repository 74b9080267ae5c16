"""What a digest adds up to, from alerts alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.alert import Alert, Hold, Resolution, ResolutionKind, Status
from bot.alerts.aside import Every
from bot.alerts.decide import author
from bot.alerts.digest import Hiding, Period, digest_of, is_still_open, last_period
from bot.changes.severity import Severity
from tests.builders import NOON, ROSA, a_principal
from tests.slack.alerts import CLOSED, alert_of, console_sighting, open_alert, quiet_sighting

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
PERIOD = Period(NOON - DAY, NOON + DAY)


def resolved(alert: Alert, kind: ResolutionKind, after: timedelta) -> Alert:
    end = Resolution(kind, author(ROSA), alert.raised_at + after, "fine")
    return replace(alert, status=Status.RESOLVED, resolution=end)


def held(alert: Alert, after: timedelta) -> Alert:
    hold = Hold(author(ROSA), alert.raised_at + after, alert.severity)
    return replace(alert, status=Status.ACKNOWLEDGED, hold=hold)


WORLD, QUIET = open_alert(), alert_of(quiet_sighting())


def test_alerts_are_counted_by_severity_and_outcome() -> None:
    benign = resolved(QUIET, ResolutionKind.BENIGN, MINUTE)
    digest = digest_of(PERIOD, [WORLD, QUIET, benign, benign, held(WORLD, MINUTE)], ())
    assert digest.counts == {
        (Severity.CRITICAL, "open"): 1,
        (Severity.CRITICAL, "acknowledged"): 1,
        (Severity.LOW, "open"): 1,
        (Severity.LOW, "benign"): 2,
    }
    assert digest.alerts == 5


def test_what_was_raised_at_another_time_counts_only_while_it_is_open_to_the_world() -> None:
    before = replace(WORLD, raised_at=NOON - 9 * DAY)
    after = replace(QUIET, raised_at=PERIOD.until)
    digest = digest_of(PERIOD, [before, after], ())
    assert (digest.alerts, digest.open, digest.open_in_all) == (0, [before], 1)
    assert digest.says_something
    assert not digest_of(PERIOD, [after], (Hiding("EX-1", 3),)).says_something


def test_medians_are_of_those_that_were_taken_or_resolved() -> None:
    taken = held(QUIET, 2 * MINUTE)
    at_once = resolved(QUIET, ResolutionKind.BENIGN, 4 * MINUTE)
    late = resolved(held(QUIET, 9 * MINUTE), ResolutionKind.BENIGN, 60 * MINUTE)
    digest = digest_of(PERIOD, [QUIET, taken, at_once, late], ())
    assert (digest.taken, digest.resolved) == (4 * MINUTE, 32 * MINUTE)
    nobody = digest_of(PERIOD, [QUIET], ())
    assert (nobody.taken, nobody.resolved) == (None, None)


def test_the_noisiest_come_first() -> None:
    one, two = (replace(QUIET, principal=a_principal(name)) for name in ("one", "two"))
    digest = digest_of(PERIOD, [one, two, two], ())
    assert [number for _, number in digest.noisiest] == [2, 1]
    assert digest.noisiest[0][0] == two.principal.label  # type: ignore[union-attr]


def test_exemptions_that_hid_most_and_those_that_are_idle() -> None:
    hiding = (Hiding("EX-1", 3), Hiding("EX-2", 7), Hiding("EX-3", 0, idle=True), Hiding("EX-4", 0))
    digest = digest_of(PERIOD, [QUIET], hiding)
    assert [each.exemption for each in digest.hid_most] == ["EX-2", "EX-1"]
    assert digest.idle == ["EX-3"]


@pytest.mark.parametrize(
    ("alert", "still"),
    [
        pytest.param(WORLD, True, id="open"),
        pytest.param(QUIET, False, id="never to the world"),
        pytest.param(resolved(WORLD, ResolutionKind.BENIGN, MINUTE), True, id="called benign"),
        pytest.param(resolved(WORLD, ResolutionKind.REVERTED, MINUTE), False, id="reverted"),
        pytest.param(alert_of(console_sighting(), after=(CLOSED,)), False, id="closed at source"),
    ],
)
def test_what_is_still_open_to_the_world(alert: Alert, still: bool) -> None:
    assert is_still_open(alert) is still


@pytest.mark.parametrize(
    ("every", "now", "until"),
    [
        pytest.param(Every.DAY, (4, 9), (4, 8), id="today's"),
        pytest.param(Every.DAY, (4, 7), (3, 8), id="before eight: yesterday's"),
        pytest.param(Every.WEEK, (4, 9), (2, 8), id="this week's"),
        pytest.param(Every.WEEK, (9, 7), (2, 8), id="Monday before eight: last week's"),
        pytest.param(Every.WEEK, (9, 8), (9, 8), id="Monday at eight"),
    ],
)
def test_the_last_period_is_over(
    every: Every, now: tuple[int, int], until: tuple[int, int]
) -> None:
    period = last_period(every, datetime(2026, 3, *now, tzinfo=UTC))
    assert period is not None
    assert period.until == datetime(2026, 3, *until, tzinfo=UTC)
    assert period.until - period.since == (DAY if every is Every.DAY else 7 * DAY)


def test_never_is_never() -> None:
    assert last_period(Every.NEVER, NOON) is None
