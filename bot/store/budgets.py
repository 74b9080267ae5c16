"""Budgets: how often all of us together may do something, such as call a method of Slack's."""

from datetime import timedelta

from bot.store.link import Link


class Budgets:
    """Counters that start anew with each period. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        """Count one more; return how long to wait instead if ``most`` were counted already."""
        period_ms = period // timedelta(milliseconds=1)
        wait = self._link.run("spend", [self._link.keys.budget(name)], [most, period_ms])
        return timedelta(milliseconds=wait) if wait else None
