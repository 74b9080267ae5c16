"""Stretches of event history that are being read, so that whoever is killed goes on from there."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import TypeAdapter

from bot.cloudtrail.history import Stretch
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

STRETCH: TypeAdapter[Stretch] = TypeAdapter(Stretch)


class Stretches:
    """What each reader, by its name, is reading. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self, who: str) -> list[Stretch]:
        """Return the stretches of a reader that are not read to their end."""
        lines = self._link.call("HVALS", self._link.keys.stretches(who))
        found = (STRETCH.validate_json(line) for line in lines)
        return sorted(found, key=lambda stretch: stretch.place)

    def begin(self, who: str, stretches: Iterable[Stretch]) -> None:
        """Remember stretches to be read, in place of all that were left."""
        self._link.call("DEL", self._link.keys.stretches(who))
        for stretch in stretches:
            self.keep(who, stretch)

    def keep(self, who: str, stretch: Stretch) -> None:
        """Remember how far a stretch is read; one that is read to its end is forgotten."""
        name = self._link.keys.stretches(who)
        if stretch.todo:
            line = STRETCH.dump_json(stretch).decode()
            self._link.call("HSET", name, stretch.place, line)
            return
        # Until when it was read comes first: what is read twice counts once, a gap would stay.
        self._link.call("HSET", self._link.keys.read_until(who), stretch.place, to_ms(stretch.end))
        self._link.call("HDEL", name, stretch.place)

    def drop(self, who: str, stretch: Stretch) -> None:
        """Forget a stretch that cannot be read."""
        self._link.call("HDEL", self._link.keys.stretches(who), stretch.place)

    def read_until(self, who: str) -> dict[str, datetime]:
        """Return until when each place, as ACCOUNT/REGION, has been read by that reader."""
        found = self._link.call("HGETALL", self._link.keys.read_until(who))
        return {str(place): from_ms(int(ms)) for place, ms in found.items()}
