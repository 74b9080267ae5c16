"""Openings: what group rules open beside what was open already, port by port.

Rules open together: half of the internet for ports 1 to 100 and the other half for 22 open 22 to
the world. So the ports of each protocol are cut where any rule begins or ends, and the addresses
of all rules over such a piece are added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.changes.addresses import Interval, Intervals, interval_of, minus, union
from bot.changes.ports import FIRST, LAST, span_of
from bot.changes.reach import Organisation, Reach, is_foreign, is_world, reach_of
from bot.changes.rules import ALL_PROTOCOLS, Direction, GroupRule, Peer, PeerKind

NAMED: Interval = (0, 0)
"""A group or a prefix list is one address of its own."""

RANGES = frozenset({PeerKind.IPV4, PeerKind.IPV6})
VERSIONS = {"ipv4": 4, "ipv6": 6}


@dataclass(frozen=True, slots=True)
class Opening:
    """Ports of one protocol that become open, how far, and by which rules' peers."""

    direction: Direction
    reach: Reach
    protocol: str
    first: int
    last: int
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """A rule's ports on one protocol, and its addresses."""

    first: int
    last: int
    addresses: Interval
    peer: Peer


def openings(
    opened: Sequence[GroupRule],
    before: Iterable[GroupRule],
    account: str,
    organisation: Organisation,
) -> list[Opening]:
    """Return what the opened rules open that the rules before did not."""
    found: list[Opening] = []
    already = tuple(before)
    for direction, family in dict.fromkeys((rule.direction, _family(rule)) for rule in opened):
        new = [r for r in opened if r.direction is direction and _family(r) == family]
        old = [r for r in already if r.direction is direction and _family(r) == family]
        judge = _Judge(family, new[0].peer, account, organisation)
        for protocol in _protocols(new, old):
            pieces = _pieces(_spans(new, protocol), _spans(old, protocol), judge)
            found += (
                Opening(direction, reach, protocol, first, last, peers)
                for reach, first, last, peers in pieces
            )
    return _without_parts(found)


@dataclass(frozen=True, slots=True)
class _Judge:
    """How far addresses of one family reach; a group or a prefix list is a family of its own."""

    family: str
    peer: Peer
    account: str
    organisation: Organisation

    def reach(self, new: Intervals, old: Intervals) -> Reach | None:
        """Return how far the new addresses reach beside the old ones; None where they add none."""
        added = minus(new, old)
        if not added:
            return None
        version = VERSIONS.get(self.family)
        if version is None:
            # A range that cannot be read is one that AWS took: somebody's, and not known whose.
            outside = self.peer.kind in RANGES or is_foreign(
                self.peer, self.account, self.organisation
            )
            return Reach.EXTERNAL if outside else Reach.GROUP
        if old and is_world(union(new + old), version) and not is_world(old, version):
            return Reach.WORLD
        return reach_of(added, version, self.organisation)


def _family(rule: GroupRule) -> str:
    """Return what a rule's peer can be added up with: ranges of its version, else only itself."""
    known = interval_of(rule.peer.value) if rule.peer.kind in RANGES else None
    return f"ipv{known[0]}" if known else f"={rule.peer}"


def _protocols(new: Sequence[GroupRule], old: Sequence[GroupRule]) -> list[str]:
    """Return the protocols to look at: those that a rule names, or all that any rule names."""
    named = dict.fromkeys(rule.protocol or ALL_PROTOCOLS for rule in new)
    if ALL_PROTOCOLS in named:
        named |= dict.fromkeys(rule.protocol for rule in old if rule.protocol)
    return list(named)


def _spans(rules: Sequence[GroupRule], protocol: str) -> list[_Span]:
    spans = []
    for rule in rules:
        everything = rule.protocol in {ALL_PROTOCOLS, ""}
        if not everything and rule.protocol != protocol:
            continue
        first, last = (FIRST, LAST) if everything else span_of(rule)
        spans.append(_Span(first, last, _addresses(rule.peer), rule.peer))
    return spans


def _addresses(peer: Peer) -> Interval:
    known = interval_of(peer.value) if peer.kind in RANGES else None
    return known[1] if known else NAMED


def _pieces(
    new: Sequence[_Span], old: Sequence[_Span], judge: _Judge
) -> Iterator[tuple[Reach, int, int, tuple[Peer, ...]]]:
    """Yield the pieces that become open, those side by side that reach alike as one."""
    held: tuple[Reach, int, int, tuple[Peer, ...]] | None = None
    for first, last in _cuts(new, old):
        over = [span for span in new if span.first <= first and last <= span.last]
        if not over:
            continue
        under = [span.addresses for span in old if span.first <= first and last <= span.last]
        reach = judge.reach(union(span.addresses for span in over), union(under))
        if reach is None:
            continue
        peers = tuple(dict.fromkeys(span.peer for span in over))
        if held is not None and held[0] is reach and held[2] + 1 == first:
            held = (reach, held[1], last, tuple(dict.fromkeys(held[3] + peers)))
            continue
        if held is not None:
            yield held
        held = (reach, first, last, peers)
    if held is not None:
        yield held


def _cuts(new: Sequence[_Span], old: Sequence[_Span]) -> Iterator[tuple[int, int]]:
    """Yield the pieces between all the places where a span begins or ends."""
    spans = (*new, *old)
    starts = sorted({span.first for span in spans} | {span.last + 1 for span in spans})
    for start, end in pairwise(starts):
        yield start, end - 1


def _without_parts(found: list[Opening]) -> list[Opening]:
    """Return the openings without protocols whose all is open as far: they are part of it."""
    everything = {(o.direction, o.reach) for o in found if o.protocol == ALL_PROTOCOLS}
    return [
        opening
        for opening in found
        if opening.protocol == ALL_PROTOCOLS or (opening.direction, opening.reach) not in everything
    ]
