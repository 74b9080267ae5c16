"""Kept: what was read a moment ago, so that a storm on one group does not multiply reads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

from bot.aws.errors import AwsError

FRESH = timedelta(seconds=60)
MOST = 500

T = TypeVar("T")


@dataclass(slots=True)
class _Shelf(Generic[T]):
    """What is kept for one key, and when it was read. Who reads holds the lock."""

    lock: Lock = field(default_factory=Lock)
    read_at: datetime | None = None
    value: T | None = None
    refused: AwsError | None = None


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """Keeps values, and refusals that would be the same again. Threads may share it."""

    fresh: timedelta = FRESH
    most: int = MOST
    _shelves: "OrderedDict[Hashable, _Shelf[T]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, now: datetime, since: datetime | None, read: Callable[[], T]) -> T:
        """Return what was kept if it is fresh and was read after ``since``, else read it.

        Those who ask for the same at once wait for the first. Raises AwsError.
        """
        shelf = self._shelf(key)
        with shelf.lock:
            at = shelf.read_at
            stale = at is None or now - at > self.fresh or (since is not None and at <= since)
            if stale:
                self._fill(shelf, read)
                shelf.read_at = now
            value, refused = shelf.value, shelf.refused
        if refused is not None:
            raise AwsError(refused.reason, retry=False, code=refused.code)
        return value  # type: ignore[return-value] # filled above

    def _shelf(self, key: Hashable) -> _Shelf[T]:
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
            self._shelves.move_to_end(key)
            if len(self._shelves) > self.most:
                self._shelves.popitem(last=False)
            return shelf

    @staticmethod
    def _fill(shelf: _Shelf[T], read: Callable[[], T]) -> None:
        try:
            shelf.value, shelf.refused = read(), None
        except AwsError as error:
            if error.retry:
                raise
            shelf.value, shelf.refused = None, error
