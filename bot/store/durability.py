"""Durability: how safe a write must be before a message may leave the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WAIT_MS = 3000
"""Milliseconds to wait for the disk or the replica: less than the socket's time limit."""


class Durability(StrEnum):
    """Where a write must be before it counts as stored."""

    MEMORY = "memory"
    DISK = "disk"
    REPLICA = "replica"

    @property
    def waiting(self) -> tuple[str | int, ...]:
        """Return the command that waits until what this connection wrote is safe; () for none."""
        match self:
            case Durability.MEMORY:
                return ()
            case Durability.DISK:
                return ("WAITAOF", 1, 0, WAIT_MS)
            case Durability.REPLICA:
                return ("WAIT", 1, WAIT_MS)

    def confirmed(self, reply: Any) -> bool:
        """Return whether the waiting command's reply says that the write is safe."""
        return int(reply[0] if isinstance(reply, list) else reply) >= 1


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """What the Redis cannot do; ``fatal`` if what was asked of it cannot be kept."""

    what: str
    fatal: bool


def shortcomings(
    durability: Durability, info: Mapping[str, Any], *, waits: bool
) -> list[Shortcoming]:
    """Return what a Redis lacks, by its INFO; ``waits`` is that it knows WAITAOF.

    Facts: redis.io/docs/latest/commands/waitaof (Redis 7.2) and …/develop/reference/eviction.
    """
    found = []
    if durability is Durability.DISK and not waits:
        mend = "use Redis 7.2, Valkey, or SGWATCH_DURABILITY=replica"
        found.append(Shortcoming(f"SGWATCH_DURABILITY=disk needs WAITAOF: {mend}", fatal=True))
    elif durability is Durability.DISK and not int(info.get("aof_enabled", 0)):
        mend = "set “appendonly yes” in its configuration"
        found.append(Shortcoming(f"SGWATCH_DURABILITY=disk needs an AOF: {mend}", fatal=True))
    if durability is Durability.REPLICA and not _replicas(info):
        mend = "attach one, or set SGWATCH_DURABILITY to disk or memory"
        found.append(
            Shortcoming(f"SGWATCH_DURABILITY=replica needs a connected replica: {mend}", fatal=True)
        )
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction":
        what = (
            f"Redis may throw alerts away when its memory is full (maxmemory-policy {policy}): "
            "set it to noeviction"
        )
        found.append(Shortcoming(what, fatal=False))
    return found


def _replicas(info: Mapping[str, Any]) -> int:
    """Count the replicas that have caught up."""
    told = (value for key, value in info.items() if key.startswith("slave"))
    return sum(isinstance(each, Mapping) and each.get("state") == "online" for each in told)
