"""Requests: which exemptions' askings are posted where, for the worker that posts them."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from bot.store.link import Link


@dataclass(frozen=True, slots=True)
class Posted:
    """The message about one version: begun to be posted, and once it is, its ``ts``."""

    version: int
    begun: datetime
    ts: str = ""


POSTED: TypeAdapter[Posted] = TypeAdapter(Posted)


class Requests:
    """The requests that are posted and not settled. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self) -> dict[str, Posted]:
        """Return them by the exemption's id."""
        flat = self._link.call("HGETALL", self._link.keys.exemption_requests)
        return {str(name): POSTED.validate_json(line) for name, line in flat.items()}

    def keep(self, exemption_id: str, posted: Posted) -> None:
        """Remember how far the posting is."""
        line = POSTED.dump_json(posted).decode()
        self._link.call("HSET", self._link.keys.exemption_requests, exemption_id, line)

    def settled(self, exemption_id: str) -> None:
        """Forget it: its message shows what became of it."""
        self._link.call("HDEL", self._link.keys.exemption_requests, exemption_id)
