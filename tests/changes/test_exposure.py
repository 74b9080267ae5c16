"""What a change opens, and to whom, judged against what was open already."""

from dataclasses import replace
from typing import Any

import pytest

from bot.changes.change import Verb
from bot.changes.exposure import Organisation, Reach, exposure_of
from bot.changes.rules import Direction, GroupRule, Peer, PeerKind
from tests.builders import a_change, a_rule
from tests.changes.exposures import OURS, certain, exposure, rule

IN, OUT, UNKNOWN = Direction.INGRESS, Direction.EGRESS, Direction.UNKNOWN
HALVES = ("0.0.0.0/1", "128.0.0.0/1")
THEIR_GROUP = Peer(PeerKind.GROUP, "sg-2", "999999999999")
SISTER_GROUP = Peer(PeerKind.GROUP, "sg-2", "210987654321")


@pytest.mark.parametrize(
    ("cidrs", "reach"),
    [
        pytest.param(["0.0.0.0/0"], Reach.WORLD, id="everybody"),
        pytest.param(["::/0"], Reach.WORLD, id="everybody, IPv6"),
        pytest.param(HALVES, Reach.WORLD, id="two halves"),
        pytest.param(["128.0.0.0/1", "64.0.0.0/2"], Reach.WORLD, id="three quarters"),
        pytest.param(["2000::/3"], Reach.WORLD, id="all of IPv6 that is given to anybody"),
        pytest.param(["2000::/4"], Reach.WORLD, id="half of 2000::/3: nearly all that is in use"),
        pytest.param(["2400::/6", "2800::/5"], Reach.WORLD, id="IPv6 in parts"),
        pytest.param(
            [f"{n}.0.0.0/8" for n in range(1, 130)], Reach.WORLD, id="many ranges that add up"
        ),
        pytest.param(["0.0.0.0/1"], Reach.WIDE, id="one half"),
        pytest.param(["8.0.0.0/8"], Reach.WIDE, id="a /8"),
        pytest.param(["8.8.0.0/16"], Reach.WIDE, id="a /16"),
        pytest.param([f"8.8.{n}.0/24" for n in range(256)], Reach.WIDE, id="a /16 in parts"),
        pytest.param(["2a00::/32"], Reach.WIDE, id="a provider, IPv6"),
        pytest.param(["8.8.0.0/17"], Reach.EXTERNAL, id="a /17"),
        pytest.param(["8.8.8.8/32"], Reach.EXTERNAL, id="one address"),
        pytest.param(["2a00::/48"], Reach.EXTERNAL, id="a site, IPv6"),
        pytest.param(["nonsense"], Reach.EXTERNAL, id="what cannot be read"),
        pytest.param(["52.93.0.0/16"], Reach.AWS, id="AWS's"),
        pytest.param(["3.0.0.0/8"], Reach.WIDE, id="half of it AWS's"),
        pytest.param(["203.0.113.7/32"], Reach.ORGANISATION, id="the organisation's"),
        pytest.param(["192.0.0.0/8"], Reach.ORGANISATION, id="the organisation's, wide"),
        pytest.param(["203.0.112.0/23"], Reach.EXTERNAL, id="half of it the organisation's"),
        pytest.param(["2001:db8:1::/48"], Reach.ORGANISATION, id="the organisation's, IPv6"),
        pytest.param(["10.0.0.0/8"], Reach.PRIVATE, id="private"),
        pytest.param(["172.16.0.0/12", "192.168.0.0/16"], Reach.ORGANISATION, id="private and own"),
        pytest.param(["100.64.0.0/10"], Reach.PRIVATE, id="shared"),
        pytest.param(["169.254.169.254/32"], Reach.PRIVATE, id="link-local"),
        pytest.param(["fc00::/7"], Reach.PRIVATE, id="unique local"),
        pytest.param(["fe80::/10"], Reach.PRIVATE, id="link-local, IPv6"),
        pytest.param(["9.255.0.0/16", "10.0.0.0/8"], Reach.WIDE, id="beside what is private"),
        pytest.param(["8.8.8.8/32", "10.0.0.0/8"], Reach.EXTERNAL, id="the widest counts"),
    ],
)
def test_reach_of_ranges(cidrs: list[str], reach: Reach) -> None:
    found = certain(exposure(*(rule(cidr) for cidr in cidrs)))
    assert found.reach is reach
    assert (found.direction, found.ports, found.services) == (IN, ("22/tcp",), ("SSH",))


