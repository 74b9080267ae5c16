"""Storms as people see them: an ordinary one, and the largest."""

from dataclasses import replace

from bot.alerts.alert import Alert
from bot.alerts.storm import Storm, Tally
from bot.changes.severity import Severity
from bot.slack.views.refs import StormRef
from bot.slack.views.storm import Page, Row, StormSeen
from tests.builders import NOON, later
from tests.slack.alerts import alert_of, largest_alert, many_changes, open_alert, quiet_sighting

STORM = Storm("ST-C0ALERTS-1772452800000", "C0ALERTS", NOON, later(3))
TALLY = Tally(
    {Severity.CRITICAL: 1, Severity.HIGH: 0, Severity.MEDIUM: 0, Severity.LOW: 199}, 198, 3
)
MOST = Tally(dict.fromkeys(reversed(Severity), 1_000_000), 4_000_000, 5_000)


def _alerts() -> tuple[Alert, ...]:
    found = (open_alert(), many_changes(), *(alert_of(quiet_sighting(n)) for n in range(8)))
    return tuple(replace(alert, id=f"SGW-STORM{n}") for n, alert in enumerate(found))


def seen(*, over: bool = False) -> StormSeen:
    return StormSeen(STORM, TALLY, _alerts(), over)


def largest() -> StormSeen:
    return StormSeen(STORM, MOST, (largest_alert(),) * 10)


def page(severity: Severity | None = None) -> Page:
    first, second, *others = _alerts()
    link = "https://example.com/archives/C0ALERTS/p1"
    rows = (Row(first, link), Row(second, wanted=True), *map(Row, others))
    return Page(StormRef(STORM.id, 0, severity), TALLY, TALLY.alerts if not severity else 0, rows)


def largest_page() -> Page:
    return Page(StormRef(STORM.id, 7), MOST, 4_000_000, (Row(largest_alert()),) * 10)
