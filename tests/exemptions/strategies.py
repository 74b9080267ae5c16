"""Small worlds: rules and clauses whose every boundary lies within a few ports and addresses."""

from datetime import time, timedelta

from hypothesis import strategies as st

from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from bot.exemptions.model import Exemption, PortRange, Scope
from bot.exemptions.window import Window
from tests.builders import NOON

LAST_PORT, LAST_ADDRESS = 5, 7

CIDRS = tuple(
    f"10.0.0.{start}/{length}"
    for length in (29, 30, 31, 32)
    for start in range(0, LAST_ADDRESS + 1, 2 ** (32 - length))
)
CIDRS6 = ("2001:db8::/126", "2001:db8::/127", "2001:db8::2/127", "2001:db8::3/128")
NAMED = ("sg-app", "sg-db", "pl-s3")


def _ranges(protocol: str) -> st.SearchStrategy[tuple[int | None, int | None]]:
    if protocol in {"icmp", "icmpv6"}:
        kinds = st.integers(0, 2)
        return st.one_of(
            st.just((None, None)), st.tuples(kinds, st.none()), st.tuples(kinds, st.integers(0, 2))
        )
    if protocol not in {"tcp", "udp"}:
        return st.just((None, None))
    ports = st.integers(0, LAST_PORT)
    pairs = st.tuples(ports, ports).map(lambda pair: (min(pair), max(pair)))
    return st.one_of(st.just((None, None)), st.just((0, 65535)), pairs, pairs)


protocols = st.sampled_from(("tcp", "tcp", "tcp", "udp", "icmp", "icmpv6", "50", "-1"))
port_ranges = protocols.flatmap(lambda p: _ranges(p).map(lambda ends: PortRange(p, *ends)))
directions = st.sampled_from((Direction.INGRESS, Direction.EGRESS))

peers = st.one_of(
    st.sampled_from((*CIDRS, "0.0.0.0/0")).map(lambda c: Peer(PeerKind.IPV4, c)),
    st.sampled_from((*CIDRS6, "::/0")).map(lambda c: Peer(PeerKind.IPV6, c)),
    st.sampled_from(NAMED[:2]).map(lambda g: Peer(PeerKind.GROUP, g)),
    st.sampled_from(NAMED[:2]).map(lambda g: Peer(PeerKind.GROUP, g, "210987654321")),
    st.just(Peer(PeerKind.PREFIX_LIST, NAMED[2])),
)

rules = st.builds(
    lambda direction, span, peer: GroupRule(
        direction, span.protocol, span.from_port, span.to_port, peer
    ),
    st.sampled_from(Direction),
    port_ranges,
    peers,
)


def _some(values: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=most, unique=True).map(tuple)


rule_scopes = st.builds(
    Scope,
    directions=st.lists(directions, max_size=1).map(tuple),
    ports=st.lists(port_ranges, max_size=3, unique=True).map(tuple),
    cidrs=_some(st.sampled_from((*CIDRS, *CIDRS6, "0.0.0.0/0", "::/0"))),
    peer_groups=_some(st.sampled_from((*NAMED, "210987654321/sg-app"))),
)


def numbered(scopes: list[Scope]) -> list[Exemption]:
    """Return an exemption in force for each scope."""
    return [
        Exemption(f"X-{n}", scope, "known", "U0ROSA", NOON, NOON + timedelta(days=30))
        for n, scope in enumerate(scopes)
    ]


minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))
windows = st.builds(
    Window,
    st.integers(0, 6),
    minutes,
    st.integers(0, 6),
    minutes,
    st.sampled_from(("UTC", "Asia/Kolkata", "Europe/Berlin")),
).filter(lambda w: (w.first_day, w.start) != (w.last_day, w.end))