@pytest.mark.parametrize(
    ("peer", "reach"),
    [
        pytest.param(Peer(PeerKind.GROUP, "sg-2"), Reach.GROUP, id="a group"),
        pytest.param(Peer(PeerKind.GROUP, "sg-2", "123456789012"), Reach.GROUP, id="with account"),
        pytest.param(SISTER_GROUP, Reach.GROUP, id="of a sister account"),
        pytest.param(THEIR_GROUP, Reach.EXTERNAL, id="of somebody else's account"),
        pytest.param(Peer(PeerKind.PREFIX_LIST, "pl-1"), Reach.GROUP, id="a prefix list"),
    ],
)
def test_reach_of_groups(peer: Peer, reach: Reach) -> None:
    found = certain(exposure(replace(a_rule(5432), peer=peer)))
    assert (found.reach, found.services) == (reach, ("PostgreSQL",))
    assert found.accounts == (("999999999999",) if reach is Reach.EXTERNAL else ())


@pytest.mark.parametrize(
    ("rules", "ports", "services"),
    [
        pytest.param([rule("0.0.0.0/0", 443)], ("443/tcp",), (), id="one port"),
        pytest.param(
            [rule("0.0.0.0/0", 20, 25)], ("20-25/tcp",), ("SSH", "Telnet", "FTP"), id="range"
        ),
        pytest.param(
            [rule("0.0.0.0/0", 22), rule("0.0.0.0/0", 23)],
            ("22-23/tcp",),
            ("SSH", "Telnet"),
            id="side by side",
        ),
        pytest.param(
            [rule("0.0.0.0/0", 22), rule("::/0", 22)], ("22/tcp",), ("SSH",), id="both versions"
        ),
        pytest.param([a_rule(None, protocol="-1")], ("all traffic",), (), id="all traffic"),
        pytest.param(
            [a_rule(None, protocol="-1"), a_rule(22)],
            ("all traffic",),
            (),
            id="a part of all traffic",
        ),
        pytest.param([a_rule(None, protocol="50")], ("all/50",), (), id="another protocol"),
        pytest.param([a_rule(None, protocol="")], ("all traffic",), (), id="a protocol not told"),
        pytest.param([rule("0.0.0.0/0", 8, 0, protocol="icmp")], ("8:0/icmp",), (), id="ping"),
        pytest.param([a_rule(None, protocol="icmp")], ("all/icmp",), (), id="all of ICMP"),
        pytest.param(
            [rule("0.0.0.0/1", 1, 100), rule("128.0.0.0/1", 22, 443)],
            ("22-100/tcp",),
            ("SSH", "Telnet"),
            id="only where the halves meet",
        ),
        pytest.param(
            [rule("0.0.0.0/1", None, protocol="-1"), rule("128.0.0.0/1", 22)],
            ("22/tcp",),
            ("SSH",),
            id="half for all traffic, the other for one port",
        ),
    ],
)
def test_ports_that_are_widest_open(
    rules: list[GroupRule], ports: tuple[str, ...], services: tuple[str, ...]
) -> None:
    found = certain(exposure(*rules))
    assert (found.reach, found.ports, found.services) == (Reach.WORLD, ports, services)


def test_what_else_is_opened_is_told_beside_the_widest() -> None:
    found = certain(exposure(rule("0.0.0.0/0", 443), rule("8.0.0.0/8"), rule("10.0.0.0/8", 80)))
    assert [(e.reach, e.ports) for e in found.all] == [
        (Reach.WORLD, ("443/tcp",)),
        (Reach.WIDE, ("22/tcp",)),
        (Reach.PRIVATE, ("80/tcp",)),
    ]


SSH_WORLD = rule("0.0.0.0/0")


