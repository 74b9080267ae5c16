"""Budgets: how often all of us together may do something, such as call a method of Slack's."""

from datetime import timedelta

from bot.store.link import Link

ALL_SPENT = 10**9


class Budgets:
    """Counters that start anew with each period. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def spend(self, name: str, most: int, period: timedelta) -> timedelta | None:
        """Count one more; return how long to wait instead if ``most`` were counted already."""
        period_ms = period // timedelta(milliseconds=1)
        wait = self._link.run("spend", [self._link.keys.budget(name)], [most, period_ms])
        return timedelta(milliseconds=wait) if wait else None

    def ration(self, name: str, who: str, most: int, period: timedelta) -> bool:
        """Return whether ``who`` has one of the ``most`` in any such period; once had, it stays."""
        period_ms = period // timedelta(milliseconds=1)
        args: list[str | int] = [who, most, period_ms]
        return bool(self._link.run("ration", [self._link.keys.ration(name)], args))

    def rest(self, name: str, wait: timedelta) -> None:
        """Leave nothing of a budget for so long: we were told that we spent too much."""
        wait_ms = max(wait // timedelta(milliseconds=1), 1)
        self._link.call("SET", self._link.keys.budget(name), ALL_SPENT, "PX", wait_ms)
