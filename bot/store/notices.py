"""Notices: what keeps failing, for the operators' channel. The alerts' own trouble is progress."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.alerts.notice import Notice
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

TELLER = "chore:operators"
"""The subject whose attending tells the operators."""

MOST = 500
"""Characters of what a notice says."""


class Notices:
    """The notices that are not over. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def tell(self, key: str, what: str, patience: timedelta = timedelta(0)) -> None:
        """Note that something failed; the operators hear of it if it still does after a while."""
        keys = self._link.keys
        names = [keys.notice(key), keys.notices, keys.attention, keys.touched, keys.wake]
        args: list[str | int] = [key, what[:MOST], patience // timedelta(milliseconds=1), TELLER]
        self._link.run("notice", names, args)

    def all(self) -> list[Notice]:
        """Return all notices, the oldest first."""
        found = [
            self._one(str(key)) for key in self._link.call("SMEMBERS", self._link.keys.notices)
        ]
        return sorted((n for n in found if n is not None), key=lambda n: (n.since, n.key))

    def posting(self, notice: Notice, at: datetime) -> None:
        """Remember that its message is about to be posted."""
        self._link.call("HSET", self._link.keys.notice(notice.key), "posting", to_ms(at))

    def posted(self, notice: Notice, ts: str) -> None:
        """Remember the message that told it."""
        self._link.call("HSET", self._link.keys.notice(notice.key), "ts", ts)

    def over(self, notice: Notice) -> None:
        """Forget it: it no longer fails."""
        self._link.call("SREM", self._link.keys.notices, notice.key)
        self._link.call("DEL", self._link.keys.notice(notice.key))

    def _one(self, key: str) -> Notice | None:
        kept: Mapping[str, str] = self._link.call("HGETALL", self._link.keys.notice(key))
        if "since" not in kept:
            return None
        begun = kept.get("posting")
        return Notice(
            key,
            kept["what"],
            from_ms(int(kept["since"])),
            from_ms(int(kept["last"])),
            from_ms(int(kept["due"])),
            int(kept["times"]),
            kept.get("ts", ""),
            from_ms(int(begun)) if begun else None,
        )
