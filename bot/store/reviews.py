"""Reviews: how far the review of a month has come, and where it was posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

LIFE = timedelta(days=100)
POSTING, POSTED = "posting", "posted"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found in each account so far, as JSON; whether a post was begun, and its ts."""

    accounts: Mapping[str, str]
    posting: datetime | None = None
    ts: str = ""


class Reviews:
    """The reviews by month ("2026-03"). Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def read(self, month: str) -> Kept:
        """Return how far a month's review has come."""
        found: dict[str, str] = self._link.call("HGETALL", self._link.keys.review(month))
        begun, ts = found.pop(POSTING, ""), found.pop(POSTED, "")
        return Kept(found, from_ms(int(begun)) if begun else None, ts)

    def keep(self, month: str, account: str, found: str) -> None:
        """Keep what was found in an account."""
        self._set(month, account, found)

    def posting(self, month: str, at: datetime) -> None:
        """Remember that the review is about to be posted."""
        self._set(month, POSTING, str(to_ms(at)))

    def posted(self, month: str, ts: str) -> None:
        """Remember that it was posted."""
        self._set(month, POSTED, ts)

    def _set(self, month: str, name: str, value: str) -> None:
        key = self._link.keys.review(month)
        self._link.call("HSET", key, name, value)
        self._link.call("EXPIRE", key, LIFE // timedelta(seconds=1))
