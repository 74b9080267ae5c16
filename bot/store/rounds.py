"""Rounds: which accounts and regions are still to be read in this round, and how far each is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.store.events import Place
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Turn:
    """A place whose turn it is. Where the region is empty, the account's regions are to be listed.

    ``token`` asks for its next page; ``tries`` are failures in a row.
    """

    place: Place
    token: str = ""
    tries: int = 0


class Rounds:
    """The round that reads all groups, shared by all workers. Raises StoreError."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def begin(self, accounts: Iterable[str], next_round: datetime) -> None:
        """Begin a round through accounts, in place of what was left of the one before."""
        keys = self._link.keys
        self._link.call("SET", keys.baselines_round, to_ms(next_round))
        self._link.call("DEL", keys.baselines_todo)
        self._link.call("DEL", keys.baselines_cursors)
        self.add(Place(account, "") for account in accounts)

    def next_round(self) -> datetime | None:
        """Return when the next round is to begin; None if there was none yet."""
        found = self._link.call("GET", self._link.keys.baselines_round)
        return from_ms(int(found)) if found else None

    def add(self, places: Iterable[Place]) -> None:
        """Add places to this round; those that are in it keep their turn."""
        scored = [word for place in places for word in (0, "/".join(place))]
        if scored:
            self._link.call("ZADD", self._link.keys.baselines_todo, "NX", *scored)

    def turn(self) -> tuple[Turn, datetime] | None:
        """Return the place that is next, and not before when; None at the end of the round."""
        keys = self._link.keys
        found = self._link.call("ZRANGE", keys.baselines_todo, 0, 0, "WITHSCORES")
        if not found:
            return None
        name, score = (found[0] if isinstance(found[0], (list, tuple)) else found)[:2]
        cursor = self._link.call("HGET", keys.baselines_cursors, name) or "0 "
        tries, _, token = cursor.partition(" ")
        return Turn(Place(*name.split("/")), token, int(tries)), from_ms(int(float(score)))

    def keep(self, turn: Turn, again: datetime) -> None:
        """Remember how far a place is read, and not before when it has its turn again."""
        keys, name = self._link.keys, "/".join(turn.place)
        self._link.call("HSET", keys.baselines_cursors, name, f"{turn.tries} {turn.token}")
        self._link.call("ZADD", keys.baselines_todo, to_ms(again), name)

    def end(self, place: Place) -> None:
        """Take a place that is read, or cannot be, out of the round."""
        keys, name = self._link.keys, "/".join(place)
        self._link.call("ZREM", keys.baselines_todo, name)
        self._link.call("HDEL", keys.baselines_cursors, name)

    def left(self) -> int:
        """Return how many places are left in this round."""
        return int(self._link.call("ZCARD", self._link.keys.baselines_todo))
