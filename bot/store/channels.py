"""Channels: what each Slack channel still has to show, in order of importance."""

from dataclasses import dataclass
from datetime import datetime

from bot.alerts.alert import Alert
from bot.changes.severity import Severity
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

ONE_RANK = 10**14
"""More than any time in milliseconds, so that severity counts before age."""


def importance(alert: Alert) -> int:
    """Return the alert's place in a list: the most severe first, then the oldest."""
    return rank_of(alert.severity) * ONE_RANK + to_ms(alert.raised_at)


def rank_of(severity: Severity) -> int:
    """Return the place of a severity's alerts in a list, from 0."""
    return Severity.CRITICAL.rank - severity.rank


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many alerts a channel has still to show; of those that nobody has seen, the oldest."""

    alerts: int
    unseen: str
    since: datetime | None


class Channels:
    """The channels' sets. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def enqueue(self, alert: Alert, *, unseen: bool = True) -> None:
        """Ask the alert's channel to show it as it is at its position; make the channel due.

        What nobody has seen yet comes before all edits and replies.
        """
        keys = self._link.keys
        names = [keys.pending(alert.channel), keys.progress(alert.id)]
        names += [keys.attention, keys.touched, keys.wake]
        score = importance(alert) + (0 if unseen else len(Severity) * ONE_RANK)
        args: list[str | int] = [alert.id, score, alert.position, f"channel:{alert.channel}"]
        self._link.run("enqueue", names, args)

    def pending(self, channel: str, count: int = 1000) -> list[str]:
        """Return the ids of the alerts to show, the most important first."""
        found = self._link.call("ZRANGE", self._link.keys.pending(channel), 0, count - 1)
        return [str(alert_id) for alert_id in found]

    def urgent(self, channel: str) -> int:
        """Return how many critical alerts nobody has seen yet: they come first of all."""
        return int(self._link.call("ZCOUNT", self._link.keys.pending(channel), 0, f"({ONE_RANK}"))

    def waiting(self, channel: str) -> Waiting:
        """Return what the channel has still to show, for those who watch over us."""
        name = self._link.keys.pending(channel)
        oldest: tuple[datetime, str] | None = None
        for rank in range(len(Severity)):
            ends = (rank * ONE_RANK, f"({(rank + 1) * ONE_RANK}")
            first = self._link.call("ZRANGEBYSCORE", name, *ends, "LIMIT", 0, 1)
            score = self._link.call("ZSCORE", name, first[0]) if first else None
            if score is not None:
                raised = from_ms(int(float(score)) - rank * ONE_RANK)
                oldest = min(oldest or (raised, first[0]), (raised, first[0]))
        since, alert_id = oldest or (None, "")
        return Waiting(int(self._link.call("ZCARD", name)), alert_id, since)

    def shown(self, channel: str, alert_id: str, position: int) -> None:
        """Take the alert out of the set, unless more than ``position`` was queued meanwhile."""
        keys = self._link.keys
        self._link.run(
            "shown", [keys.pending(channel), keys.progress(alert_id)], [alert_id, position]
        )

    def drop(self, channel: str, alert_id: str) -> None:
        """Take an alert that is gone out of the set."""
        self._link.call("ZREM", self._link.keys.pending(channel), alert_id)

    def hold(self, channel: str, until: datetime) -> None:
        """Send nothing to the channel before the given time."""
        self._link.call("SET", self._link.keys.hold(channel), to_ms(until))

    def held_until(self, channel: str) -> datetime:
        """Return the time before which nothing is sent to the channel."""
        return from_ms(int(self._link.call("GET", self._link.keys.hold(channel)) or 0))
