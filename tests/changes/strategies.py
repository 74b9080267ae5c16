"""Group rules in normal form, as AWS would store them."""

from ipaddress import ip_network

from hypothesis import strategies as st

from bot.changes.rules import Direction, GroupRule, Peer, PeerKind

ports = st.integers(0, 65535)
types = st.integers(0, 255)

traffics = st.one_of(
    st.just(("-1", None, None)),
    st.tuples(st.sampled_from(("tcp", "udp")), ports, ports).map(
        lambda t: (t[0], min(t[1:]), max(t[1:]))
    ),
    st.tuples(
        st.sampled_from(("icmp", "icmpv6")),
        st.one_of(st.just((None, None)), st.tuples(types, st.none()), st.tuples(types, types)),
    ).map(lambda t: (t[0], *t[1])),
    st.integers(0, 255)
    .filter(lambda number: number not in {1, 6, 17, 58})
    .map(lambda number: (str(number), None, None)),
)


def _cidr(address: int, length: int, bits: int) -> str:
    host = bits - length
    return str(ip_network((address >> host << host, length)))


v4 = st.builds(_cidr, st.integers(0, 2**32 - 1), st.integers(0, 32), st.just(32))
v6 = st.builds(_cidr, st.integers(2**125, 2**126 - 1), st.integers(4, 128), st.just(128))
accounts = st.sampled_from(("", "210987654321"))

peers = st.one_of(
    v4.map(lambda cidr: Peer(PeerKind.IPV4, cidr)),
    v6.map(lambda cidr: Peer(PeerKind.IPV6, cidr)),
    st.builds(Peer, st.just(PeerKind.GROUP), st.sampled_from(("sg-1", "sg-2", "web")), accounts),
    st.just(Peer(PeerKind.PREFIX_LIST, "pl-1")),
)


def rules_of(direction: Direction) -> st.SearchStrategy[list[GroupRule]]:
    """Return lists of distinct rules of one direction."""
    rule = st.builds(
        lambda t, peer, note: GroupRule(direction, t[0], t[1], t[2], peer, note),
        traffics,
        peers,
        st.sampled_from(("", "by hand", "jump host")),
    )
    return st.lists(rule, max_size=8, unique=True)


def content(rule: GroupRule) -> tuple[GroupRule, str]:
    """Return all that a rule says: equality leaves the description out."""
    return rule, rule.description