MODIFIED = replace(SSH_WORLD, direction=UNKNOWN, rule_id="sgr-7")


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        pytest.param({}, UNKNOWN, id="the record does not tell"),
        pytest.param(
            {"before": frozenset({replace(rule("10.0.0.0/8"), direction=OUT, rule_id="sgr-7")})},
            OUT,
            id="the rule before tells",
        ),
    ],
)
def test_direction_of_an_edited_rule(fields: Any, direction: Direction) -> None:
    change = a_change(added=(), verb=Verb.MODIFY, modified=(MODIFIED,))
    found = certain(exposure_of(change, organisation=OURS, **fields))
    assert (found.reach, found.direction) == (Reach.WORLD, direction)
    assert any("direction" in reason for reason in found.reasons) is (direction is UNKNOWN)


def test_an_edit_of_the_description_alone_opens_nothing() -> None:
    before = frozenset({replace(MODIFIED, direction=IN, description="old")})
    change = a_change(added=(), verb=Verb.MODIFY, modified=(MODIFIED,))
    assert exposure_of(change, organisation=OURS, before=before) is None


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"verb": Verb.CREATE}, id="a new group's default egress"),
        pytest.param({"verb": Verb.DESCRIBE}, id="descriptions"),
        pytest.param({"verb": Verb.REVOKE, "added": (), "removed": (SSH_WORLD,)}, id="a revoke"),
        pytest.param({"verb": Verb.MOVE, "added": (), "groups_after": ("sg-1",)}, id="a move"),
        pytest.param({"added": (), "asked": (SSH_WORLD,), "error": "Denied"}, id="a failed call"),
        pytest.param(
            {"verb": Verb.PREFIX_LIST, "added": (), "cidrs_removed": ("0.0.0.0/0",)},
            id="a list shrinks",
        ),
    ],
)
def test_what_opens_nothing(fields: Any) -> None:
    change = a_change(**{"added": (a_rule(None, direction=OUT, protocol="-1"),)} | fields)
    assert exposure_of(change, organisation=OURS) is None


def test_a_move_into_groups_whose_rules_are_known() -> None:
    change = a_change(added=(), verb=Verb.MOVE, groups_after=("sg-1",), target="i-1")
    found = exposure_of(change, organisation=OURS, joined=frozenset({SSH_WORLD}))
    assert certain(found).services == ("SSH",)


def test_a_widened_prefix_list_opens_every_group_that_names_it() -> None:
    change = a_change(added=(), verb=Verb.PREFIX_LIST, target="pl-1", cidrs_added=HALVES)
    found = certain(exposure_of(change, organisation=OURS))
    assert (found.reach, found.ports) == (Reach.WORLD, ("the ports of rules that name the list",))
    assert "every group that names pl-1 is opened so" in found.reasons


@pytest.mark.parametrize(
    ("rules", "fields", "reason"),
    [
        pytest.param(
            [rule(half) for half in HALVES],
            {},
            "0.0.0.0/1, 128.0.0.0/1 add up to most of the internet",
            id="halves",
        ),
        pytest.param(
            [rule("2000::/3")], {}, "2000::/3 is most of the internet", id="most by itself"
        ),
        pytest.param(
            [rule(HALVES[0])],
            {"before": {rule(HALVES[1])}},
            "0.0.0.0/1 and what was open before add up to most of the internet",
            id="the other half was open",
        ),
        pytest.param(
            [rule("198.51.100.9/32")],
            {"caller": "198.51.100.9"},
            "198.51.100.9/32 is the caller's own address",
            id="the caller's own address",
        ),
        pytest.param(
            [replace(SSH_WORLD, peer=Peer(PeerKind.PREFIX_LIST, "pl-1"))],
            {},
            "what a prefix list holds is not told by the record",
            id="a prefix list",
        ),
        pytest.param(
            [rule(f"8.8.8.{n}/32") for n in range(5)],
            {},
            "to 8.8.8.0/32, 8.8.8.1/32, 8.8.8.2/32 and 2 more",
            id="many",
        ),
    ],
)
def test_reasons(rules: list[GroupRule], fields: Any, reason: str) -> None:
    assert reason in certain(exposure(*rules, **fields)).reasons


def test_an_organisation_names_ranges() -> None:
    with pytest.raises(ValueError, match="“10/8” is no range"):
        Organisation(cidrs=("10/8",))
    with pytest.raises(ValueError, match="“x” is no range"):
        Organisation(aws_cidrs=("x",))
