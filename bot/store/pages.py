"""Pages: which alert pages for others too, and who is on call instead of whom a rota says."""

from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.alerts.on_call import Stood
from bot.store.link import Link
from bot.store.moment import to_ms

STOOD: TypeAdapter[Stood] = TypeAdapter(Stood)


class Pages:
    """Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def claim(self, name: str, alert_id: str, lasts: timedelta) -> str:
        """Return the alert that pages under a name for so long: this one, if none does yet."""
        key, lasts_ms = self._link.keys.page(name), lasts // timedelta(milliseconds=1)
        if self._link.call("SET", key, alert_id, "NX", "PX", lasts_ms):
            return alert_id
        return str(self._link.call("GET", key) or alert_id)

    def override(self, stood: Stood) -> None:
        """Keep who stands in; what has ended by then is forgotten."""
        key = self._link.keys.overrides
        self._link.call("ZREMRANGEBYSCORE", key, "-inf", to_ms(stood.at))
        self._link.call("ZADD", key, to_ms(stood.until), STOOD.dump_json(stood).decode())

    def overrides(self, rota: str, at: datetime) -> list[Stood]:
        """Return those of a rota that have not ended, in the order in which they were made."""
        found = self._link.call("ZRANGEBYSCORE", self._link.keys.overrides, to_ms(at), "+inf")
        stood = (STOOD.validate_json(line) for line in found)
        return sorted((each for each in stood if each.rota == rota), key=lambda each: each.at)
