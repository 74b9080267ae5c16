"""Hosts: an address's name by reverse DNS, with a limit to how long that may take.

The address's owner writes that name, and their name server sees that somebody asks: so it is only
done where a setting says so.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import BoundedSemaphore, Thread

from bot.cloudtrail.text import printable

LIMIT = 1.5
"""Seconds that a name may take."""

AT_ONCE = 4
LONGEST = 253


def _by_dns(address: str) -> str:
    return socket.gethostbyaddr(address)[0]


@dataclass(frozen=True, slots=True)
class Hosts:
    """Tells names. A resolver that hangs holds up nobody for longer than the limit."""

    ask: Callable[[str], str] = _by_dns
    limit: float = LIMIT
    _turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def __call__(self, address: str) -> str:
        """Return an address's name; empty where there is none in time."""
        if not _is_public(address) or not self._turns.acquire(blocking=False):
            return ""
        found: list[str] = []
        # The system's resolver takes no time limit, so it is left behind when it is too slow.
        thread = Thread(target=self._look, args=(address, found), name="hosts", daemon=True)
        thread.start()
        thread.join(self.limit)
        return printable(found[0], LONGEST) if found else ""

    def _look(self, address: str, found: list[str]) -> None:
        try:
            found.append(self.ask(address))
        except OSError:
            pass
        finally:
            self._turns.release()


def _is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False
