"""The server: whether this Redis can keep what is asked of it."""

from bot.store.durability import Shortcoming, shortcomings
from bot.store.link import Link, StoreError

A_SECOND = 1000


class Server:
    """The Redis behind the store."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def shortcomings(self) -> list[Shortcoming]:
        """Return what it cannot do of what is asked of it. Raises StoreError."""
        info, waits = self._link.call("INFO"), True
        try:
            self._link.call("WAITAOF", 0, 0, 1)
        except StoreError as error:
            waits = "unknown command" not in str(error)
        return shortcomings(self._link.durability, info, waits=waits)

    def prove(self) -> None:
        """Write something, as safely as durability asks. Raises StoreError if Redis cannot."""
        self._link.write("spend", [self._link.keys.budget("proof")], [1, A_SECOND])
