"""Baselines: what groups looked like when they were read, and where that is still to be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import TypeAdapter

from bot.alerts.outcome import Outcome
from bot.changes.baseline import MOST_RULES, SETTLING, SKEW, Baseline, Past
from bot.changes.change import GroupRef
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.store.events import OUTCOME, Place
from bot.store.link import Link
from bot.store.moment import from_ms, to_ms

KEPT = 3
"""Readings of one group, for events that come late."""

APART = timedelta(minutes=5)
LIFE = timedelta(days=30)
MOST_CHANGES = 50
"""Changes since a reading that are applied to it: a storm on one group costs no more."""

Line = tuple[str, str, int | None, int | None, str, str, str, str, str]


class _Content(NamedTuple):
    """A group as it is stored: short, for there are tens of thousands."""

    name: str
    vpc: str
    tags: tuple[tuple[str, str], ...]
    rules: tuple[Line, ...]


CONTENT: TypeAdapter[_Content] = TypeAdapter(_Content)


class GroupAt(NamedTuple):
    """A group, by where it is."""

    account: str
    region: str
    id: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a place cannot be read. Of an account as a whole the region is empty."""

    place: Place
    why: str


class Baselines:
    """What groups looked like. Raises StoreError from every method."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def keep(self, baseline: Baseline) -> bool:
        """Remember a reading; a later one stays. A group with too many rules is not kept."""
        if len(baseline.rules) > MOST_RULES:
            return False
        group = GroupAt(baseline.account, baseline.region, baseline.group.id)
        args: list[str | int] = [to_ms(baseline.read_at), _written(baseline), KEPT]
        args += [_ms(APART), _ms(LIFE)]
        return bool(self._link.run("baseline", [self._link.keys.baseline(*group)], args))

    def latest(self, group: GroupAt) -> Baseline | None:
        """Return a group as it was read last."""
        line = self._link.call("LINDEX", self._link.keys.baseline(*group), 0)
        if not line:
            return None
        _, read_at, content = line.split(" ", 2)
        return _read(group, read_at, content)

    def pasts(self, groups: Sequence[GroupAt], at: datetime) -> list[Past]:
        """Return what is remembered of groups before a time: one call."""
        if not groups:
            return []
        keys = self._link.keys
        names = [keys.outcomes_stem]
        for group in groups:
            names += [keys.baseline(*group), keys.history("group", group.id)]
        args: list[str | int] = [to_ms(at), _ms(SKEW), _ms(SETTLING), MOST_CHANGES]
        found = self._link.run("before", names, args)
        return [_past(group, *reply) for group, reply in zip(groups, found, strict=True)]

    def find(self, group_id: str) -> list[Baseline]:
        """Return a group wherever one of that id was read."""
        places = (Place(*place.split("/")) for place in self.read_at())
        found = (self.latest(GroupAt(*place, group_id)) for place in places)
        return [baseline for baseline in found if baseline]

    def changed(self, before: datetime, most: int) -> list[GroupAt]:
        """Return groups that changed before a time and were not read since, the first first."""
        name = self._link.keys.baselines_changed
        found = self._link.call("ZRANGEBYSCORE", name, "-inf", to_ms(before), "LIMIT", 0, most)
        return [GroupAt(*str(group).split("/", 2)) for group in found]

    def reread(self, groups: Iterable[GroupAt]) -> None:
        """Note that groups that changed were read, or cannot be."""
        for group in groups:
            self._link.call("ZREM", self._link.keys.baselines_changed, "/".join(group))

    def read_at(self) -> dict[str, datetime]:
        """Return when each ACCOUNT/REGION was read as a whole, to its end."""
        found = self._link.call("HGETALL", self._link.keys.baselines_read)
        return {str(place): from_ms(int(ms)) for place, ms in found.items()}

    def done(self, place: Place, at: datetime) -> None:
        """Note that a place was read to its end."""
        keys, name = self._link.keys, "/".join(place)
        self._link.call("HSET", keys.baselines_read, name, to_ms(at))
        self._link.call("HDEL", keys.baselines_trouble, name, f"{place.account}/")

    def failed(self, trouble: Trouble) -> None:
        """Note why a place, or an account, cannot be read."""
        name = "/".join(trouble.place)
        self._link.call("HSET", self._link.keys.baselines_trouble, name, trouble.why)

    def troubles(self) -> list[Trouble]:
        """Return what could not be read the last time."""
        found = self._link.call("HGETALL", self._link.keys.baselines_trouble)
        return [Trouble(Place(*place.split("/")), why) for place, why in sorted(found.items())]


def _past(
    group: GroupAt, read_at: str, content: str, known: int, more: int, lines: Sequence[str]
) -> Past:
    if not read_at:
        return Past(late=bool(known))
    outcomes = [OUTCOME.validate_json(line) for line in lines]
    return Past(
        _read(group, read_at, content),
        tuple(o.sighting.change for o in outcomes if o.sighting),
        tuple((o.action, o.at) for o in outcomes if _is_untold(o)),
        too_many=bool(more),
    )


def _is_untold(outcome: Outcome) -> bool:
    return outcome.sighting is None and not outcome.error


def _written(baseline: Baseline) -> str:
    group = baseline.group
    rules = tuple(_line(rule) for rule in sorted(baseline.rules, key=_order))
    content = _Content(group.name, group.vpc, tuple(sorted(baseline.tags)), rules)
    return CONTENT.dump_json(content).decode()


def _read(group: GroupAt, read_at: str, content: str) -> Baseline:
    name, vpc, tags, lines = CONTENT.validate_json(content)
    rules = tuple(_rule(line) for line in lines)
    ref = GroupRef(group.id, name, vpc)
    return Baseline(group.account, group.region, ref, rules, from_ms(int(read_at)), tags)


def _order(rule: GroupRule) -> tuple[str, str]:
    return rule.rule_id, str(rule)


def _line(rule: GroupRule) -> Line:
    peer = rule.peer
    ports = rule.from_port, rule.to_port
    named = peer.kind.value, peer.value, peer.account
    return (rule.direction.value, rule.protocol, *ports, *named, rule.description, rule.rule_id)


def _rule(line: Line) -> GroupRule:
    direction, protocol, first, last, kind, value, account, description, rule_id = line
    peer = Peer(PeerKind(kind), value, account)
    return GroupRule(Direction(direction), protocol, first, last, peer, description, rule_id)


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
