"""Set aside: the alerts that have no message of their own, by when they were raised."""

from datetime import datetime, timedelta

from bot.alerts.alert import Alert
from bot.store.link import Link
from bot.store.moment import to_ms

LIFE = timedelta(days=100)


class Aside:
    """The list of them. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, alert: Alert, now: datetime) -> None:
        """Put an alert on the list, and take off what has been there for long."""
        key = self._link.keys.aside
        self._link.call("ZADD", key, to_ms(alert.raised_at), alert.id)
        self._link.call("ZREMRANGEBYSCORE", key, "-inf", to_ms(now - LIFE))

    def listed(self, start: int, count: int) -> list[str]:
        """Return ids from a place on, the latest first."""
        key = self._link.keys.aside
        found = self._link.call("ZREVRANGE", key, start, start + count - 1)
        return [str(alert_id) for alert_id in found]

    def count(self, since: datetime | None = None, until: datetime | None = None) -> int:
        """Return how many there are, or were raised between two times."""
        least, most = to_ms(since) if since else "-inf", f"({to_ms(until)}" if until else "+inf"
        return int(self._link.call("ZCOUNT", self._link.keys.aside, least, most))
