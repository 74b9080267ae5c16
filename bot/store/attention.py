"""Attention: what is due, who attends it, and the wait for something to come."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

log = logging.getLogger(__name__)

LOOK_AT = 64
"""Due subjects looked at in one take: more than there are workers, so one of them is free."""


class SubjectKind(StrEnum):
    """What a worker attends."""

    ALERT = "alert"
    CHANNEL = "channel"
    CHORE = "chore"
    EXEMPTION = "exemption"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that may be due: ``kind:id``."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many subjects are due; the one whose turn is first, and for how long it has been due."""

    due: int
    first: str
    late: timedelta


class Attention:
    """Takes, renews and gives back subjects. Raises StoreError from every method."""

    def __init__(self, link: Link, lease: timedelta) -> None:
        self._link = link
        self.lease = lease

    def expect(self, subject: Subject) -> None:
        """Have a subject attended from now on, unless it is known when it is due."""
        self._link.call("ZADD", self._link.keys.attention, "NX", to_ms(self.now()), str(subject))

    def take(self, token: str, *before: Subject) -> Subject | None:
        """Take one subject that is due and unattended, or left by ``token`` itself, under it.

        What was appended to comes first, then ``before``, then what only waits.
        """
        keys = self._link.keys
        names = [keys.attention, keys.leases, keys.tokens, keys.touched]
        given: list[str | int] = [token, _ms(self.lease), LOOK_AT, *map(str, before)]
        found = self._link.run("take", names, given)
        if not found:
            return None
        kind, _, subject_id = found.partition(":")
        if kind not in list(SubjectKind):
            # Another version's: it stays leased for a while, and is left to that version.
            log.warning("nobody here attends subjects of the kind %s", kind)
            return None
        return Subject(SubjectKind(kind), subject_id)

    def renew(self, subject: Subject, token: str) -> bool:
        """Renew the lease before an effect; False if it is somebody else's now: stop."""
        keys = self._link.keys
        args: list[str | int] = [str(subject), token, _ms(self.lease)]
        return bool(self._link.run("renew", [keys.leases, keys.tokens], args))

    def finish(self, subject: Subject, token: str, due: datetime | timedelta | None) -> bool:
        """Give the subject back, due at a time, after a time, or not before it is touched."""
        match due:
            case None:
                at = ""
            case timedelta():
                at = f"+{_ms(due)}"
            case _:
                at = str(to_ms(due))
        keys = self._link.keys
        names = [keys.attention, keys.leases, keys.tokens, keys.touched]
        return bool(self._link.run("finish", names, [str(subject), token, at]))

    def wait(self, seconds: int = 1) -> None:
        """Return when something may be due, or after so many seconds."""
        self._link.call("BLPOP", self._link.keys.wake, seconds)

    def now(self) -> datetime:
        """Return Redis's time."""
        return from_ms(self._link.run("now", [], []))

    def backlog(self) -> Backlog:
        """Return what is due and not done, for those who watch over us."""
        now, name = self.now(), self._link.keys.attention
        due = int(self._link.call("ZCOUNT", name, "-inf", to_ms(now)))
        first = self._link.call("ZRANGE", name, 0, 0)
        score = self._link.call("ZSCORE", name, first[0]) if first else None
        if score is None:
            return Backlog(due, "", timedelta(0))
        late = now - from_ms(int(float(score)))
        return Backlog(due, str(first[0]), max(late, timedelta(0)))


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
