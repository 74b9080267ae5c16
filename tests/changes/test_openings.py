"""What is opened beside what was open already, port by port."""

from dataclasses import replace
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes.change import Verb
from bot.changes.exposure import Reach, exposure_of
from bot.changes.openings import openings
from bot.changes.rules import Direction, GroupRule
from bot.changes.severity import SeverityPolicy, severity_of
from tests.builders import a_change, a_rule
from tests.changes.exposures import OURS, certain, exposure, rule
from tests.changes.strategies import rules_of

IN, OUT = Direction.INGRESS, Direction.EGRESS
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
SSH_WORLD = rule("0.0.0.0/0")


@pytest.mark.parametrize(
    ("before", "added", "expected"),
    [
        pytest.param([], SSH_WORLD, (Reach.WORLD, ("22/tcp",)), id="nothing was open"),
        pytest.param(
            [rule("10.0.0.0/8")], SSH_WORLD, (Reach.WORLD, ("22/tcp",)), id="a little was"
        ),
        pytest.param([SSH_WORLD], rule("8.8.8.8/32"), None, id="all of it was open"),
        pytest.param([rule("0.0.0.0/0", 0, 65535)], SSH_WORLD, None, id="within a range"),
        pytest.param([a_rule(None, protocol="-1")], SSH_WORLD, None, id="within all traffic"),
        pytest.param([rule(half) for half in HALVES], SSH_WORLD, None, id="two halves were open"),
        pytest.param(
            [rule("0.0.0.0/1")],
            rule("128.0.0.0/1"),
            (Reach.WORLD, ("22/tcp",)),
            id="the other half makes it the world",
        ),
        pytest.param(
            [rule("0.0.0.0/1"), rule("128.0.0.0/2")],
            rule("192.0.0.0/2"),
            (Reach.WIDE, ("22/tcp",)),
            id="what was open was most of the internet already",
        ),
        pytest.param(
            [rule("128.0.0.0/1")],
            rule("0.0.0.0/1", None, protocol="-1"),
            (Reach.WORLD, ("22/tcp",)),
            id="all traffic for the other half",
        ),
        pytest.param(
            [SSH_WORLD],
            rule("0.0.0.0/0", 20, 30),
            (Reach.WORLD, ("20-21/tcp", "23-30/tcp")),
            id="only the ports around are new",
        ),
        pytest.param(
            [SSH_WORLD],
            a_rule(None, protocol="-1"),
            (Reach.WORLD, ("all traffic",)),
            id="all traffic, one port of which was open",
        ),
        pytest.param(
            [replace(SSH_WORLD, direction=OUT)],
            SSH_WORLD,
            (Reach.WORLD, ("22/tcp",)),
            id="the other direction was open",
        ),
        pytest.param(
            [rule("0.0.0.0/0", 22, protocol="udp")],
            SSH_WORLD,
            (Reach.WORLD, ("22/tcp",)),
            id="another protocol was open",
        ),
        pytest.param(
            [rule("::/0")], SSH_WORLD, (Reach.WORLD, ("22/tcp",)), id="the other version was open"
        ),
    ],
)
def test_exposure_beside_what_was_open(
    before: list[GroupRule], added: GroupRule, expected: tuple[Reach, tuple[str, ...]] | None
) -> None:
    found = exposure(added, before=frozenset(before))
    assert (found and (found.reach, found.ports)) == expected


def test_many_rules_are_judged_at_once() -> None:
    before = frozenset(rule(f"10.{n}.0.0/16", 1000 + n) for n in range(250))
    assert certain(exposure(rule("0.0.0.0/0", 0, 65535), before=before)).reach is Reach.WORLD


cidrs = st.sampled_from(
    (*HALVES, "0.0.0.0/0", "64.0.0.0/2", "8.0.0.0/8", "8.8.8.8/32", "10.0.0.0/8", "52.92.0.0/16")
)
spans = st.tuples(st.integers(20, 25), st.integers(20, 25)).map(sorted)
small_rules = st.builds(
    lambda way, protocol, span, cidr: (
        a_rule(None, cidr, way, "-1")
        if protocol == "-1"
        else rule(cidr, *span, direction=way, protocol=protocol)
    ),
    st.sampled_from((IN, OUT)),
    st.sampled_from(("tcp", "tcp", "udp", "-1")),
    spans,
    cidrs,
)
some = st.lists(small_rules | rules_of(IN).map(lambda found: [*found, SSH_WORLD][0]), max_size=5)


@given(some, small_rules, some)
def test_adding_a_rule_never_lowers_exposure_or_severity(
    added: list[GroupRule], more: GroupRule, before: list[GroupRule]
) -> None:
    policy, known = SeverityPolicy(), frozenset(before)
    less = a_change(added=added, verb=Verb.AUTHORIZE)
    grown = replace(less, added=(*added, more))
    one, other = (exposure_of(c, organisation=OURS, before=known) for c in (less, grown))
    if one is not None:
        assert other is not None
        assert other.reach.rank <= one.reach.rank
    assert severity_of(grown, other, policy).severity >= severity_of(less, one, policy).severity


@given(st.lists(small_rules, max_size=5), st.lists(small_rules, max_size=5))
def test_ports_are_open_exactly_where_an_address_is_new(
    added: list[GroupRule], before: list[GroupRule]
) -> None:
    found = openings(added, before, "123456789012", OURS)
    for way, protocol, port in product((IN, OUT), ("tcp", "udp"), range(19, 27)):
        new, old = (points(rules, way, protocol, port) for rules in (added, before))
        over = {
            o.protocol
            for o in found
            if o.direction is way and o.protocol in {protocol, "-1"} and o.first <= port <= o.last
        }
        # All traffic is told as a whole, though one port of it may have been open.
        assert bool(over) == bool(new - old) or "-1" in over


def points(rules: list[GroupRule], way: Direction, protocol: str, port: int) -> set[str]:
    """Return which of a few addresses the rules let through, one in each smallest range."""
    probes = ("1.1.1.1", "8.1.1.1", "8.8.8.8", "10.1.1.1", "52.92.1.1", "64.1.1.1", "128.1.1.1")
    return {
        probe
        for one in rules
        for probe in probes
        if one.direction is way
        and one.protocol in {protocol, "-1"}
        and (one.from_port is None or one.from_port <= port <= (one.to_port or 0))
        and inside(probe, one.peer.value)
    }


@cache
def inside(probe: str, cidr: str) -> bool:
    return ip_address(probe) in ip_network(cidr)
