"""Storms: which one rages in a channel, its notice, and the alerts on its list."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.alerts.alert import Alert
from bot.alerts.progress import Trouble
from bot.alerts.storm import Storm, Tally
from bot.changes.severity import Severity
from bot.store.channels import ONE_RANK, importance, rank_of
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

LIFE = timedelta(days=90)
"""A storm's list is kept for so long after the last alert came to it."""

UNSEEN = len(Severity)
"""The ranks in a channel's set that nobody has seen."""

TROUBLE: TypeAdapter[Trouble] = TypeAdapter(Trouble)


class Storms:
    """The storms. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def raging(self, channel: str) -> Storm | None:
        """Return the storm that is not over yet, if there is one."""
        storm_id = self._link.call("GET", self._link.keys.raging(channel))
        return self.read(str(storm_id)) if storm_id else None

    def read(self, storm_id: str) -> Storm | None:
        """Return a storm, also one that is over."""
        kept: Mapping[str, str] = self._link.call("HGETALL", self._link.keys.storm(storm_id))
        if "since" not in kept:
            return None
        trouble = kept.get("trouble")
        return Storm(
            storm_id,
            kept["channel"],
            from_ms(int(kept["since"])),
            from_ms(int(kept.get("last", kept["since"]))),
            kept.get("ts", ""),
            _moment(kept.get("posting")),
            kept.get("digest", ""),
            _moment(kept.get("edited_at")),
            TROUBLE.validate_json(trouble) if trouble else None,
        )

    def waiting(self, channel: str, since: datetime) -> tuple[int, int]:
        """Return how many alerts nobody has seen that are not critical, and how many are new.

        New are those raised since the time given. Critical ones never wait for a storm.
        """
        name = self._link.keys.pending(channel)
        all_of = self._link.call("ZCOUNT", name, ONE_RANK, f"({UNSEEN * ONE_RANK}")
        return int(all_of), self._raised_since(name, since, range(1, UNSEEN))

    def lately(self, storm_id: str, since: datetime) -> int:
        """Return how many alerts on the list were raised since a time."""
        return self._raised_since(self._link.keys.storm_alerts(storm_id), since, range(UNSEEN))

    def unseen(self, channel: str, start: int, count: int) -> list[str]:
        """Return ids from a place on of what nobody has seen, without the critical."""
        name, ends = self._link.keys.pending(channel), (ONE_RANK, f"({UNSEEN * ONE_RANK}")
        found = self._link.call("ZRANGEBYSCORE", name, *ends, "LIMIT", start, count)
        return [str(alert_id) for alert_id in found]

    def gather(self, storm_id: str, alert: Alert, *, begin: bool = True) -> bool:
        """Put an alert on the list instead of having it shown; False if that storm is over.

        The first one begins it, if it may. One that is on the list gets its new place there.
        """
        keys = self._link.keys
        names = [keys.pending(alert.channel), keys.progress(alert.id), keys.storm(storm_id)]
        names += [keys.storm_alerts(storm_id), keys.storm_principals(storm_id)]
        names += [keys.storm_accounts(storm_id), keys.raging(alert.channel)]
        args: list[str | int] = [alert.id, alert.position, importance(alert)]
        who = alert.principal
        args += [f"{who.id} {who.person}" if who else ""]
        args += [alert.worst[0].change.account if alert.worst else ""]
        args += [storm_id, alert.channel, int(begin), LIFE // timedelta(milliseconds=1)]
        return bool(self._link.run("gather", names, args))

    def save(self, storm: Storm) -> None:
        """Remember what became of the notice; who is on the list is not touched."""
        fields = {
            "ts": storm.ts,
            "posting": _ms(storm.posting),
            "digest": storm.digest,
            "edited_at": _ms(storm.edited_at),
            "trouble": TROUBLE.dump_json(storm.trouble).decode() if storm.trouble else "",
        }
        pairs = [part for name, value in fields.items() for part in (name, value)]
        self._link.call("HSET", self._link.keys.storm(storm.id), *pairs)

    def over(self, storm: Storm) -> None:
        """End it: the next one is another."""
        self._link.call("DEL", self._link.keys.raging(storm.channel))

    def tally(self, storm_id: str) -> Tally:
        """Return what the list holds in all."""
        keys = self._link.keys
        return Tally(
            {each: self.count(storm_id, each) for each in reversed(Severity)},
            int(self._link.call("SCARD", keys.storm_principals(storm_id))),
            int(self._link.call("SCARD", keys.storm_accounts(storm_id))),
        )

    def count(self, storm_id: str, severity: Severity | None = None) -> int:
        """Return how many alerts are on the list, of one severity or in all."""
        name = self._link.keys.storm_alerts(storm_id)
        return int(self._link.call("ZCOUNT", name, *_between(severity)))

    def listed(
        self, storm_id: str, start: int, count: int, severity: Severity | None = None
    ) -> list[str]:
        """Return ids on the list from a place on: the most severe first, then the oldest."""
        name = self._link.keys.storm_alerts(storm_id)
        ends = _between(severity)
        found = self._link.call("ZRANGEBYSCORE", name, *ends, "LIMIT", start, count)
        return [str(alert_id) for alert_id in found]

    def _raised_since(self, name: str, since: datetime, ranks: range) -> int:
        least = to_ms(since)
        return sum(
            int(
                self._link.call(
                    "ZCOUNT", name, rank * ONE_RANK + least, f"({(rank + 1) * ONE_RANK}"
                )
            )
            for rank in ranks
        )


def _between(severity: Severity | None) -> tuple[str | int, str]:
    if severity is None:
        return "-inf", "+inf"
    rank = rank_of(severity)
    return rank * ONE_RANK, f"({(rank + 1) * ONE_RANK}"


def _moment(kept: str | None) -> datetime | None:
    return from_ms(int(kept)) if kept else None


def _ms(moment: datetime | None) -> str | int:
    return "" if moment is None else to_ms(moment)
